import { stringify } from 'yaml';
import { JsonObject } from '@backstage/types';
import { contractText } from '../__testUtils__/contractText';
import { formatFieldType } from './formatFieldType';
import { objectsOf } from './objects';
import { readComparableContract } from './readComparableContract';

/** A document of the older specification with one model of these fields. */
function specification(fields: JsonObject, more: JsonObject = {}): string {
  return stringify({
    dataContractSpecification: '1.2.1',
    id: 'orders',
    info: { title: 'Orders', version: '1.0' },
    models: { orders: { fields } },
    ...more,
  });
}

function fieldOf(definition: JsonObject, more?: JsonObject) {
  const contract = readComparableContract(
    specification({ a: definition }, more),
  );
  return objectsOf(contract)[0].fields[0];
}

describe('readComparableContract', () => {
  it('reads ODCS that no migration could be made of', () => {
    const contract = readComparableContract(
      contractText('draft', [
        { name: 'a' },
        { name: 'b', physicalType: 'GEOGRAPHY' },
        { name: 'c', logicalType: 'array' },
        { name: 'x'.repeat(100), logicalType: 'string' },
      ]),
    );
    expect(
      objectsOf(contract)[0].fields.map(({ type }) => formatFieldType(type)),
    ).toEqual(['an unknown type', 'GEOGRAPHY', 'an unknown type[]', 'text']);
  });

  it('reads maps of a later version as lists of keys and values', () => {
    const types = [
      {
        key: { logicalType: 'string' },
        value: { properties: [{ name: 'x', logicalType: 'integer' }] },
      },
      { key: { logicalType: 'string' }, value: null },
      { value: 'text' },
      'text',
      undefined,
    ].map(map => {
      const property = { name: 'a', logicalType: 'map', map };
      const [{ fields }] = objectsOf(
        readComparableContract(
          contractText('1.0.0', [property as JsonObject], {
            apiVersion: 'v3.2.0',
          }),
        ),
      );
      return formatFieldType(fields[0].type);
    });
    const unknown = '{ key: an unknown type, value: an unknown type }[]';
    expect(types).toEqual([
      '{ key: text, value: { x: integer } }[]',
      '{ key: text, value: an unknown type }[]',
      unknown,
      unknown,
      unknown,
    ]);
  });

  it('reads contracts without objects', () => {
    expect(
      objectsOf(
        readComparableContract(contractText('1.0.0', [], { schema: [] })),
      ),
    ).toEqual([]);
    expect(
      objectsOf(
        readComparableContract(specification({}, { models: undefined })),
      ),
    ).toEqual([]);
  });

  it('ignores what is not compared', () => {
    expect(
      readComparableContract(
        contractText(
          '1.0.0',
          [{ name: 'a', strange: 1, quality: [{ type: 'strange' }] }],
          { team: 7, status: undefined, servers: [{ server: 'x', type: 'y' }] },
        ),
      ).version,
    ).toBe('1.0.0');
  });

  it.each<[string, JsonObject]>([
    [
      'bounds of version 3.0',
      {
        logicalType: 'integer',
        logicalTypeOptions: { minimum: 0, exclusiveMinimum: true },
      },
    ],
    [
      'a relationship with dashes',
      { logicalType: 'string', relationships: [{ to: 'order-items.id' }] },
    ],
    [
      'options beside a physical type',
      { physicalType: 'int', logicalTypeOptions: { minimum: 0 } },
    ],
    [
      'empty lists',
      { logicalType: 'string', quality: null, relationships: null },
    ],
  ])('reads %s', (_, property) => {
    expect(
      objectsOf(
        readComparableContract(
          contractText('1.0.0', [{ name: 'a', ...property }]),
        ),
      )[0].fields,
    ).toHaveLength(1);
  });

  it.each<[string, string]>([
    ['schema: [null]', 'schema[0]: must be object (got null)'],
    ['servers: [7]', 'servers[0]: must be object (got 7)'],
    ['schema: [{ name: o, properties: { a: {} } }]', 'must be array'],
  ])('G10: refuses %s', (part, message) => {
    expect(() =>
      readComparableContract(
        `apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n${part}`,
      ),
    ).toThrow(message);
  });

  it('G10: takes empty values of the older specification for nothing', () => {
    const contract = readComparableContract(
      stringify({
        dataContractSpecification: '1.2.1',
        models: {
          o: {
            primaryKey: null,
            description: 7,
            fields: {
              a: { enum: null, $ref: null, description: 8, items: null },
            },
          },
        },
      }),
    );
    expect(objectsOf(contract)[0].fields[0]).toMatchObject({
      name: 'a',
      description: '8',
    });
  });

  it('G10: refuses lists that are too long to be compared', () => {
    const many = (entry: JsonObject) =>
      Array.from({ length: 1001 }, (_, index) => ({
        ...entry,
        server: `s${index}`,
      }));
    const read = (overrides: JsonObject) =>
      readComparableContract(contractText('1.0.0', [], overrides));
    expect(() => read({ servers: many({ type: 'custom' }) })).toThrow(
      'servers: must have at most 1000 entries (got 1001)',
    );
    expect(() => read({ slaProperties: many({ property: 'x' }) })).toThrow(
      'slaProperties: must have at most 1000 entries',
    );
    expect(() =>
      read({ schema: [{ name: 'o', quality: many({ type: 'text' }) }] }),
    ).toThrow('schema[0].quality: must have at most 1000 entries');
  });

  it('attributes the relationships of an object by the whole path', () => {
    const [object] = objectsOf(
      readComparableContract(
        contractText('1.0.0', [], {
          schema: [
            {
              name: 'orders',
              properties: [
                { name: 'code', logicalType: 'string' },
                {
                  name: 'address',
                  logicalType: 'object',
                  properties: [{ name: 'code', logicalType: 'string' }],
                },
              ],
              relationships: [
                {
                  from: 'orders.address.code',
                  to: '/schema/carriers/properties/code',
                },
              ],
            },
          ],
        }),
      ),
    );
    expect(object.fields[0].references).toBeUndefined();
    expect(object.fields[1].type).toMatchObject({
      fields: [{ name: 'code', references: ['carriers.code'] }],
    });
  });

  it('keeps a word of types that the standard does not know', () => {
    const [object] = objectsOf(
      readComparableContract(
        contractText('1.0.0', [{ name: 'a', logicalType: 'money' }]),
      ),
    );
    expect(object.fields[0].type).toEqual({
      kind: 'unknown',
      spelling: 'money',
    });
  });

  it.each<[JsonObject, string]>([
    [{ type: 'string' }, 'text'],
    [{ type: 'text', maxLength: 10 }, 'varchar(10)'],
    [{ type: 'string', format: 'uuid' }, 'uuid'],
    [{ type: 'int' }, 'integer'],
    [{ type: 'LONG' }, 'bigint'],
    [{ type: 'bigint', format: 'int64' }, 'bigint'],
    [{ type: 'float' }, 'real'],
    [{ type: 'double' }, 'double precision'],
    [{ type: 'number' }, 'decimal'],
    [{ type: 'decimal', precision: 10, scale: 2 }, 'decimal(10,2)'],
    [{ type: 'numeric', precision: 10 }, 'decimal(10,0)'],
    [{ type: 'timestamp' }, 'timestamp with time zone'],
    [{ type: 'timestamp_tz' }, 'timestamp with time zone'],
    [{ type: 'timestamp_ntz' }, 'timestamp'],
    [{ type: 'date' }, 'date'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'bytes' }, 'bytes'],
    [{ type: 'null' }, 'null'],
    [{ type: 'variant' }, 'json'],
    [{}, 'an unknown type'],
    [{ type: 'array', items: { type: 'integer' } }, 'integer[]'],
    [
      { type: 'record', fields: { x: { type: 'string' }, y: {} } },
      '{ x: text, y: an unknown type }',
    ],
    [{ fields: { x: { type: 'string' } } }, '{ x: text }'],
    [
      { type: 'array', items: { type: 'struct', fields: { x: {} } } },
      '{ x: an unknown type }[]',
    ],
    [
      { type: 'map', keys: { type: 'string' }, values: { type: 'long' } },
      '{ key: text, value: bigint }[]',
    ],
    [{ $ref: '#/definitions/id' }, 'varchar(7)'],
    [{ $ref: '#/definitions/id', maxLength: 9 }, 'varchar(9)'],
    [{ $ref: '#/definitions/address/fields/zip' }, 'text'],
    [{ $ref: 'https://example.com/id.yaml' }, 'https://example.com/id.yaml'],
  ])('reads the type of %j', (definition, expected) => {
    const definitions = {
      id: { $ref: '#/definitions/short' },
      short: { type: 'string', maxLength: 7 },
      address: { fields: { zip: { type: 'string' } } },
    };
    expect(formatFieldType(fieldOf(definition, { definitions }).type)).toBe(
      expected,
    );
  });

  it('reads all promises of the older specification', () => {
    expect(
      fieldOf({
        type: 'integer',
        required: true,
        unique: true,
        primaryKey: true,
        enum: [1, 2],
        minimum: 1,
        exclusiveMaximum: 3,
        references: 'other.id',
        pii: true,
        unit: 'min',
        description: 'A',
      }),
    ).toMatchObject({
      required: true,
      unique: true,
      primaryKeyPosition: 1,
      enum: [1, 2],
      options: { minimum: 1, exclusiveMaximum: 3 },
      references: ['other.id'],
      classification: 'pii',
      unit: 'min',
      description: 'A',
    });
  });

  it('reads keys of models, servers, service levels and quality', () => {
    const contract = readComparableContract(
      specification(
        {},
        {
          models: {
            orders: {
              type: 'view',
              primaryKey: ['b', 'a'],
              fields: { a: { type: 'int' }, b: { type: 'int' } },
              quality: [{ type: 'text', description: 'Fine' }],
            },
          },
          servers: { prod: { type: 's3', location: 's3://x' } },
          servicelevels: {
            availability: { percentage: '99.9%' },
            retention: { period: 'P1Y', unlimited: false },
          },
          quality: { type: 'SodaCL', specification: 'checks' },
        },
      ),
    );
    expect(contract).toMatchObject({
      schema: {
        physicalType: 'view',
        fields: [{ primaryKeyPosition: 2 }, { primaryKeyPosition: 1 }],
        otherQuality: [
          { content: '"Fine"' },
          { content: '{"engine":"SodaCL","implementation":"checks"}' },
        ],
      },
      servers: [
        { server: 'prod', type: 's3', properties: { location: 's3://x' } },
      ],
      serviceLevels: [
        { property: 'availability', value: '99.9%' },
        { property: 'retention', value: 'P1Y' },
      ],
    });
  });

  it.each<[string, string, string]>([
    ['text', 'just words', 'must be object (got "just words")'],
    ['nothing', 'null', 'must be object'],
    [
      'another version of the standard',
      contractText('1.0.0', [], { apiVersion: 'v2.2.2' }),
      'apiVersion: must be of version 3 of the standard, such as v3.1.0 (got "v2.2.2")',
    ],
    [
      'properties that are no list',
      contractText('1.0.0', [], { schema: [{ name: 'a', properties: 'x' }] }),
      'schema[0].properties: must be array (got "x")',
    ],
    [
      'an object without a name',
      contractText('1.0.0', [], { schema: [{ properties: [] }] }),
      'schema[0].name: is required',
    ],
    [
      'models that are none',
      specification({}, { models: ['orders'] }),
      'models: must be object (got ["orders"])',
    ],
    [
      'a field that is none',
      specification({ a: 'string' }),
      'models.orders.fields.a: must be object (got "string")',
    ],
    [
      'a promise that is none',
      specification({ a: { type: 'int', required: 'yes' } }),
      'models.orders.fields.a.required: must be boolean (got "yes")',
    ],
    [
      'a list that is none',
      specification({ a: { type: 'int', enum: 'x' } }),
      'models.orders.fields.a.enum: must be array (got "x")',
    ],
    [
      'a reference to nothing',
      specification({ a: { $ref: '#/definitions/__proto__' } }),
      'models.orders.fields.a.$ref: refers to nothing in the document (got "#/definitions/__proto__")',
    ],
    [
      'a reference to itself',
      specification({ a: { $ref: '#/models/orders/fields/a' } }),
      'models.orders.fields.a.$ref: must not refer to itself',
    ],
    [
      'a definition that holds itself',
      specification(
        { a: { $ref: '#/definitions/d' } },
        { definitions: { d: { fields: { x: { $ref: '#/definitions/d' } } } } },
      ),
      'must not nest deeper than 16 fields',
    ],
    [
      'a definition that multiplies itself',
      specification(
        { a: { $ref: '#/definitions/d' } },
        {
          definitions: {
            d: {
              fields: Object.fromEntries(
                [...'abcdefghij'].map(name => [
                  name,
                  { $ref: '#/definitions/d' },
                ]),
              ),
            },
          },
        },
      ),
      'must not nest deeper than 16 fields',
    ],
  ])('G10: refuses %s', (_, text, message) => {
    expect(() => readComparableContract(text)).toThrow(message);
  });
});
