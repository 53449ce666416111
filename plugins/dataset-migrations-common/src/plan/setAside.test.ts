import { field, plan } from '../__testUtils__/planOf';
import {
  evaluateMapping,
  evaluateSetAside,
} from '../expressions/evaluate/evaluateExpression';
import { initPlanning } from '../expressions/parser/sqlParser';
import { printExpression } from '../expressions/printExpression';
import { isNullable } from '../expressions/inspectExpression';

beforeAll(initPlanning);

const integer = { type: { kind: 'integer', bits: 32 } } as const;
const small = { type: { kind: 'integer', bits: 16 } } as const;
const decimal = { type: { kind: 'decimal', precision: 9, scale: 2 } } as const;
const quarantine = (name: string, to?: string) =>
  [
    'cast-type',
    { field: name, onFailure: 'quarantine', ...(to && { to }) },
  ] as ['cast-type', Record<string, string>];

const required = { required: true };

describe('rows that are set aside', () => {
  const cast = () =>
    plan(
      [field('a', required), field('b')],
      [field('a', { ...integer, ...required }), field('b')],
      quarantine('a'),
    );

  it('are those with a value that does not cast', () => {
    const { mapping } = cast();
    expect(
      mapping.setAside!.map(({ field: name, condition }) => [
        name,
        printExpression(condition),
      ]),
    ).toEqual([['a', 'a is not null and try_cast(a as integer) is null']]);
    expect(evaluateSetAside(mapping, { a: '7', b: 'x' })).toEqual([]);
    expect(evaluateSetAside(mapping, { a: null, b: 'x' })).toEqual([]);
    expect(evaluateSetAside(mapping, { a: 'x', b: 'x' })).toEqual(['a']);
    expect(evaluateMapping(mapping, { a: '7', b: 'x' })).toEqual({
      a: '7',
      b: 'x',
    });
    expect(() => evaluateMapping(mapping, { a: 'x', b: 'x' })).toThrow(
      'the row is set aside for `a`',
    );
  });

  it('leave a required field required', () => {
    const { mapping } = cast();
    const [segment] = mapping.segments;
    const [{ expression }] =
      segment.kind === 'projection' ? segment.fields : [];
    expect(isNullable(expression, mapping.source)).toBe(false);
  });

  it('are missed by every reader', () => {
    const { changes, breaking, requiredBump } = plan(
      [field('a', integer)],
      [field('a', small)],
      quarantine('a'),
    );
    expect(changes).toContainEqual({
      kind: 'rows-set-aside',
      rule: 'rows-set-aside',
      effect: 'breaking',
      summary:
        'rows whose `a` cannot be cast to smallint go to quarantine and are not in the new version',
    });
    expect({ breaking, requiredBump }).toEqual({
      breaking: true,
      requiredBump: 'major',
    });
  });

  it('leave the way back open, which meets none of them', () => {
    const { mapping } = plan(
      [field('a')],
      [field('b', integer)],
      ['rename-field', { from: 'a', to: 'b' }],
      quarantine('b'),
    );
    expect(mapping.irreversible).toBeUndefined();
    expect(mapping.inverse!.setAside).toBeUndefined();
  });

  it('are judged by what they held, through later steps and earlier casts', () => {
    const { mapping } = plan(
      [field('a'), field('c')],
      [field('b', integer), field('twice', integer), field('c', small)],
      ['rename-field', { from: 'a', to: 'b' }],
      quarantine('b', 'decimal(9,2)'),
      quarantine('b', 'integer'),
      ['derive-field', { field: 'twice', expression: '2 * b' }],
      quarantine('c'),
    );
    const reasons = (a: string | null, c: string | null = '1') =>
      evaluateSetAside(mapping, { a, c });
    expect(reasons('1.00')).toEqual([]);
    expect(reasons('x')).toEqual(['a']);
    expect(reasons('x', '70000')).toEqual(['a', 'c']);
    expect(reasons(null, '70000')).toEqual(['c']);
    expect(evaluateMapping(mapping, { a: '4', c: null })).toEqual({
      b: '4',
      twice: '8',
      c: null,
    });
  });

  it('name a field once that fails for several reasons', () => {
    const copied = (copy: string): any[] => [
      ['derive-field', { field: `raw ${copy}`, expression: 'a' }],
      ['rename-field', { from: `raw ${copy}`, to: copy }],
    ];
    const { mapping, changes } = plan(
      [field('a')],
      [field('a', integer), field('b', integer), field('c', small)],
      ...copied('b'),
      ...copied('c'),
      quarantine('a'),
      quarantine('b'),
      quarantine('c'),
    );
    const types = mapping.setAside!.map(({ field: name, type }) => [
      name,
      type,
    ]);
    expect(types).toEqual([
      ['a', integer.type],
      ['a', small.type],
    ]);
    expect(
      changes.filter(({ kind }) => kind === 'rows-set-aside'),
    ).toHaveLength(2);
    expect(evaluateSetAside(mapping, { a: 'x' })).toEqual(['a']);
    expect(evaluateSetAside(mapping, { a: '70000' })).toEqual(['a']);
    expect(evaluateSetAside(mapping, { a: '7' })).toEqual([]);
  });

  it('stay those of a field that a later step drops', () => {
    const { mapping } = plan(
      [field('a'), field('b')],
      [field('b')],
      quarantine('a', 'integer'),
      ['drop-field', { field: 'a' }],
    );
    expect(evaluateSetAside(mapping, { a: 'x', b: 'y' })).toEqual(['a']);
  });

  it.each`
    before     | after
    ${small}   | ${integer}
    ${decimal} | ${{}}
  `('cannot be of a cast that never fails', ({ before, after }) => {
    expect(() =>
      plan([field('a', before)], [field('a', after)], quarantine('a')),
    ).toThrow('so that no row of `a` could go to quarantine; leave it out');
  });

  it('are absent where every row is mapped', () => {
    const { mapping, changes } = plan(
      [field('a')],
      [field('a', decimal)],
      ['cast-type', { field: 'a', onFailure: 'null' }],
    );
    expect(mapping.setAside).toBeUndefined();
    expect(changes.map(({ kind }) => kind)).not.toContain('rows-set-aside');
  });
});
