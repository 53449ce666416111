import { JsonObject } from '@backstage/types';
import { stringify } from 'yaml';
import { contractText } from '../__testUtils__/contractText';
import { compareContracts } from './compareContracts';

/** A document of the older specification with one model. */
function specification(fields: JsonObject, more: JsonObject = {}): string {
  const { model, ...others } = more;
  return stringify({
    dataContractSpecification: '1.1.0',
    id: 'orders',
    info: { title: 'Orders', version: '1.0' },
    models: { orders: { fields, ...(model as JsonObject | undefined) } },
    ...others,
  });
}

const a = { a: { type: 'string' } };
const of = (definition: JsonObject) => specification({ a: definition });
const decimal = (precision: number) =>
  of({ type: 'decimal', precision, scale: 2 });
const list = (items: JsonObject) => of({ type: 'array', items });
const record = (fields: JsonObject) => ({ type: 'record', fields });
const definition = (d: JsonObject, fields: JsonObject) =>
  specification(fields, { definitions: { d } });

describe('compareContracts, of the older specification', () => {
  it.each<[string, string, string, string]>([
    [
      'a model of another kind',
      specification(a),
      specification(a, { model: { type: 'topic' } }),
      'breaking',
    ],
    [
      'a view for a table',
      specification(a),
      specification(a, { model: { type: 'view' } }),
      'compatible',
    ],
    [
      'models now',
      specification(a, { models: undefined }),
      specification(a),
      'compatible',
    ],
    [
      'no models any more',
      specification(a),
      specification(a, { models: undefined }),
      'breaking',
    ],
    [
      'other words',
      specification(a),
      specification(
        {
          a: {
            type: 'string',
            description: 'A',
            tags: ['x'],
            config: { x: 1 },
          },
        },
        { info: { title: 'B' }, terms: { usage: 'any' } },
      ),
      'compatible',
    ],
    ['int to long', of({ type: 'int' }), of({ type: 'long' }), 'compatible'],
    ['long to int', of({ type: 'long' }), of({ type: 'int' }), 'breaking'],
    [
      'int to integer',
      of({ type: 'int' }),
      of({ type: 'integer' }),
      'compatible',
    ],
    [
      'number to decimal',
      of({ type: 'number' }),
      of({ type: 'decimal' }),
      'compatible',
    ],
    [
      'timestamp to timestamp_tz',
      of({ type: 'timestamp' }),
      of({ type: 'timestamp_tz' }),
      'compatible',
    ],
    [
      'timestamp_tz to timestamp_ntz',
      of({ type: 'timestamp_tz' }),
      of({ type: 'timestamp_ntz' }),
      'breaking',
    ],
    [
      'fewer digits after the point',
      of({ type: 'decimal', scale: 4 }),
      of({ type: 'decimal', scale: 2 }),
      'breaking',
    ],
    [
      'a float for a decimal',
      of({ type: 'double' }),
      of({ type: 'decimal', precision: 10, scale: 2 }),
      'breaking',
    ],
    [
      'personal data beside a classification',
      of({ type: 'string', classification: 'internal' }),
      of({ type: 'string', classification: 'internal', pii: true }),
      'risky',
    ],
    ['more digits', decimal(10), decimal(12), 'risky'],
    ['fewer digits', decimal(10), decimal(8), 'breaking'],
    [
      'items of another type',
      list({ type: 'string' }),
      list({ type: 'int' }),
      'breaking',
    ],
    [
      'one more value of items',
      list({ type: 'string', enum: ['x'] }),
      list({ type: 'string', enum: ['x', 'y'] }),
      'breaking',
    ],
    [
      'one more field of items',
      list(record(a)),
      list(record({ ...a, b: {} })),
      'compatible',
    ],
    [
      'another type within items',
      list(record(a)),
      list(record({ a: { type: 'int' } })),
      'breaking',
    ],
    [
      'a definition of another type',
      definition({ type: 'string' }, { a: { $ref: '#/definitions/d' } }),
      definition({ type: 'int' }, { a: { $ref: '#/definitions/d' } }),
      'breaking',
    ],
    [
      'a definition that nobody uses',
      definition({ type: 'string' }, a),
      definition({ type: 'int' }, a),
      'compatible',
    ],
    [
      'a definition written out',
      definition(
        { type: 'string', maxLength: 3 },
        { a: { $ref: '#/definitions/d' } },
      ),
      of({ type: 'string', maxLength: 3 }),
      'compatible',
    ],
    [
      'a smaller key',
      specification({ ...a, b: {} }, { model: { primaryKey: ['a', 'b'] } }),
      specification({ ...a, b: {} }, { model: { primaryKey: ['a'] } }),
      'breaking',
    ],
    [
      'another check',
      specification(a, { quality: { type: 'SodaCL', specification: 'x' } }),
      specification(a, {
        quality: { type: 'custom', specification: { checks: ['x'] } },
      }),
      'risky',
    ],
    [
      'a weaker service level',
      specification(a, {
        servicelevels: { availability: { percentage: '99.9%' } },
      }),
      specification(a, {
        servicelevels: { availability: { percentage: '99%' } },
      }),
      'risky',
    ],
    [
      'another place',
      specification(a, { servers: { p: { type: 's3', location: 's3://a' } } }),
      specification(a, { servers: { p: { type: 's3', location: 's3://b' } } }),
      'breaking',
    ],
  ])('judges %s', (_, from, to, effect) => {
    expect(compareContracts(from, to).effect).toBe(effect);
    expect(compareContracts(from, from).changes).toEqual([]);
  });

  it('does not mind the order of models where all are checked', () => {
    const models = (...names: string[]) =>
      specification(a, {
        models: Object.fromEntries(names.map(name => [name, { fields: a }])),
        quality: { type: 'SodaCL', specification: 'x' },
      });
    expect(compareContracts(models('x', 'y'), models('y', 'x'))).toEqual({
      changes: [],
      effect: 'compatible',
    });
  });

  it('compares it with ODCS', () => {
    expect(
      compareContracts(
        specification(a),
        contractText('1.0.0', [{ name: 'a', logicalType: 'string' }], {
          servers: [],
          schema: [
            {
              name: 'orders',
              properties: [{ name: 'a', logicalType: 'string' }],
            },
          ],
        }),
      ).changes,
    ).toEqual([]);
  });

  it('grades rules as told', () => {
    const [from, to] = [of({ type: 'int' }), of({ type: 'long' })];
    expect(
      compareContracts(from, to, { 'type-widened': 'breaking' }).effect,
    ).toBe('breaking');
  });

  it('G10: says which version is wrong', () => {
    expect(() => compareContracts(specification(a), 'x')).toThrow(
      'The new version: Invalid contract: must be object (got "x")',
    );
    expect(() => compareContracts('a: [', specification(a))).toThrow(
      'The old version: Invalid contract: is not valid YAML',
    );
  });
});

