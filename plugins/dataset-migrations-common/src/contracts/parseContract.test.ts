import { InputError } from '@backstage/errors';
import { JsonObject } from '@backstage/types';
import { contractText } from '../__testUtils__/contractText';
import { parseContract, validateContract } from './parseContract';

const text = (name: string, more: JsonObject = {}) => ({
  name,
  logicalType: 'string',
  ...more,
});

/** The problems of a contract, each as path and message. */
function problemsOf(source: string): string[] {
  const { contract, problems } = validateContract(source);
  expect(contract).toBeUndefined();
  return problems.map(problem => `${problem.path} ${problem.message}`);
}

describe('parseContract', () => {
  it('reads what Skein works with', () => {
    const contract = parseContract(
      contractText(
        '1.2.0',
        [
          {
            name: 'id',
            id: 'f_id',
            logicalType: 'integer',
            physicalType: 'bigint',
            primaryKey: true,
            primaryKeyPosition: 2,
          },
          {
            name: 'day',
            logicalType: 'date',
            primaryKey: true,
            primaryKeyPosition: 1,
          },
          text('status', {
            physicalName: 'st',
            classification: 'restricted',
            description: 'Where it is',
            unique: true,
            logicalTypeOptions: { maxLength: 12, pattern: '^[a-z]+$' },
            customProperties: [
              { property: 'default', value: 'new' },
              { property: 'enum', value: ['new', 'old'] },
            ],
          }),
        ],
        { name: 'US flights', description: { purpose: 'To plan' } },
      ),
    );

    expect(contract).toEqual({
      id: 'flights',
      name: 'US flights',
      version: '1.2.0',
      status: 'active',
      description: 'To plan',
      servers: [
        {
          server: 'warehouse',
          type: 'postgres',
          properties: {
            host: 'localhost',
            port: 5432,
            database: 'warehouse',
            schema: 'public',
          },
        },
      ],
      schema: {
        name: 'flights',
        physicalName: 'flights',
        physicalType: 'table',
        fields: [
          {
            id: 'f_id',
            name: 'id',
            type: { kind: 'integer', bits: 64 },
            logicalType: 'integer',
            physicalType: 'bigint',
            required: true,
            unique: false,
            primaryKeyPosition: 2,
          },
          {
            name: 'day',
            type: { kind: 'date' },
            logicalType: 'date',
            required: true,
            unique: false,
            primaryKeyPosition: 1,
          },
          {
            name: 'status',
            physicalName: 'st',
            type: { kind: 'string', maxLength: 12 },
            logicalType: 'string',
            required: false,
            unique: true,
            default: 'new',
            enum: ['new', 'old'],
            options: { maxLength: 12, pattern: '^[a-z]+$' },
            classification: 'restricted',
            description: 'Where it is',
          },
        ],
      },
    });
  });

  it('lets the only object have a dot in its name, and a long physical name', () => {
    const { schema } = parseContract(
      contractText('1.0.0', [], {
        schema: [
          {
            name: 'public.flights',
            physicalName: 'f'.repeat(255),
            properties: [text('x')],
          },
        ],
      }),
    );
    expect(schema.name).toBe('public.flights');
    expect(schema.physicalName).toHaveLength(255);
  });

  it('reads nested objects and arrays', () => {
    const { schema } = parseContract(
      contractText('1.0.0', [
        {
          name: 'address',
          logicalType: 'object',
          properties: [text('street', { required: true })],
        },
        {
          name: 'tags',
          logicalType: 'array',
          items: { logicalType: 'string' },
        },
      ]),
    );
    expect(schema.fields.map(field => field.type)).toEqual([
      {
        kind: 'object',
        fields: [
          {
            name: 'street',
            type: { kind: 'string' },
            logicalType: 'string',
            required: true,
            unique: false,
          },
        ],
      },
      { kind: 'array', items: { kind: 'string' } },
    ]);
  });

  it('takes the values of an enumeration from a quality rule', () => {
    const { schema } = parseContract(
      contractText('1.0.0', [
        text('status', {
          quality: [
            {
              metric: 'invalidValues',
              arguments: { validValues: ['a', 'b'] },
              mustBe: 0,
            },
          ],
        }),
      ]),
    );
    expect(schema.fields[0].enum).toEqual(['a', 'b']);
  });

  it('tolerates some invalid values where the rule does', () => {
    const { schema } = parseContract(
      contractText('1.0.0', [
        text('status', {
          quality: [
            {
              metric: 'invalidValues',
              arguments: { validValues: ['a', 'b'] },
              mustBeLessThan: 5,
            },
          ],
        }),
      ]),
    );
    expect(schema.fields[0].enum).toBeUndefined();
  });

  it.each(['v3.0.0', 'v3.0.1', 'v3.0.2', 'v3.1.0', 'v3.1.1', 'v3.20.0'])(
    'accepts %s',
    version => {
      expect(
        parseContract(
          contractText('1.0.0', [text('a')], { apiVersion: version }),
        ).version,
      ).toBe('1.0.0');
    },
  );

  it('reads exclusive ends of version 3.0 as those of 3.1', () => {
    const ends = (logicalTypeOptions: JsonObject) =>
      parseContract(
        contractText(
          '1.0.0',
          [{ name: 'a', logicalType: 'integer', logicalTypeOptions }],
          { apiVersion: 'v3.0.2' },
        ),
      ).schema.fields[0].options;
    expect(ends({ minimum: 0, exclusiveMinimum: false, maximum: 9 })).toEqual({
      minimum: 0,
      maximum: 9,
    });
    expect(ends({ maximum: 9, exclusiveMaximum: true })).toEqual({
      exclusiveMaximum: 9,
    });
    expect(ends({ exclusiveMaximum: true })).toEqual({});
  });
});

