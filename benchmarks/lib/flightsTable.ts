import { postgresEngineFactory } from '@skein/backstage-plugin-dataset-migrations-backend-module-postgres';
import {
  Engine,
  EngineRun,
} from '@skein/backstage-plugin-dataset-migrations-node';
import pg from 'pg';
import { flightsContracts } from '../flights';
import { secondsOf } from './measure';
import { PreparedSubject } from './migrate';

/**
 * A database with a table of that many generated flights, whose key is `id`,
 * and its subject. `drop` gives the disk back.
 */
export async function flightsTable(
  connectionString: string,
  options: { database: string; rows: number },
) {
  const name = pg.escapeIdentifier(options.database);
  await administer(connectionString, `CREATE DATABASE ${name}`);
  const url = new URL(connectionString);
  url.pathname = `/${options.database}`;

  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(
    `CREATE TABLE flights (
       id bigint, date timestamp NOT NULL, delay bigint NOT NULL,
       distance bigint NOT NULL, origin varchar NOT NULL, destination varchar NOT NULL,
       carrier varchar NOT NULL, seats bigint NOT NULL)`,
  );
  await client.query(
    `INSERT INTO flights
     SELECT i, timestamp '2001-01-01' + i * interval '5 seconds', i % 240 - 60,
       100 + i % 4800, chr(65 + (i % 26)::int) || 'AX', chr(65 + (i * 7 % 26)::int) || 'FO',
       'carrier ' || i % 12, 50 + i % 300
     FROM generate_series(1, $1::bigint) AS s(i)`,
    [options.rows],
  );
  await client.query('ALTER TABLE flights ADD PRIMARY KEY (id)');
  await client.query('VACUUM (ANALYZE) flights');

  const contracts = flightsContracts(
    {
      server: 'bench',
      type: 'postgresql',
      host: url.hostname,
      port: Number(url.port),
      database: options.database,
      schema: 'public',
    },
    'flights',
  );
  return {
    client,
    subject: {
      factory: postgresEngineFactory,
      config: {
        connections: [
          {
            name: 'bench',
            connection: url.href,
            bindings: [{ schema: 'public', owners: ['group:default/bench'] }],
          },
        ],
      },
      ...contracts,
      from: withTableFields(contracts.from),
      to: withTableFields(contracts.to),
    },
    async drop() {
      await client.end();
      // The engine keeps connections for a while.
      await administer(connectionString, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function administer(connectionString: string, statement: string) {
  const admin = new pg.Client({ connectionString });
  await admin.connect();
  await admin.query(statement);
  await admin.end();
}

type Contract = ReturnType<typeof flightsContracts>['from'];

/** The fields that only the table has: the key, and two that do not change. */
function withTableFields(contract: Contract): Contract {
  const [schema] = contract.schema;
  const key = {
    id: 'id',
    name: 'id',
    logicalType: 'integer',
    physicalType: 'BIGINT',
    required: true,
    primaryKey: true,
    primaryKeyPosition: 1,
  };
  const plain = (name: string, logicalType: string, physicalType: string) => ({
    id: name,
    name,
    logicalType,
    physicalType,
    required: true,
  });
  const route = schema.properties.filter(property => property.name === 'route');
  return {
    ...contract,
    schema: [
      {
        ...schema,
        properties: [
          key,
          ...schema.properties.filter(property => !route.includes(property)),
          plain('carrier', 'string', 'VARCHAR'),
          plain('seats', 'integer', 'BIGINT'),
          ...route,
        ],
      },
    ],
  };
}

/** The same mapping as an expert would type it. */
export const flightsTableSelect = `
  SELECT id, date, delay AS arrival_delay, CAST(distance AS integer) AS distance,
    origin, destination, carrier, seats, origin || '-' || destination AS route
  FROM flights`;

/**
 * Seconds that `CREATE TABLE plain AS` and the statements after it take. The
 * table is gone afterwards, and all is on disk.
 */
export async function secondsOfCreateTableAs(
  client: pg.Client,
  ...afterwards: string[]
): Promise<number> {
  const seconds = await secondsOf(async () => {
    await client.query(`CREATE TABLE plain AS ${flightsTableSelect}`);
    for (const statement of afterwards) await client.query(statement);
  });
  await client.query('DROP TABLE plain');
  await client.query('CHECKPOINT');
  return seconds;
}

/**
 * Seconds that `work` takes on a run of its own. What it made is gone
 * afterwards, and all is on disk.
 */
export async function secondsOfRun(
  client: pg.Client,
  { engine, newRun }: PreparedSubject,
  work: (engine: Engine, run: EngineRun) => Promise<unknown>,
): Promise<number> {
  const run = newRun();
  const seconds = await secondsOf(() => work(engine, run));
  await engine.abandon(run);
  await client.query('CHECKPOINT');
  return seconds;
}
