import { InputError } from '@backstage/errors';
import fc from 'fast-check';
import { arbitraryType, arbitraryValue } from '../__testUtils__/arbitraryValue';
import { FieldType } from '../contracts/types';
import { castRule } from './castRule';
import {
  evaluateExpression,
  RowValue,
  sameValue,
} from './evaluate/evaluateExpression';

function cast(value: RowValue, from: FieldType, to: FieldType): RowValue {
  return evaluateExpression(
    {
      op: 'cast',
      operand: { op: 'field', name: 'x', type: from },
      type: to,
      onFailure: 'refuse',
    },
    { x: value },
  );
}

function castOrFail(value: RowValue, from: FieldType, to: FieldType) {
  try {
    return cast(value, from, to);
  } catch (error) {
    if (error instanceof InputError) {
      return undefined;
    }
    throw error;
  }
}

const casts = fc
  .tuple(arbitraryType, arbitraryType)
  .filter(([from, to]) => castRule(from, to).possible)
  .chain(([from, to]) =>
    fc.record({
      from: fc.constant(from),
      to: fc.constant(to),
      value: arbitraryValue(from),
    }),
  );

describe('castRule', () => {
  it('never fails where it says so', () => {
    fc.assert(
      fc.property(casts, ({ from, to, value }) => {
        const rule = castRule(from, to);
        fc.pre(rule.possible && !rule.canFail);
        expect(() => cast(value, from, to)).not.toThrow();
      }),
      { numRuns: 3_000, seed: 1 },
    );
  });

  it('gives every value back where it says that none is lost', () => {
    fc.assert(
      fc.property(casts, ({ from, to, value }) => {
        const rule = castRule(from, to);
        fc.pre(rule.possible && rule.exact);
        const there = castOrFail(value, from, to);
        fc.pre(there !== undefined);
        expect(sameValue(cast(there!, to, from), value, from)).toBe(true);
      }),
      { numRuns: 5_000, seed: 1 },
    );
  });

  it.each<[FieldType, FieldType]>([
    [{ kind: 'boolean' }, { kind: 'date' }],
    [{ kind: 'float', bits: 64 }, { kind: 'string' }],
    [
      { kind: 'integer', bits: 32 },
      { kind: 'timestamp', zone: false },
    ],
    [{ kind: 'string' }, { kind: 'json' }],
    [{ kind: 'uuid' }, { kind: 'integer', bits: 64 }],
    [{ kind: 'array', items: { kind: 'string' } }, { kind: 'string' }],
  ])('knows a cast that never succeeds', (from, to) => {
    expect(castRule(from, to)).toEqual({
      possible: false,
      reason: expect.stringContaining('cannot be cast to'),
    });
  });
});
