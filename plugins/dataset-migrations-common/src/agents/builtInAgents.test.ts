import { JsonObject } from '@backstage/types';
import fc from 'fast-check';
import { arbitraryType, arbitraryValue } from '../__testUtils__/arbitraryValue';
import { Contract, Field } from '../contracts/types';
import {
  evaluateMapping,
  Row,
  sameValue,
} from '../expressions/evaluate/evaluateExpression';
import { initPlanning } from '../expressions/parser/sqlParser';
import { createPlan } from '../plan/createPlan';
import { MigrationPlan, MigrationStep } from '../plan/types';

const field = (name: string, more: Partial<Field> = {}): Field => ({
  name,
  type: { kind: 'string' },
  required: false,
  unique: false,
  ...more,
});

const contract = (version: string, fields: Field[]): Contract => ({
  id: 'x',
  version,
  status: 'active',
  servers: [],
  schema: { name: 'x', physicalName: 'x', fields },
});

function plan(
  before: Field[],
  after: Field[],
  ...steps: Array<[string, JsonObject]>
): MigrationPlan {
  return createPlan({
    from: contract('1.0.0', before),
    to: contract('2.0.0', after),
    document: {
      kind: 'DatasetMigration',
      from: '1.0.0',
      to: '2.0.0',
      steps: steps.map(([agent, payload]) => ({ agent, payload })),
    },
  });
}

const rows = (result: MigrationPlan, ...sources: Row[]) =>
  sources.map(row => evaluateMapping(result.mapping, row));

beforeAll(initPlanning);

describe('split-field', () => {
  const source = [field('route')];
  const parts = [field('origin'), field('destination')];

  it('splits by a separator', () => {
    const result = plan(source, parts, [
      'split-field',
      {
        field: 'route',
        separator: '-',
        into: [{ field: 'origin' }, { field: 'destination' }],
      },
    ]);
    expect(
      rows(
        result,
        { route: 'JFK-LAX' },
        { route: 'JFK' },
        { route: 'A-B-C' },
        { route: null },
      ),
    ).toEqual([
      { origin: 'JFK', destination: 'LAX' },
      { origin: 'JFK', destination: '' },
      { origin: 'A', destination: 'B' },
      { origin: null, destination: null },
    ]);
    expect(result.mapping.irreversible).toEqual([
      '`route` is split, and the parts do not tell for certain what it was',
    ]);
  });

  it('splits by expressions, and can be undone where the source stays', () => {
    const result = plan(
      source,
      [...source, ...parts],
      [
        'split-field',
        {
          field: 'route',
          keep: true,
          into: [
            { field: 'origin', expression: 'left(route, 3)' },
            { field: 'destination', expression: 'right(route, 3)' },
          ],
        },
      ],
    );
    expect(rows(result, { route: 'JFK to LAX' })).toEqual([
      { route: 'JFK to LAX', origin: 'JFK', destination: 'LAX' },
    ]);
    expect(result.mapping.inverse).toBeDefined();
  });

  it('needs a way to make each part', () => {
    expect(() =>
      plan(source, parts, [
        'split-field',
        {
          field: 'route',
          into: [{ field: 'origin' }, { field: 'destination' }],
        },
      ]),
    ).toThrow(/into\[0\]: needs an expression, as there is no separator/);
  });
});

describe('merge-fields', () => {
  const required = { required: true };

  it('joins by a separator', () => {
    const result = plan(
      [
        field('a', required),
        field('n', { type: { kind: 'integer', bits: 32 }, ...required }),
      ],
      [field('m')],
      ['merge-fields', { fields: ['a', 'n'], into: 'm', separator: '/' }],
    );
    expect(rows(result, { a: 'x', n: '7' })).toEqual([{ m: 'x/7' }]);
  });

  it('loses no value to a NULL beside it', () => {
    const result = plan(
      [field('a'), field('b')],
      [field('m')],
      ['merge-fields', { fields: ['a', 'b'], into: 'm', separator: ' ' }],
    );
    expect(
      rows(
        result,
        { a: 'x', b: 'y' },
        { a: 'x', b: null },
        { a: null, b: null },
      ),
    ).toEqual([{ m: 'x y' }, { m: 'x ' }, { m: null }]);
  });

  it('joins by an expression', () => {
    const result = plan(
      [field('a'), field('b')],
      [field('m')],
      [
        'merge-fields',
        { fields: ['a', 'b'], into: 'm', expression: "coalesce(a, b, '?')" },
      ],
    );
    expect(rows(result, { a: null, b: 'y' })).toEqual([{ m: 'y' }]);
  });

  it('refuses floats, which engines spell differently', () => {
    expect(() =>
      plan(
        [field('a'), field('f', { type: { kind: 'float', bits: 64 } })],
        [field('m')],
        ['merge-fields', { fields: ['a', 'f'], into: 'm', separator: ' ' }],
      ),
    ).toThrow(/a double precision cannot be cast to text/);
  });
});

