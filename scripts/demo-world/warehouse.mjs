import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { Explained } from '../lib/say.mjs';
import { sourceFile } from './source-data.mjs';

/** Tells our database from one of the same name that is somebody's. */
const MARK = 'Demo data of Skein. Safe to drop.';

/** Rows that are in memory at once while a table is filled. */
const CHUNK = 25_000;

const TABLES = {
  zipcodes: {
    create: `
      CREATE TABLE zipcodes (
        zip_code text NOT NULL,
        latitude double precision NOT NULL,
        longitude double precision NOT NULL,
        city text NOT NULL,
        state text NOT NULL,
        county text
      )`,
    rows: `
      SELECT zip_code, latitude, longitude, city, state, county
      FROM read_csv('${sourceFile('zipcodes.csv')}',
        types = {'zip_code': 'VARCHAR'})`,
    finish: [
      `ALTER TABLE zipcodes ADD PRIMARY KEY (zip_code)`,
      `CREATE INDEX zipcodes_by_place ON zipcodes (state, city)`,
      `COMMENT ON TABLE zipcodes IS 'GeoNames postal codes'`,
    ],
  },
  airports: {
    create: `
      CREATE TABLE airports (
        iata text NOT NULL,
        name text NOT NULL,
        city text,
        state text,
        latitude double precision NOT NULL,
        longitude double precision NOT NULL
      )`,
    rows: `
      SELECT iata, name, nullif(city, 'NA') AS city, nullif(state, 'NA') AS state,
        latitude, longitude
      FROM read_csv('${sourceFile('airports.csv')}',
        types = {'iata': 'VARCHAR', 'state': 'VARCHAR'})`,
    finish: [
      `ALTER TABLE airports ADD PRIMARY KEY (iata)`,
      `COMMENT ON TABLE airports IS 'Airports of Data.gov'`,
    ],
  },
  // After the airports, as it refers to them.
  routes: {
    create: `
      CREATE TABLE routes (
        origin text NOT NULL,
        destination text NOT NULL,
        count integer NOT NULL
      )`,
    rows: `SELECT * FROM read_csv('${sourceFile('flights-airport.csv')}')`,
    finish: [
      `ALTER TABLE routes ADD PRIMARY KEY (origin, destination)`,
      `ALTER TABLE routes
        ADD CONSTRAINT routes_origin FOREIGN KEY (origin) REFERENCES airports,
        ADD CONSTRAINT routes_destination
          FOREIGN KEY (destination) REFERENCES airports`,
      `CREATE INDEX routes_by_destination ON routes (destination)`,
      `COMMENT ON TABLE routes IS 'BTS flights of 2008, by pair of airports'`,
    ],
  },
  flights_200k: {
    create: `
      CREATE TABLE flights_200k (
        flight_id integer NOT NULL,
        departed_at timestamp NOT NULL,
        delay integer NOT NULL,
        distance integer NOT NULL,
        origin varchar(3) NOT NULL,
        destination varchar(3) NOT NULL
      )`,
    // Every fifteenth of three million, so the sample spans all six months.
    rows: `
      SELECT file_row_number + 1 AS flight_id, date AS departed_at,
        delay, distance, origin, destination
      FROM read_parquet('${sourceFile('flights-3m.parquet')}',
        file_row_number = true)
      WHERE file_row_number % 15 = 0`,
    finish: [
      `ALTER TABLE flights_200k ADD PRIMARY KEY (flight_id)`,
      `CREATE INDEX flights_200k_by_origin
        ON flights_200k (origin, departed_at)`,
      `COMMENT ON TABLE flights_200k IS 'BTS on-time performance, sample'`,
    ],
  },
  // As the delay dashboard makes it of them.
  long_delays: {
    create: `
      CREATE TABLE long_delays (
        departed_at timestamp NOT NULL,
        airport varchar(3) NOT NULL,
        delay integer NOT NULL
      )`,
    rows: `
      SELECT date AS departed_at, origin AS airport, delay
      FROM read_parquet('${sourceFile('flights-3m.parquet')}',
        file_row_number = true)
      WHERE file_row_number % 15 = 0 AND delay > 180`,
    finish: [
      `COMMENT ON TABLE long_delays IS 'Of flights_200k, over three hours late'`,
    ],
  },
};

/**
 * Makes the warehouse's database and those of its tables that are not there
 * yet. A table that is there is left alone, whatever a migration has made of
 * it.
 *
 * @param {object} options
 * @param {string} options.adminConnectionString - Of a role that may create
 *   databases.
 * @param {string} options.database - Its name.
 * @param {boolean} options.reset - Drops the database first.
 * @returns {Promise<{connectionString: string, made: string[]}>}
 */
export async function prepareWarehouse({
  adminConnectionString,
  database,
  reset,
}) {
  await withClient(adminConnectionString, client =>
    prepareDatabase(client, database, reset),
  );
  const url = new URL(adminConnectionString);
  url.pathname = `/${database}`;
  const connectionString = url.toString();
  const made = await withClient(connectionString, prepareTables);
  return { connectionString, made };
}

async function prepareDatabase(client, database, reset) {
  const { rows } = await client.query(
    `SELECT shobj_description(oid, 'pg_database') AS mark
     FROM pg_database WHERE datname = $1`,
    [database],
  );
  if (rows.length && rows[0].mark !== MARK) {
    throw new Explained(
      `the PostgreSQL server has a database '${database}' that is not the demo's; rename it, or start with another server.`,
    );
  }
  const name = client.escapeIdentifier(database);
  if (rows.length && reset) {
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
  }
  if (!rows.length || reset) {
    await client.query(`CREATE DATABASE ${name}`);
    await client.query(
      `COMMENT ON DATABASE ${name} IS ${client.escapeLiteral(MARK)}`,
    );
  }
}

async function prepareTables(client) {
  const missing = [];
  for (const table of Object.keys(TABLES)) {
    const { rows } = await client.query('SELECT to_regclass($1) AS found', [
      table,
    ]);
    if (!rows[0].found) missing.push(table);
  }
  if (!missing.length) return [];

  const instance = await DuckDBInstance.create(':memory:');
  const duckdb = await instance.connect();
  try {
    for (const table of missing) await fillTable(client, duckdb, table);
  } finally {
    duckdb.closeSync();
    instance.closeSync();
  }
  return missing;
}

/** In one transaction, so that a table is whole or not there. */
async function fillTable(client, duckdb, table) {
  const { create, rows, finish } = TABLES[table];
  await duckdb.run(`CREATE TEMP TABLE ${table} AS ${rows}`);
  await client.query('BEGIN');
  await client.query(create);
  for (let from = 0; ; from += CHUNK) {
    const result = await duckdb.runAndReadAll(
      `SELECT json_group_array(t) FROM (
         SELECT * FROM ${table}
         WHERE rowid >= ${from} AND rowid < ${from + CHUNK}) AS t`,
    );
    const inserted = await client.query(
      `INSERT INTO ${table}
       SELECT * FROM json_populate_recordset(null::${table}, $1)`,
      [result.getRows()[0][0]],
    );
    if (inserted.rowCount < CHUNK) break;
  }
  for (const statement of finish) await client.query(statement);
  await client.query('COMMIT');
  // The planner's row count is the one that a plan shows.
  await client.query(`ANALYZE ${table}`);
}

async function withClient(connectionString, use) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
