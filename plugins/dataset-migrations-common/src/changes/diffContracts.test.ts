import { JsonObject } from '@backstage/types';
import { contractText } from '../__testUtils__/contractText';
import { parseContract } from '../contracts/parseContract';
import { diffContracts } from './diffContracts';
import { fingerprint } from './inShort';

const server = {
  server: 'prod',
  type: 'postgres',
  host: 'h',
  port: 1,
  database: 'd',
  schema: 's',
};

function diff(
  before: JsonObject,
  after: JsonObject,
  overrides: { before?: JsonObject; after?: JsonObject } = {},
): string[] {
  const contract = (version: string, property: JsonObject, more?: JsonObject) =>
    parseContract(
      contractText(
        version,
        [{ name: 'a', logicalType: 'string', ...property }],
        more,
      ),
    );
  return diffContracts(
    contract('1.0.0', before, overrides.before),
    contract('2.0.0', after, overrides.after),
  ).map(change => `${change.kind} ${change.effect}: ${change.summary}`);
}

const type = (physicalType: string) => ({ physicalType });
const values = (...value: string[]) => ({
  customProperties: [{ property: 'enum', value }],
});
const options = (logicalTypeOptions: JsonObject) => ({ logicalTypeOptions });

describe('diffContracts', () => {
  it.each<[string, JsonObject, JsonObject, string[]]>([
    ['nothing', {}, {}, []],
    [
      'another spelling of one type',
      type('varchar(10)'),
      type('character varying(10)'),
      [],
    ],
    [
      'another spelling of a decimal',
      type('DECIMAL(10, 2)'),
      type('numeric(10,2)'),
      [],
    ],
    ['a logical type for a physical one', type('text'), {}, []],
    [
      'integer to bigint',
      type('integer'),
      type('bigint'),
      ['type-changed compatible: changed from integer to bigint'],
    ],
    [
      'bigint to integer',
      type('bigint'),
      type('integer'),
      ['type-changed breaking: changed from bigint to integer'],
    ],
    [
      'real to double',
      type('real'),
      type('double'),
      ['type-changed compatible: changed from real to double precision'],
    ],
    [
      'double to real',
      type('double'),
      type('real'),
      ['type-changed breaking: changed from double precision to real'],
    ],
    [
      'a wider decimal',
      type('decimal(10,2)'),
      type('decimal(12,4)'),
      ['type-changed risky: changed from decimal(10,2) to decimal(12,4)'],
    ],
    [
      'more digits after the point, fewer before',
      type('decimal(10,2)'),
      type('decimal(10,4)'),
      ['type-changed breaking: changed from decimal(10,2) to decimal(10,4)'],
    ],
    [
      'a decimal without limits',
      type('decimal(10,2)'),
      type('decimal'),
      ['type-changed risky: changed from decimal(10,2) to decimal'],
    ],
    [
      'integer to decimal',
      type('integer'),
      type('decimal(10,0)'),
      ['type-changed breaking: changed from integer to decimal(10,0)'],
    ],
    [
      'text to integer',
      type('text'),
      type('integer'),
      ['type-changed breaking: changed from text to integer'],
    ],
    [
      'a zone',
      type('timestamp'),
      type('timestamptz'),
      [
        'type-changed breaking: changed from timestamp to timestamp with time zone',
      ],
    ],
    [
      'longer text',
      type('varchar(10)'),
      type('varchar(20)'),
      ['length-changed risky: changed from varchar(10) to varchar(20)'],
    ],
    [
      'text of any length',
      type('varchar(10)'),
      type('text'),
      ['length-changed risky: changed from varchar(10) to text'],
    ],
    [
      'shorter text',
      type('varchar(20)'),
      type('varchar(10)'),
      ['length-changed breaking: changed from varchar(20) to varchar(10)'],
    ],
    [
      'arrays of wider numbers',
      type('integer[]'),
      type('bigint[]'),
      ['type-changed compatible: changed from integer[] to bigint[]'],
    ],
    [
      'required to nullable',
      { required: true },
      {},
      ['required-changed breaking: can now be NULL'],
    ],
    [
      'nullable to required',
      {},
      { required: true },
      ['required-changed compatible: is never NULL any more'],
    ],
    [
      'unique to not',
      { unique: true },
      {},
      ['unique-changed breaking: is no longer unique'],
    ],
    [
      'not unique to unique',
      {},
      { unique: true },
      ['unique-changed compatible: is now unique'],
    ],
    [
      'a value more',
      values('a'),
      values('a', 'b'),
      ['enum-changed breaking: can now be "b"'],
    ],
    [
      'a value less',
      values('a', 'b'),
      values('a'),
      ['enum-changed breaking: can no longer be "b"'],
    ],
    [
      'a value for another',
      values('a'),
      values('b'),
      [
        'enum-changed breaking: can now be "b"',
        'enum-changed breaking: can no longer be "a"',
      ],
    ],
    ['values in another order', values('a', 'b'), values('b', 'a'), []],
    [
      'a list of values now',
      {},
      values('a'),
      ['enum-changed compatible: is now limited to a list of values'],
    ],
    [
      'no list of values any more',
      values('a'),
      {},
      ['enum-changed breaking: is no longer limited to a list of values'],
    ],
    [
      'a pattern now',
      {},
      options({ pattern: 'x' }),
      ['options-changed compatible: now has pattern "x"'],
    ],
    [
      'another pattern',
      options({ pattern: 'x' }),
      options({ pattern: 'y' }),
      ['options-changed breaking: has pattern "y" instead of "x"'],
    ],
    [
      'no pattern any more',
      options({ pattern: 'x' }),
      {},
      ['options-changed breaking: no longer has pattern "x"'],
    ],
    [
      'another format',
      options({ format: 'email' }),
      options({ format: 'uri' }),
      ['options-changed breaking: has format "uri" instead of "email"'],
    ],
    [
      'a higher minimum length',
      options({ minLength: 1 }),
      options({ minLength: 2 }),
      ['options-changed compatible: has minLength 2 instead of 1'],
    ],
    [
      'a lower minimum length',
      options({ minLength: 2 }),
      options({ minLength: 1 }),
      ['options-changed breaking: has minLength 1 instead of 2'],
    ],
    [
      'other words',
      { description: 'x' },
      { description: 'y' },
      ['description-changed compatible: described in other words'],
    ],
    [
      'another classification',
      { classification: 'public' },
      { classification: 'internal' },
      ['classification-changed risky: is now internal'],
    ],
    [
      'another name in the store',
      { physicalName: 'x' },
      { physicalName: 'y' },
      ['field-renamed breaking: called `y` instead of `x` in the store'],
    ],
    [
      'another name for the same column',
      { physicalName: 'x' },
      { physicalName: 'x', name: 'b' },
      [
        'field-renamed risky: renamed to `b` in the contract; its column is `x`, as before',
      ],
    ],
    [
      'another name for the same column, by id and stated late',
      { id: 'i' },
      { id: 'i', name: 'b', physicalName: 'a' },
      [
        'field-renamed risky: renamed to `b` in the contract; its column is `a`, as before',
      ],
    ],
    [
      'another name and another column',
      { id: 'i', physicalName: 'x' },
      { id: 'i', name: 'b', physicalName: 'y' },
      ['field-renamed breaking: renamed to `b`'],
    ],
    [
      'another field of the same column, by their ids',
      { id: 'i', physicalName: 'x' },
      { id: 'j', name: 'b', physicalName: 'x' },
      [
        'field-dropped breaking: dropped',
        'field-added compatible: added as text',
      ],
    ],
    [
      'another name with the same id',
      { id: 'i' },
      { id: 'i', name: 'b' },
      ['field-renamed breaking: renamed to `b`'],
    ],
    [
      'another name without ids',
      {},
      { name: 'b' },
      [
        'field-dropped breaking: dropped',
        'field-added compatible: added as text',
      ],
    ],
    [
      'a primary key now',
      {},
      { primaryKey: true },
      [
        'required-changed compatible: is never NULL any more',
        'primary-key-changed compatible: the primary key is now `a`',
      ],
    ],
    [
      'no primary key any more',
      { primaryKey: true },
      { required: true },
      ['primary-key-changed breaking: there is no primary key any more'],
    ],
    [
      'a renamed primary key',
      { id: 'i', primaryKey: true },
      { id: 'i', name: 'b', primaryKey: true },
      ['field-renamed breaking: renamed to `b`'],
    ],
  ])('judges %s', (_, before, after, expected) => {
    expect(diff(before, after)).toEqual(expected);
  });

  it('tells long lists of values apart that begin alike', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => `v${index}`);
    const added = (last: string) =>
      diff(values('a'), values('a', ...twenty, last));
    expect(added('x')).toEqual([
      expect.stringContaining(`"v19" and 1 more (${fingerprint('"x"')})`),
    ]);
    expect(added('y')).not.toEqual(added('x'));
  });

  it('keeps sentences short enough for the API to take them', () => {
    const long = Array.from({ length: 20 }, (_, index) =>
      `v${index}`.padEnd(5_000, 'x'),
    );
    for (const [sentence] of [
      diff(values('a'), values('a', ...long)),
      diff(options({ pattern: long[0] }), options({ pattern: long[1] })),
    ]) {
      expect(sentence.length).toBeLessThan(8_000);
    }
  });

  it('judges ranges of numbers', () => {
    const number = (more: JsonObject) => ({
      logicalType: 'integer',
      logicalTypeOptions: more,
    });
    expect(
      diff(
        number({ minimum: 0, maximum: 9 }),
        number({ minimum: 1, maximum: 8 }),
      ),
    ).toEqual([
      'options-changed compatible: has minimum 1 instead of 0',
      'options-changed compatible: has maximum 8 instead of 9',
    ]);
    expect(
      diff(
        number({ minimum: 0, maximum: 9 }),
        number({ minimum: -1, maximum: 10 }),
      ),
    ).toEqual([
      'options-changed breaking: has minimum -1 instead of 0',
      'options-changed breaking: has maximum 10 instead of 9',
    ]);
    expect(diff(number({ format: 'i32' }), number({ format: 'i64' }))).toEqual([
      'type-changed compatible: changed from integer to bigint',
    ]);
  });

  it('judges nested fields by their path', () => {
    const object = (...properties: JsonObject[]) => ({
      logicalType: 'object',
      properties,
    });
    const street = { name: 'street', logicalType: 'string' };
    const changes = diffContracts(
      parseContract(
        contractText('1.0.0', [
          {
            name: 'address',
            ...object(street, { name: 'zip', logicalType: 'string' }),
          },
        ]),
      ),
      parseContract(
        contractText('2.0.0', [
          {
            name: 'address',
            ...object(
              { ...street, required: true },
              { name: 'city', logicalType: 'string' },
            ),
          },
        ]),
      ),
    );
    expect(changes.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['field-dropped', 'address.zip', undefined],
      ['required-changed', 'address.street', 'address.street'],
      ['field-added', undefined, 'address.city'],
    ]);
  });

  it.each<[string, JsonObject, JsonObject, string[]]>([
    [
      'the table renamed',
      {},
      {
        schema: [
          { name: 'trips', properties: [{ name: 'a', logicalType: 'string' }] },
        ],
      },
      ['object-renamed breaking: `flights` is called `trips`'],
    ],
    [
      'another schema',
      { servers: [server] },
      { servers: [{ ...server, schema: 't' }] },
      [
        'location-changed breaking: schema of the server `prod` is "t" instead of "s"',
      ],
    ],
    [
      'another environment',
      { servers: [server] },
      { servers: [{ ...server, environment: 'x', description: 'y' }] },
      [],
    ],
    [
      'a server more',
      { servers: [server] },
      { servers: [server, { ...server, server: 'copy' }] },
      ['location-changed compatible: also on the server `copy`'],
    ],
    [
      'a server less',
      { servers: [server] },
      { servers: [] },
      ['location-changed breaking: the server `prod` is gone'],
    ],
    [
      'another purpose',
      {},
      { description: { purpose: 'x' } },
      [
        'description-changed compatible: the dataset is described in other words',
      ],
    ],
    ['another status', {}, { status: 'deprecated' }, []],
  ])('judges %s', (_, before, after, expected) => {
    expect(diff({}, {}, { before, after })).toEqual(expected);
  });

  it('judges another order', () => {
    const contract = (version: string, ...names: string[]) =>
      parseContract(
        contractText(
          version,
          names.map(name => ({ name, logicalType: 'string' })),
        ),
      );
    expect(
      diffContracts(contract('1.0.0', 'a', 'b'), contract('2.0.0', 'b', 'a')),
    ).toEqual([
      {
        kind: 'order-changed',
        rule: 'fields-reordered',
        effect: 'compatible',
        summary: 'fields are in another order',
      },
    ]);
    expect(
      diffContracts(
        contract('1.0.0', 'a', 'b'),
        contract('2.0.0', 'a', 'c', 'b'),
      ),
    ).toHaveLength(1);
  });
});

