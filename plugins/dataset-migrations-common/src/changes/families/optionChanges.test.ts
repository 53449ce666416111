import { JsonObject, JsonValue } from '@backstage/types';
import { rulesBetween } from '../../__testUtils__/rulesBetween';

const of = (logicalType: string, logicalTypeOptions: JsonObject = {}) => ({
  logicalType,
  logicalTypeOptions,
  ...(logicalType === 'array' && { items: { logicalType: 'string' } }),
});

const listed = (logicalType: string, ...value: JsonValue[]) => ({
  logicalType,
  customProperties: [{ property: 'enum', value }],
});

describe('optionChanges', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'one more name that objects need',
      of('object', { required: ['a'] }),
      of('object', { required: ['b', 'a'] }),
      ['option-added'],
    ],
    [
      'names in another order',
      of('object', { required: ['a', 'b'] }),
      of('object', { required: ['b', 'a'] }),
      [],
    ],
    [
      'one name less',
      of('object', { required: ['a', 'b'] }),
      of('object', { required: ['a'] }),
      ['option-changed'],
    ],
    [
      'no list shorter than nothing',
      of('array', { minItems: 0 }),
      of('array'),
      [],
    ],
    [
      'no text shorter than nothing',
      of('string'),
      of('string', { minLength: 0 }),
      [],
    ],
    [
      'multiples of fractions',
      of('number', { multipleOf: 0.1 }),
      of('number', { multipleOf: 0.3 }),
      ['option-added'],
    ],
    [
      'no multiples of fractions',
      of('number', { multipleOf: 0.2 }),
      of('number', { multipleOf: 0.3 }),
      ['option-changed'],
    ],
    [
      'a list of values within the range that goes',
      of('integer', { minimum: 0, maximum: 9 }),
      listed('integer', 0, 9),
      ['enum-added', 'range-tightened', 'range-tightened'],
    ],
    [
      'a list of values beyond the range that goes',
      of('integer', { minimum: 0, exclusiveMaximum: 9 }),
      listed('integer', 0, 9),
      ['enum-added', 'range-tightened', 'range-loosened'],
    ],
    [
      'a list of texts that are as long as before',
      of('string', { minLength: 2 }),
      listed('string', 'ab', 'abc'),
      ['enum-added', 'size-tightened'],
    ],
    [
      'a list of shorter texts',
      of('string', { minLength: 2 }),
      listed('string', 'ab', 'a'),
      ['enum-added', 'size-loosened'],
    ],
    [
      'a list of values that cannot be compared',
      of('number', { minimum: 0 }),
      listed('number', 1, null),
      ['enum-added', 'range-loosened'],
    ],
    [
      'options called as parts of every object',
      of('string', { constructor: 1 }),
      of('string', { toString: 1 }),
      ['option-changed', 'option-added'],
    ],
  ])('judges %s', (_, from, to, expected) => {
    expect(rulesBetween(from, to)).toEqual(expected);
  });
});
