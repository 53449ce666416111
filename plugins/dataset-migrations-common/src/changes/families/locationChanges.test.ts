import { JsonObject } from '@backstage/types';
import { rulesBetween } from '../../__testUtils__/rulesBetween';

const server = (more: JsonObject): JsonObject => ({
  servers: [{ server: 's', type: 'postgres', ...more }],
});

function between(from: JsonObject, to: JsonObject): string[] {
  const field = { logicalType: 'string' };
  return rulesBetween(field, field, { from, to });
}

describe('locationChanges', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'a schema that is said now',
      server({}),
      server({ schema: 'x' }),
      ['location-stated'],
    ],
    [
      'another schema',
      server({ schema: 'x' }),
      server({ schema: 'y' }),
      ['location-changed'],
    ],
    [
      'another spelling',
      server({ port: 5432 }),
      server({ type: 'postgresql', port: '5432' }),
      [],
    ],
    [
      'parts called as those of every object',
      server({ constructor: 'x' }),
      server({ constructor: 'y' }),
      ['location-changed'],
    ],
    [
      'such parts that are said now',
      server({}),
      server({ constructor: 'y' }),
      ['location-stated'],
    ],
  ])('judges %s', (_, from, to, expected) => {
    expect(between(from, to)).toEqual(expected);
  });

  it('judges what an object is said to be', () => {
    const object = (more: JsonObject) => ({
      schema: [{ name: 'o', properties: [], ...more }],
    });
    const topic = object({ physicalType: 'topic' });
    const table = object({ physicalType: 'TABLE' });
    expect(between(object({}), topic)).toEqual(['object-kind-stated']);
    expect(between(object({}), table)).toEqual([]);
    expect(between(table, topic)).toEqual(['object-kind-changed']);
  });

  it('tells other words for objects and contracts', () => {
    const object = (more: JsonObject) => ({
      schema: [{ name: 'o', properties: [], ...more }],
    });
    for (const part of [
      'description',
      'businessName',
      'dataGranularityDescription',
    ]) {
      expect(between(object({}), object({ [part]: 'x' }))).toEqual([
        'description-changed',
      ]);
    }
    for (const part of ['purpose', 'usage', 'limitations']) {
      expect(between({}, { description: { [part]: 'x' } })).toEqual([
        'description-changed',
      ]);
    }
  });
});
