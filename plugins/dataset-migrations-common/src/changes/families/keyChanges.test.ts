import { JsonObject } from '@backstage/types';
import { rulesBetween } from '../../__testUtils__/rulesBetween';

const key = (...names: string[]): JsonObject[] =>
  ['a', 'b'].map(name => ({
    name,
    logicalType: 'string',
    required: true,
    ...(names.includes(name) && {
      primaryKey: true,
      primaryKeyPosition: names.indexOf(name) + 1,
    }),
  }));

describe('keyChanges', () => {
  it.each<[string, JsonObject[], JsonObject[], string[]]>([
    ['another order', key('a', 'b'), key('b', 'a'), []],
    ['fewer fields', key('a', 'b'), key('a'), ['key-kept', 'key-kept']],
    ['more fields', key('a'), key('a', 'b'), ['key-changed']],
    ['another field', key('a'), key('b'), ['key-changed']],
  ])('judges %s', (_, from, to, expected) => {
    expect(rulesBetween(from, to)).toEqual(expected);
  });

  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'unique and required fields that become the key',
      { required: true, unique: true },
      { primaryKey: true },
      ['key-added'],
    ],
    [
      'a key that need not be called unique',
      { primaryKey: true, unique: true },
      { primaryKey: true },
      [],
    ],
    [
      'a key that is unique and required instead',
      { primaryKey: true },
      { required: true, unique: true },
      ['key-kept'],
    ],
    [
      'a key that is only unique',
      { primaryKey: true },
      { unique: true },
      ['required-removed', 'key-removed'],
    ],
    [
      'a key that is nothing any more',
      { primaryKey: true, unique: true },
      {},
      ['required-removed', 'unique-removed', 'key-removed'],
    ],
  ])('judges %s', (_, from, to, expected) => {
    expect(rulesBetween(from, to)).toEqual(expected);
  });
});