describe('diffContracts, of what moves and is said in other ways', () => {
  const column = (name: string, more: JsonObject = {}) => ({
    name,
    logicalType: 'string',
    ...more,
  });
  const within = (name: string, ...properties: JsonObject[]) => ({
    name,
    logicalType: 'object',
    properties,
  });
  const listOf = (name: string, ...properties: JsonObject[]) => ({
    name,
    logicalType: 'array',
    items: { logicalType: 'object', properties },
  });
  const changes = (
    before: JsonObject[],
    after: JsonObject[],
    overrides: { before?: JsonObject; after?: JsonObject } = {},
  ) =>
    diffContracts(
      parseContract(contractText('1.0.0', before, overrides.before)),
      parseContract(contractText('2.0.0', after, overrides.after)),
    ).map(({ rule, from, to }) => [rule, from, to]);
  const a = column('a');

  it('finds a field again in another structure, by id or by name and type', () => {
    const street = column('street');
    const moved = ['field-moved', 'street', 'address.street'];
    const added = ['field-added', undefined, 'address'];
    expect(changes([a, street], [a, within('address', street)])).toEqual([
      moved,
      added,
    ]);
    expect(
      changes(
        [a, column('str', { id: 'f_s' }), within('address', column('zip'))],
        [a, within('address', column('zip'), column('street', { id: 'f_s' }))],
      ),
    ).toEqual([['field-moved', 'str', 'address.street']]);
  });

  it('does not guess where a field went', () => {
    const street = column('street');
    expect(
      changes(
        [a, street],
        [a, within('home', street), within('office', street)],
      ).map(([rule]) => rule),
    ).toEqual(['field-removed', 'field-added', 'field-added']);
    expect(
      changes(
        [a, street],
        [a, within('home', { ...street, logicalType: 'integer' })],
      ).map(([rule]) => rule),
    ).toEqual(['field-removed', 'field-added']);
  });

  it('compares objects in lists field by field', () => {
    expect(
      changes(
        [listOf('legs', a, column('b'))],
        [listOf('legs', { ...a, required: true }, column('c'))],
      ),
    ).toEqual([
      ['field-removed', 'legs.b', undefined],
      ['required-added', 'legs.a', 'legs.a'],
      ['field-added', undefined, 'legs.c'],
    ]);
  });

  it('compares what is said to be in JSON, of one or of a list', () => {
    const json = { physicalType: 'jsonb' };
    const removed = ['field-removed', 'legs.b', undefined];
    const both = [a, column('b')];
    expect(
      changes(
        [{ ...within('legs', ...both), ...json }],
        [{ ...within('legs', a), ...json }],
      ),
    ).toEqual([removed]);
    expect(
      changes(
        [{ ...listOf('legs', ...both), ...json }],
        [{ ...listOf('legs', a), ...json }],
      ),
    ).toEqual([removed]);
  });

  it('compares what is promised of the items of lists', () => {
    const list = (items: JsonObject) =>
      parseContract(
        contractText('1.0.0', [
          {
            name: 'tags',
            logicalType: 'array',
            items: { logicalType: 'string', ...items },
          },
        ]),
      );
    expect(
      diffContracts(
        list(values('a')),
        list({ ...values('a', 'b'), required: true }),
      ).map(({ rule, from, summary }) => [rule, from, summary]),
    ).toEqual([
      ['required-added', 'tags', 'each item is never NULL any more'],
      ['enum-value-added', 'tags', 'each item can now be "b"'],
    ]);
    expect(diffContracts(list({}), list({}))).toEqual([]);
  });

  it.each<[string, JsonObject, JsonObject, unknown[]]>([
    ['one bound in other words', { minimum: 1 }, { exclusiveMinimum: 0 }, []],
    [
      'a bound that excludes its value now',
      { maximum: 9 },
      { exclusiveMaximum: 9 },
      ['range-tightened'],
    ],
    [
      'a weaker bound of another kind',
      { minimum: 3 },
      { exclusiveMinimum: 0 },
      ['range-loosened'],
    ],
    [
      'a second bound that adds nothing',
      { minimum: 3 },
      { minimum: 3, exclusiveMinimum: 0 },
      [],
    ],
    [
      'both ends',
      { minimum: 0, maximum: 9 },
      { minimum: 1 },
      ['range-tightened', 'range-loosened'],
    ],
    [
      'a multiple of it',
      { multipleOf: 5 },
      { multipleOf: 10 },
      ['option-added'],
    ],
    ['half of it', { multipleOf: 10 }, { multipleOf: 5 }, ['option-changed']],
  ])('judges %s', (_, before, after, expected) => {
    const integer = (logicalTypeOptions: JsonObject) => [
      { name: 'n', logicalType: 'integer', logicalTypeOptions },
    ];
    expect(
      changes(integer(before), integer(after)).map(([rule]) => rule),
    ).toEqual(expected);
  });

  it.each<[string, string, unknown[]]>([
    ['NUMBER(10,2)', 'NUMBER(8,2)', ['precision-lowered']],
    ['NUMBER(10,2)', 'DECIMAL(10, 2)', []],
    ['GEOGRAPHY', 'geography', []],
    ['STRUCT<a:int>', 'STRUCT< a: int >', []],
    ['STRUCT<a:int>', 'STRUCT<a:bigint>', ['physical-type-changed']],
  ])(
    'compares %s with %s, which no engine knows',
    (before, after, expected) => {
      const named = (physicalType: string) => [
        { name: 'n', logicalType: 'number', physicalType },
      ];
      expect(
        changes(named(before), named(after)).map(([rule]) => rule),
      ).toEqual(expected);
    },
  );

  it('sees no change in a server of another name, or a pattern for anything', () => {
    expect(
      changes([a], [a], {
        before: { servers: [server] },
        after: { servers: [{ ...server, server: 'production' }] },
      }),
    ).toEqual([]);
    expect(
      changes([column('a', options({ pattern: '.*' }))], [column('a')]),
    ).toEqual([]);
  });

  it.each<[string, JsonObject, JsonObject, unknown[]]>([
    [
      'the same in another unit',
      { value: 90, unit: 'min' },
      { value: '1.5h' },
      [],
    ],
    ['ISO for words', { value: 'P1D' }, { value: 24, unit: 'h' }, []],
    ['later', { value: '500ms' }, { value: '2 s' }, ['service-level-loosened']],
    [
      'sooner',
      { value: '1 day' },
      { value: 'PT6H' },
      ['service-level-tightened'],
    ],
    [
      'what is no amount',
      { value: 'soon' },
      { value: 4 },
      ['service-level-loosened'],
    ],
  ])('compares service levels: %s', (_, before, after, expected) => {
    const level = (value: JsonObject) => ({
      slaProperties: [{ property: 'latency', ...value }],
    });
    expect(
      changes([a], [a], { before: level(before), after: level(after) }).map(
        ([rule]) => rule,
      ),
    ).toEqual(expected);
  });

  it.each<[JsonObject, JsonObject, unknown[]]>([
    [{ mustBeLessThan: 5 }, { mustBeLessOrEqualTo: 4 }, ['quality-tightened']],
    [{ mustBeLessThan: 5 }, { mustBe: 0 }, ['quality-tightened']],
    [{ mustBe: 0 }, { mustBeLessThan: 5 }, ['quality-loosened']],
    [{ mustBe: 3 }, { mustBeBetween: [2, 4] }, ['quality-loosened']],
    [{ mustNotBe: 3 }, { mustBeGreaterThan: 3 }, ['quality-tightened']],
    [{ mustBeGreaterThan: 3 }, { mustNotBe: 3 }, ['quality-loosened']],
    [
      { mustBeLessThan: 5 },
      { mustBeLessThan: 5, unit: 'percent' },
      ['quality-loosened'],
    ],
  ])('compares the limits %j and %j', (before, after, expected) => {
    const rule = (limit: JsonObject) =>
      column('a', { quality: [{ metric: 'nullValues', ...limit }] });
    expect(changes([rule(before)], [rule(after)]).map(([id]) => id)).toEqual(
      expected,
    );
  });
});

