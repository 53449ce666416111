import { JsonObject } from '@backstage/types';
import { rulesBetween } from '../../__testUtils__/rulesBetween';

const of = (logicalType: string, logicalTypeOptions: JsonObject = {}) => ({
  logicalType,
  logicalTypeOptions,
  ...(logicalType === 'array' && { items: { logicalType: 'string' } }),
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
      'options called as parts of every object',
      of('string', { constructor: 1 }),
      of('string', { toString: 1 }),
      ['option-changed', 'option-added'],
    ],
  ])('judges %s', (_, from, to, expected) => {
    expect(rulesBetween(from, to)).toEqual(expected);
  });
});
