import { JsonObject } from '@backstage/types';
import { rulesBetween } from '../../__testUtils__/rulesBetween';

const field = (...quality: JsonObject[]): JsonObject => ({
  logicalType: 'string',
  quality,
});
const nested = (...quality: JsonObject[]): JsonObject => ({
  logicalType: 'object',
  properties: [{ name: 'b', ...field(...quality) }],
});
const nulls = (limit: number): JsonObject => ({
  rule: 'nullCheck',
  mustBeLessThan: limit,
});
const custom = (limit?: number): JsonObject => ({
  type: 'custom',
  engine: 'soda',
  implementation: 'x',
  ...(limit !== undefined && { mustBeLessThan: limit }),
});

describe('qualityChanges', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'a looser limit in words of version 3.0',
      field(nulls(10)),
      field(nulls(100)),
      ['quality-loosened'],
    ],
    [
      'a stricter one',
      field(nulls(100)),
      field(nulls(10)),
      ['quality-tightened'],
    ],
    [
      'a looser limit of another tool',
      field(custom(10)),
      field(custom(100)),
      ['quality-loosened'],
    ],
    [
      'no limit any more',
      field(custom(10)),
      field(custom()),
      ['quality-loosened'],
    ],
    [
      'a looser limit of a field within a field',
      nested({ metric: 'nullValues', mustBeLessThan: 10 }),
      nested({ metric: 'nullValues', mustBeLessThan: 100 }),
      ['quality-loosened'],
    ],
    [
      'a rule less of a field within a field',
      nested(custom(1)),
      nested(),
      ['quality-removed'],
    ],
    [
      'no rule in another order',
      field(nulls(1), custom(2)),
      field(custom(2), nulls(1)),
      [],
    ],
    [
      'an enumeration in words of version 3.0 as one value more',
      field({ rule: 'validValues', validValues: ['a'] }),
      field({ rule: 'validValues', validValues: ['a', 'b'] }),
      ['enum-value-added'],
    ],
  ])('judges %s', (_, from, to, expected) => {
    expect(rulesBetween(from, to)).toEqual(expected);
  });

  it.each<[string, JsonObject, JsonObject]>([
    ['of the property', { enum: ['a'] }, { enum: ['a', 'b'] }],
    [
      'of the property, each an object',
      { enum: [{ value: 'a' }] },
      { enum: [{ value: 'a' }, { value: 'b', description: 'x' }] },
    ],
    [
      'of the options',
      { logicalTypeOptions: { enum: ['a'] } },
      { logicalTypeOptions: { enum: ['a', 'b'] } },
    ],
  ])('judges enumerations %s', (_, from, to) => {
    const text = { logicalType: 'string' };
    expect(rulesBetween({ ...text, ...from }, { ...text, ...to })).toEqual([
      'enum-value-added',
    ]);
  });
});