it('G6: says what another quality rule of the same name measures', () => {
  const named = (quality: JsonObject) => ({
    quality: [{ name: 'sane', ...quality }],
  });
  expect(
    diff(
      named({ metric: 'nullValues', mustBe: 0 }),
      named({ metric: 'duplicateValues', mustBe: 0 }),
    ),
  ).toEqual([
    expect.stringMatching(
      /^quality-changed risky: has another rule as the quality rule "sane": duplicateValues .*0/,
    ),
  ]);
});

it('G6: tells apart rules without a name of which one is gone', () => {
  const [one, two] = [1, 2].map(number =>
    diff(
      {
        quality: [
          { type: 'sql', query: `SELECT ${number} FROM a`, mustBe: number },
        ],
      },
      {},
    ),
  );
  expect(one).toHaveLength(1);
  expect(one[0]).toMatch(/^quality-changed risky: no longer has /);
  expect(one).not.toEqual(two);
});

describe('diffContracts of several objects', () => {
  const contract = (version: string, ...schema: JsonObject[]) =>
    parseContract(contractText(version, [], { schema }));
  const column = (name: string, more: JsonObject = {}) => ({
    name,
    logicalType: 'string',
    ...more,
  });
  const object = (name: string, properties: JsonObject[], id?: string) => ({
    name,
    properties,
    ...(id && { id }),
  });

  it('names fields by their object, which it finds by id, else by name', () => {
    const changes = diffContracts(
      contract(
        '1.0.0',
        object('flights', [column('delay'), column('gone')], 'f'),
        object('carriers', [column('code', { primaryKey: true })]),
      ),
      contract(
        '2.0.0',
        object('carriers', [column('iata', { primaryKey: true })]),
        object('trips', [column('late'), column('new')], 'f'),
      ),
      new Map([['flights.delay', 'trips.late']]),
    );
    expect(
      changes.map(({ kind, from, to, summary }) => [kind, from, to, summary]),
    ).toEqual([
      ['object-renamed', undefined, undefined, '`flights` is called `trips`'],
      ['field-dropped', 'flights.gone', undefined, 'dropped'],
      [
        'field-renamed',
        'flights.delay',
        'trips.late',
        'renamed to `trips.late`',
      ],
      ['field-added', undefined, 'trips.new', 'added as text'],
      ['field-dropped', 'carriers.code', undefined, 'dropped'],
      ['field-added', undefined, 'carriers.iata', 'added as text'],
      [
        'primary-key-changed',
        'carriers.code',
        'carriers.code',
        'the primary key is now `carriers.iata`',
      ],
    ]);
  });

  it('carries the object, by its old name, with every change of it', () => {
    const changes = diffContracts(
      contract(
        '1.0.0',
        object('flights', [column('delay')], 'f'),
        object('carriers', [column('code')]),
      ),
      contract(
        '2.0.0',
        object('trips', [column('delay'), column('new')], 'f'),
        object('carriers', [column('name')]),
      ),
    );
    expect(changes.map(change => [change.object, change.kind])).toEqual([
      ['flights', 'object-renamed'],
      ['flights', 'field-added'],
      ['carriers', 'field-dropped'],
      ['carriers', 'field-added'],
    ]);
  });

  it('tells of an object that only the contract calls otherwise', () => {
    const named = (name: string) => ({
      ...object(name, [column('delay')], 'f'),
      physicalName: 'f',
    });
    const other = object('carriers', [column('code')]);
    expect(
      diffContracts(
        contract('1.0.0', named('flights'), other),
        contract('2.0.0', named('trips'), other),
      ),
    ).toEqual([
      {
        object: 'flights',
        kind: 'object-renamed',
        rule: 'object-renamed',
        effect: 'breaking',
        summary: '`flights` is called `trips`',
      },
    ]);
    // Nobody reads by the name of the only one.
    expect(
      diffContracts(
        contract('1.0.0', named('flights')),
        contract('2.0.0', named('trips')),
      ),
    ).toEqual([]);
  });

  it('tells of objects that only one version has', () => {
    const a = object('a', [column('x')]);
    const b = object('b', [column('x')]);
    expect(
      diffContracts(
        contract('1.0.0', a, b),
        contract('2.0.0', a, { ...b, name: 'c' }),
      ).map(change => [change.object, change.rule, change.summary]),
    ).toEqual([
      ['b', 'object-removed', '`b` is gone'],
      ['c', 'object-added', '`c` is new'],
    ]);
  });
});
