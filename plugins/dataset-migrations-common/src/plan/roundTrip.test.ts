import { JsonObject } from '@backstage/types';
import fc from 'fast-check';
import { arbitraryType, arbitraryValue } from '../__testUtils__/arbitraryValue';
import { field, plan } from '../__testUtils__/planOf';
import { sameType } from '../contracts/formatFieldType';
import {
  evaluateMapping,
  Row,
} from '../expressions/evaluate/evaluateExpression';
import { initPlanning } from '../expressions/parser/sqlParser';
import { Mapping } from '../mapping/types';
import { checkRoundTrip, fieldsBroughtBack } from './roundTrip';

beforeAll(initPlanning);

const int = { kind: 'integer', bits: 32 } as const;

/** The mapping with what its inverse computes of each field exchanged. */
function exchanged(mapping: Mapping, a: string, b: string): Mapping {
  const [segment] = mapping.inverse!.segments;
  if (segment.kind !== 'projection') {
    throw new Error('an inverse is a projection');
  }
  const of = (name: string) =>
    segment.fields.find(item => item.field.name === name)!.expression;
  return {
    ...mapping,
    inverse: {
      ...mapping.inverse!,
      segments: [
        {
          kind: 'projection',
          fields: segment.fields.map(({ field: target, expression }) => ({
            field: target,
            expression: { [a]: of(b), [b]: of(a) }[target.name] ?? expression,
          })),
        },
      ],
    },
  };
}

const casts = () =>
  plan(
    [field('x'), field('y'), field('gone')],
    [field('x', { type: int }), field('y'), field('twice', { type: int })],
    ['cast-type', { field: 'x' }],
    ['derive-field', { field: 'twice', expression: '2 * x' }],
    ['drop-field', { field: 'gone' }],
  ).mapping;

describe('the way back and forth', () => {
  it('is that of the fields that the old version has', () => {
    expect(fieldsBroughtBack(casts())).toEqual(['x', 'y']);
    expect(checkRoundTrip(casts(), { x: '7', y: null })).toEqual([]);
  });

  it('names what a wrong inverse changes', () => {
    const renamed = plan(
      [field('a'), field('b'), field('c')],
      [field('a2'), field('b'), field('c')],
      ['rename-field', { from: 'a', to: 'a2' }],
    ).mapping;
    const wrong = exchanged(renamed, 'a', 'b');
    expect(checkRoundTrip(wrong, { a2: 'x', b: 'y', c: 'z' })).toEqual([
      'a2',
      'b',
    ]);
    expect(checkRoundTrip(wrong, { a2: 'x', b: 'x', c: 'z' })).toEqual([]);
  });

  it('names what a wrong inverse forgets', () => {
    const mapping = casts();
    const [segment] = mapping.inverse!.segments;
    const fields = segment.kind === 'projection' ? segment.fields : [];
    const forgetful: Mapping = {
      ...mapping,
      inverse: {
        ...mapping.inverse!,
        segments: [
          {
            kind: 'projection',
            fields: fields.map(item =>
              item.field.name === 'y'
                ? { ...item, expression: fields[0].expression }
                : item,
            ),
          },
        ],
      },
    };
    expect(fieldsBroughtBack(forgetful)).toEqual(['x', 'y']);
    expect(checkRoundTrip(forgetful, { x: '7', y: 'seven' })).toEqual(['y']);
  });

  it('names what comes back as something that does not map', () => {
    const wrong = exchanged(casts(), 'x', 'y');
    expect(checkRoundTrip(wrong, { x: '7', y: 'seven' })).toEqual(['x', 'y']);
  });

  it('lets a row pass that the old version cannot hold', () => {
    const { mapping } = plan(
      [field('x', { type: int })],
      [field('x', { type: { kind: 'integer', bits: 64 } })],
      ['cast-type', { field: 'x' }],
    );
    expect(checkRoundTrip(mapping, { x: '4294967296' })).toEqual([]);
  });

  it('does not mind what was computed of a field that is gone', () => {
    const { mapping } = plan(
      [field('x', { type: int }), field('y')],
      [field('y'), field('share', { type: int })],
      ['derive-field', { field: 'share', expression: '100 / x' }],
      ['drop-field', { field: 'x' }],
    );
    expect(mapping.inverse).toBeDefined();
    expect(checkRoundTrip(mapping, { y: 'a' })).toEqual([]);
  });

  it('is not asked of a mapping without an inverse', () => {
    const { mapping } = plan(
      [field('x', { type: { kind: 'boolean' } })],
      [field('x', { type: int })],
      ['cast-type', { field: 'x' }],
    );
    expect(mapping.irreversible).toBeDefined();
    expect(fieldsBroughtBack(mapping)).toEqual([]);
    expect(checkRoundTrip(mapping, { x: '1' })).toEqual([]);
  });

  it('G5: is right for every row that a plan makes', () => {
    const fieldPairs = fc.array(fc.tuple(arbitraryType, arbitraryType), {
      minLength: 1,
      maxLength: 4,
    });
    let checked = 0;
    fc.assert(
      fc.property(fieldPairs, fc.gen(), (types, gen) => {
        const before = types.map(([type], i) => field(`f${i}`, { type }));
        const after = types.map(([, type], i) => field(`g${i}`, { type }));
        const steps = before.flatMap((old, i): Array<[string, JsonObject]> => {
          const { name } = after[i];
          return [
            ['rename-field', { from: old.name, to: name }],
            ...(sameType(old.type, after[i].type)
              ? []
              : [['cast-type', { field: name }] as [string, JsonObject]]),
          ];
        });
        const row = (fields: typeof before): Row =>
          Object.fromEntries(
            fields.map(({ name, type }) => [name, gen(arbitraryValue, type)]),
          );
        const mapping = unlessRefused(
          () => plan(before, after, ...steps).mapping,
        );
        const target =
          mapping?.inverse &&
          unlessRefused(() => evaluateMapping(mapping, row(before)));
        checked += target ? 1 : 0;
        expect(target ? checkRoundTrip(mapping, target) : []).toEqual([]);
      }),
      { numRuns: 3_000, seed: 1 },
    );
    expect(checked).toBeGreaterThan(100);
  });
});

/** What an InputError refuses is undefined: the caller was told. */
function unlessRefused<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if ((error as Error).name === 'InputError') {
      return undefined;
    }
    throw error;
  }
}
