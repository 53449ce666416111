import { field, plan } from '../__testUtils__/planOf';
import { Field } from '../contracts/types';
import {
  evaluateMapping,
  Row,
} from '../expressions/evaluate/evaluateExpression';
import { initPlanning } from '../expressions/parser/sqlParser';
import { MigrationPlan } from '../plan/types';

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
      '`route` is split, and what is written to the parts cannot be put together again for certain',
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