describe('G10: parseContract refuses', () => {
  it.each<[string, string, string]>([
    ['nothing', '', ' must not be empty'],
    ['no object', 'just text', ' must be object'],
    ['broken YAML', 'a: [', ' is not valid YAML'],
    [
      'two documents',
      'a: 1\n---\nb: 2',
      ' must hold one YAML document, but holds 2',
    ],
    [
      'one key twice',
      'a: 1\na: 2',
      ' is not valid YAML: Map keys must be unique',
    ],
    ['an unknown tag of YAML', 'a: !!js/function "x"', ' is required'],
    [
      'an alias that contains itself',
      'a: &a [*a, *a, *a]',
      ' must not nest deeper than 64 levels',
    ],
    [
      'very deep nesting',
      '['.repeat(10_000),
      ' must not nest deeper than 64 levels',
    ],
    [
      'a huge document',
      'x'.repeat(1_000_001),
      ' must be at most 1000000 characters',
    ],
  ])('%s', (_, source, expected) => {
    expect(problemsOf(source).join('\n')).toContain(expected.trim());
  });

  it('an alias bomb, at once', () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`,
    );
    expect(problemsOf(`l0: &l0 [x]\n${levels.join('\n')}`)).toEqual([
      ' is not valid YAML: Excessive alias count indicates a resource exhaustion attack',
    ]);
  });

  it.each<[string, JsonObject, string]>([
    ['no version', { version: undefined as never }, 'version is required'],
    ['a version that is a number', { version: 1.5 }, 'version must be string'],
    [
      'a version that is none',
      { version: '1.0' },
      'version must be a semantic version such as 1.2.0',
    ],
    [
      'a version with a v',
      { version: 'v1.0.0' },
      'version must be a semantic version such as 1.2.0',
    ],
    ['another kind', { kind: 'Dataset' }, 'kind must be one of DataContract'],
    [
      'version 2 of the standard',
      { apiVersion: 'v2.2.2' },
      'apiVersion must be of version 3 of the standard, such as v3.1.0',
    ],
    [
      'an unknown version of the standard',
      { apiVersion: 'v9.0.0' },
      'apiVersion must be one of v3.1.0, v3.0.2',
    ],
    ['an unknown property', { dataset: [] }, 'dataset is not a known property'],
    [
      'a word of a later version of the standard',
      { apiVersion: 'v3.2.0', context: 'Flights' },
      'context is not a known property\napiVersion is not v3.1.0, by whose JSON Schema documents are checked',
    ],
    [
      'no object',
      { schema: [] },
      'schema must hold 1 to 50 objects, each a table or a set of files',
    ],
    [
      'two objects of one name',
      {
        schema: [
          { name: 'a', properties: [text('x')] },
          { name: 'a', physicalName: 'b', properties: [text('x')] },
        ],
      },
      'schema[1].name must be unique among the objects',
    ],
    [
      'an object with a name of several kB',
      {
        schema: [
          { name: 'a', properties: [text('x')] },
          { name: 'b'.repeat(5_000), properties: [text('x')] },
        ],
      },
      'schema[1].name must be 1 to 63 bytes long',
    ],
    [
      'an object with a physical name of several kB',
      {
        schema: [
          {
            name: 'a',
            physicalName: 'b'.repeat(5_000),
            properties: [text('x')],
          },
        ],
      },
      'schema[0].physicalName must be 1 to 255 bytes long',
    ],
    [
      'an object without a name to read',
      { schema: [{ name: 'a\u200bb', properties: [text('x')] }] },
      'schema[0].name must not contain control or invisible characters',
    ],
    [
      'a dot in the name of one of several objects',
      {
        schema: [
          { name: 'a', properties: [text('x')] },
          { name: 'a.b', properties: [text('x')] },
        ],
      },
      'schema[1].name must not contain a dot where there are several objects; physicalName may',
    ],
    [
      'two objects in one place',
      {
        schema: [
          { name: 'a', properties: [text('x')] },
          { name: 'b', physicalName: 'a', properties: [text('x')] },
        ],
      },
      'schema[1].physicalName must differ from that of schema[0]',
    ],
    [
      'a wrong property of the second object',
      {
        schema: [
          { name: 'a', properties: [text('x')] },
          { name: 'b', properties: [text('x'), { name: 'y' }] },
        ],
      },
      'schema[1].properties[1].logicalType is required where there is no physicalType',
    ],
    [
      'no properties',
      { schema: [{ name: 'a' }] },
      'schema[0].properties must hold at least one property',
    ],
    [
      'a server of an unknown type',
      { servers: [{ server: 's', type: 'floppy' }] },
      'servers[0].type must be one of',
    ],
  ])('%s', (_, overrides, expected) => {
    const source = contractText('1.0.0', [text('a')], overrides);
    expect(problemsOf(source).join('\n')).toContain(expected);
  });

  it.each<[string, JsonObject, string]>([
    [
      'an unknown logical type',
      { name: 'b', logicalType: 'money' },
      'schema[0].properties[1].logicalType must be one of',
    ],
    [
      'no type',
      { name: 'b' },
      'schema[0].properties[1].logicalType is required where there is no physicalType',
    ],
    [
      'a physical type alone that is not understood',
      { name: 'b', physicalType: 'GEOGRAPHY' },
      'schema[0].properties[1].physicalType is not a type that is understood',
    ],
    [
      'an array without items',
      { name: 'b', logicalType: 'array' },
      'schema[0].properties[1].items is required',
    ],
    [
      'no name',
      { logicalType: 'string' },
      'schema[0].properties[1].name is required',
    ],
    [
      'a name twice',
      text('a'),
      'schema[0].properties[1].name must be unique among the properties',
    ],
    [
      'a name that is too long',
      text('n'.repeat(64)),
      'schema[0].properties[1].name must be 1 to 63 bytes long',
    ],
    [
      'an empty name',
      text(''),
      'schema[0].properties[1].name must be 1 to 63 bytes long',
    ],
    [
      'a name with a line break',
      text('a\nb'),
      'schema[0].properties[1].name must not contain control or invisible characters',
    ],
    [
      'a name with a direction override',
      text('a\u202eb'),
      'schema[0].properties[1].name must not contain control or invisible characters',
    ],
    [
      'a physical name with a NUL',
      text('b', { physicalName: 'x\u0000' }),
      'schema[0].properties[1].physicalName must not contain',
    ],
    [
      'an id with special characters',
      text('b', { id: "x'; drop" }),
      'schema[0].properties[1].id must match pattern',
    ],
    [
      'required as text',
      text('b', { required: 'yes' }),
      'schema[0].properties[1].required must be boolean',
    ],
    [
      'an unknown property',
      text('b', { nullable: true }),
      'schema[0].properties[1].nullable is not a known property',
    ],
    [
      'options of another type',
      text('b', { logicalTypeOptions: { minimum: 1 } }),
      'schema[0].properties[1].logicalTypeOptions.minimum is not a known property',
    ],
    [
      'an enumeration that is no list',
      text('b', { customProperties: [{ property: 'enum', value: 'x' }] }),
      'schema[0].properties[1].customProperties the custom property enum must be a list of values',
    ],
  ])('a property with %s', (_, property, expected) => {
    const source = contractText('1.0.0', [text('a'), property]);
    expect(problemsOf(source).join('\n')).toContain(expected);
  });

  it('throws one error that names path, rule and value', () => {
    const attempt = () =>
      parseContract(
        contractText('one', [
          text('a'),
          { name: 'b', logicalType: 'string', id: 'x y' },
        ]),
      );
    expect(attempt).toThrow(InputError);
    expect(attempt).toThrow(
      'Invalid contract: schema[0].properties[1].id: must match pattern "^[A-Za-z0-9_-]+$" (got "x y")',
    );
  });

  it('does not touch the prototype of objects', () => {
    validateContract(
      '__proto__: { polluted: true }\nconstructor: { prototype: { polluted: true } }',
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