describe('compareContracts, of several versions of the standard', () => {
  const at = (apiVersion: string, property: JsonObject) =>
    contractText('1.0.0', [{ name: 'a', ...property }], { apiVersion });
  const upTo = (apiVersion: string, logicalTypeOptions: JsonObject) =>
    at(apiVersion, { logicalType: 'integer', logicalTypeOptions });
  const map = (value: JsonObject) =>
    at('v3.2.0', {
      logicalType: 'map',
      map: { key: { logicalType: 'string' }, value },
    });
  const values = (...words: string[]) =>
    at('v3.2.0', {
      logicalType: 'string',
      enum: words.map(value => ({ value, label: value })),
    });

  it.each<[string, string, string, string | undefined]>([
    [
      'the same end in words of 3.0 and 3.1',
      upTo('v3.0.2', { maximum: 9, exclusiveMaximum: true }),
      upTo('v3.1.0', { exclusiveMaximum: 9 }),
      undefined,
    ],
    [
      'an end that is not exclusive any more',
      upTo('v3.0.2', { maximum: 9, exclusiveMaximum: true }),
      upTo('v3.0.2', { maximum: 9, exclusiveMaximum: false }),
      'a range-loosened',
    ],
    [
      'the same map',
      map({ logicalType: 'integer' }),
      map({ logicalType: 'integer', description: 'Minutes' }),
      'a.value description-changed',
    ],
    [
      'a map with other values',
      map({ logicalType: 'integer' }),
      map({ logicalType: 'string' }),
      'a.value type-replaced',
    ],
    ['the same values', values('on', 'off'), values('off', 'on'), undefined],
    ['a value less', values('on', 'off'), values('on'), 'a enum-value-removed'],
    [
      'allowed values in words of 3.1 and 3.2',
      at('v3.1.0', {
        logicalType: 'string',
        customProperties: [{ property: 'enum', value: ['on'] }],
      }),
      values('on'),
      undefined,
    ],
  ])('judges %s', (_, from, to, expected) => {
    expect(
      compareContracts(from, to).changes.map(
        ({ from: field, rule }) => `${field} ${rule}`,
      ),
    ).toEqual(expected === undefined ? [] : [expected]);
  });
});