describe('add-field', () => {
  const decimal: Field = field('price', {
    type: { kind: 'decimal', precision: 6, scale: 2 },
    required: true,
  });

  it('takes a constant, an expression, the default of the contract or NULL', () => {
    const result = plan(
      [field('a')],
      [
        field('a'),
        decimal,
        field('b', { default: 'from contract' }),
        field('c'),
        field('d'),
      ],
      ['add-field', { field: 'price', default: 12.5 }],
      ['add-field', { field: 'b' }],
      ['add-field', { field: 'c' }],
      ['add-field', { field: 'd', expression: "a || '!'" }],
    );
    expect(rows(result, { a: 'x' })).toEqual([
      { a: 'x', price: '12.50', b: 'from contract', c: null, d: 'x!' },
    ]);
  });

  it('refuses NULL for a required field', () => {
    expect(() =>
      plan(
        [field('a')],
        [field('a'), decimal],
        ['add-field', { field: 'price' }],
      ),
    ).toThrow(/default: `price` is required, so its rows need a value/);
  });
});

describe('derive-field', () => {
  const whole = field('n', { type: { kind: 'integer', bits: 32 } });

  it('takes the type of the contract where that loses nothing', () => {
    const result = plan(
      [whole],
      [whole, field('big', { type: { kind: 'integer', bits: 64 } })],
      ['derive-field', { field: 'big', expression: 'n + 1' }],
    );
    expect(rows(result, { n: '1' })).toEqual([{ n: '1', big: '2' }]);
  });

  it('asks for the cast where something would be lost', () => {
    expect(() =>
      plan(
        [whole],
        [whole, field('half', { type: { kind: 'integer', bits: 32 } })],
        ['derive-field', { field: 'half', expression: 'n * 0.5' }],
      ),
    ).toThrow(
      /expression: yields decimal\(11,1\), but the contract says integer; write the cast/,
    );
  });

  it('rewrites a field only when told to', () => {
    expect(() =>
      plan([whole], [whole], ['derive-field', { field: 'n', expression: 'n' }]),
    ).toThrow(/there is a field `n` already/);
  });
});

describe('cast-type', () => {
  const text = field('n');
  const whole = field('n', { type: { kind: 'integer', bits: 32 } });

  it('refuses a value that cannot be cast, or makes it NULL', () => {
    const refusing = plan([text], [whole], ['cast-type', { field: 'n' }]);
    expect(() => rows(refusing, { n: 'abc' })).toThrow(
      '`n`: "abc" is not a value of type integer',
    );
    const lenient = plan(
      [text],
      [whole],
      ['cast-type', { field: 'n', onFailure: 'null' }],
    );
    expect(rows(lenient, { n: 'abc' }, { n: '7' })).toEqual([
      { n: null },
      { n: '7' },
    ]);
  });
});

describe('the inverse of a mapping', () => {
  const renameAll = (names: string[]): MigrationStep[] =>
    names.map(name => ({
      agent: 'rename-field',
      payload: { from: name, to: `${name}_new` },
    }));

  it('gives every row back, for generated fields, casts and rows', () => {
    const fieldPairs = fc.array(fc.tuple(arbitraryType, arbitraryType), {
      minLength: 1,
      maxLength: 5,
    });
    let inverted = 0;
    fc.assert(
      fc.property(fieldPairs, fc.gen(), (types, gen) => {
        const before = types.map(([type], i) => field(`f${i}`, { type }));
        const after = types.map(([, type], i) => field(`f${i}_new`, { type }));
        const steps = [
          ...renameAll(before.map(item => item.name)),
          ...after
            .filter(
              (item, i) =>
                JSON.stringify(item.type) !== JSON.stringify(before[i].type),
            )
            .map(item => ({
              agent: 'cast-type',
              payload: { field: item.name },
            })),
        ];
        let result: MigrationPlan;
        try {
          result = plan(
            before,
            after,
            ...steps.map(s => [s.agent, s.payload] as [string, JsonObject]),
          );
        } catch {
          return; // A cast that never succeeds.
        }
        const { inverse } = result.mapping;
        if (!inverse) {
          return; // Said in words, which other tests read.
        }
        const row: Row = Object.fromEntries(
          before.map(item => [item.name, gen(arbitraryValue, item.type)]),
        );
        let there: Row;
        try {
          there = evaluateMapping(result.mapping, row);
        } catch {
          return; // A value that does not fit: the preflight finds it.
        }
        const back = evaluateMapping(inverse, there);
        inverted += 1;
        for (const item of before) {
          expect(sameValue(back[item.name], row[item.name], item.type)).toBe(
            true,
          );
        }
      }),
      { numRuns: 2_000, seed: 1 },
    );
    expect(inverted).toBeGreaterThan(100);
  });
});
