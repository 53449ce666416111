import { ConfigReader } from '@backstage/config';
import { Contract } from '@skein/backstage-plugin-dataset-migrations-common';
import { readPostgresSettings } from './config';
import { locate } from './locate';

const connection = (rest: object = {}) => ({
  name: 'warehouse',
  connection: {
    host: 'db.internal',
    port: 5432,
    user: 'skein',
    password: 'hunter2',
    database: 'dwh',
  },
  bindings: [
    {
      schema: 'public',
      tables: ['flights*', 'zip_?odes', 'a*b*c'],
      owners: ['group:default/flight-data'],
    },
    { schema: 'lab', entities: ['resource:default/lab-*'] },
  ],
  ...rest,
});

const read = (...connections: object[]) =>
  readPostgresSettings(
    new ConfigReader({
      datasetMigrations: { engines: { postgres: { connections } } },
    }),
  ).connections;

const contract = (
  physicalName: string,
  properties: Contract['servers'][number]['properties'] = {},
  server: string = 'warehouse',
): Contract => ({
  id: 'c',
  version: '1.0.0',
  status: 'active',
  schema: { name: physicalName, physicalName, fields: [] },
  servers: [{ server, type: 'postgresql', properties }],
});

const request = (given: Contract, rest: object = {}) => ({
  entityRef: 'resource:default/flights',
  owner: 'group:default/flight-data',
  contract: given,
  ...rest,
});

describe('locate', () => {
  const connections = read(connection());

  it.each`
    table           | schema       | rest
    ${'flights'}    | ${undefined} | ${{}}
    ${'flights_v2'} | ${'public'}  | ${{}}
    ${'abc'}        | ${'public'}  | ${{}}
    ${'a_b_c'}      | ${'public'}  | ${{}}
    ${'flights'}    | ${'lab'}     | ${{ entityRef: 'resource:default/lab-rats', owner: undefined }}
    ${'flights'}    | ${'public'}  | ${{ owner: 'Group:Default/Flight-Data' }}
  `('G11: gives $schema.$table to $rest', ({ table, schema, rest }) => {
    const given = contract(table, schema ? { schema } : {});
    expect(locate(connections, request(given, rest))).toMatchObject({
      engine: 'postgres',
      connection: 'warehouse',
      display: `warehouse.${schema ?? 'public'}.${table}`,
    });
  });

  it.each`
    table           | schema       | rest
    ${'FLIGHTS'}    | ${'public'}  | ${{}}
    ${'my_flights'} | ${'public'}  | ${{}}
    ${'zip_codes'}  | ${'public'}  | ${{}}
    ${'ac'}         | ${'public'}  | ${{}}
    ${'flights'}    | ${'lab'}     | ${{}}
    ${'flights'}    | ${'public'}  | ${{ owner: 'group:default/others' }}
    ${'flights'}    | ${'public'}  | ${{ owner: undefined }}
    ${'flights'}    | ${'secrets'} | ${{}}
  `('G11: refuses $schema.$table to $rest', ({ table, schema, rest }) => {
    const given = request(contract(table, { schema }), rest);
    expect(() => locate(connections, given)).toThrow(
      expect.objectContaining({
        name: 'NotAllowedError',
        message: expect.stringContaining(
          `${given.entityRef} may not use the table warehouse.${schema}.${table}`,
        ),
      }),
    );
  });

  it('takes a connection by the name of the database, too', () => {
    const given = contract('flights', { database: 'warehouse' }, 'production');
    expect(locate(connections, request(given))?.connection).toBe('warehouse');
  });

  it('G11: uses no host and no credential of a contract', () => {
    const given = contract(
      'flights',
      { host: 'evil.example', port: 1, user: 'root', password: 'x' },
      'elsewhere',
    );
    expect(() => locate(connections, request(given))).toThrow(
      "names the server 'elsewhere', which is no connection",
    );
  });

  it('G1: gives one table one key, whatever the connection is called', () => {
    const both = read(connection(), connection({ name: 'alias' }));
    const other = read(
      connection({ connection: 'postgresql://u:p@db.internal:5432/dwh' }),
    );
    const elsewhere = read(
      connection({ connection: 'postgresql://u:p@db.internal:5433/dwh' }),
    );
    const key = (given: typeof both, server = 'warehouse') =>
      locate(given, request(contract('flights', {}, server)))!.key;
    expect(key(both, 'alias')).toBe(key(both));
    expect(key(other)).toBe(key(both));
    expect(key(elsewhere)).not.toBe(key(both));
  });

  it('G10: shows neither host nor password', () => {
    const shown = JSON.stringify(
      locate(connections, request(contract('flights'))),
    );
    expect(shown).not.toContain('db.internal');
    expect(shown).not.toContain('hunter2');
  });
});

describe('readPostgresSettings', () => {
  it('needs nothing', () => {
    expect(readPostgresSettings(new ConfigReader({}))).toEqual({
      connections: [],
      chunkRows: 100_000,
      chunkSeconds: 1,
      checksumBits: 64,
      agentBatchRows: 5_000,
      oldSnapshotSeconds: 300,
      previewTimeoutSeconds: 30,
      preflightTimeoutSeconds: 3_600,
    });
  });

  it('has limits by default, and as many lanes as connections allow', () => {
    expect(read(connection())).toMatchObject([
      { lanes: 2, throttle: { replicationLagSeconds: 10, lockWaiters: 3 } },
    ]);
    expect(read(connection({ maxConnections: 3 }))).toMatchObject([
      { lanes: 1 },
    ]);
  });

  it.each`
    what                     | connections                                                 | message
    ${'two of a name'}       | ${[connection(), connection()]}                             | ${'two entries named warehouse'}
    ${'a binding of nobody'} | ${[connection({ bindings: [{ schema: 'public' }] })]}       | ${'names neither entities nor owners'}
    ${'no time'}             | ${[connection({ connectTimeoutSeconds: 0 })]}               | ${'connectTimeoutSeconds must be a whole number of at least 1'}
    ${'two connections'}     | ${[connection({ maxConnections: 2 })]}                      | ${'maxConnections must be a whole number of at least 3'}
    ${'too many lanes'}      | ${[connection({ maxConnections: 4, lanes: 3 })]}            | ${'lanes must be at most 2, two less than maxConnections, not 3'}
    ${'no lag at all'}       | ${[connection({ throttle: { replicationLagSeconds: 0 } })]} | ${'replicationLagSeconds must be a number above 0, not 0'}
    ${'half a waiter'}       | ${[connection({ throttle: { lockWaiters: 0.5 } })]}         | ${'lockWaiters must be a whole number of at least 0, not 0.5'}
    ${'no session'}          | ${[connection({ throttle: { activeSessions: 0 } })]}        | ${'activeSessions must be a whole number of at least 1, not 0'}
  `('refuses $what', ({ connections, message }) => {
    expect(() => read(...connections)).toThrow(message);
  });
});
