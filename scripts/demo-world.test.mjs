import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { prepareDemoWorld } from './demo-world.mjs';
import { startPostgres } from './lib/postgres.mjs';

async function query(connectionString, text) {
  const client = new pg.Client(connectionString);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the demo world', () => {
  let postgres;
  let dir;
  const said = [];
  const prepare = options =>
    prepareDemoWorld({
      adminConnectionString: postgres.connectionString,
      dir: join(dir, 'world'),
      log: message => said.push(message),
      ...options,
    });

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'skein test-'));
    chmodSync(dir, 0o755);
    postgres = await startPostgres({ dataDir: join(dir, 'postgres') });
  });

  after(async () => {
    await postgres?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('has all rows of the sources, as files and as tables', async () => {
    const world = await prepare();
    const [rows] = await query(
      world.warehouseConnectionString,
      `SELECT (SELECT count(*)::int FROM zipcodes) AS zipcodes,
              (SELECT count(*)::int FROM airports) AS airports,
              (SELECT count(*)::int FROM routes) AS routes,
              (SELECT count(*)::int FROM flights_200k) AS flights,
              (SELECT sum(delay)::int FROM flights_200k) AS delay,
              (SELECT max(flight_id) FROM flights_200k) AS last,
              (SELECT zip_code FROM zipcodes ORDER BY 1 LIMIT 1) AS first`,
    );
    assert.deepEqual(rows, {
      zipcodes: 42_049,
      airports: 3_376,
      routes: 5_366,
      flights: 200_000,
      // The same on every machine: the sample is no matter of chance.
      delay: 1_322_243,
      last: 2_999_986,
      first: '00501',
    });
    const lines = readFileSync(
      join(world.filesRoot, 'movies/movies.ndjson'),
      'utf8',
    )
      .trimEnd()
      .split('\n');
    assert.equal(lines.length, 3_201);
    assert.equal(JSON.parse(lines[0]).Title, 'The Land Girls');
    assert.deepEqual(readdirSync(world.filesRoot).sort(), [
      'birdstrikes',
      'flights',
      'movies',
      'seattle-weather',
    ]);
  });

  it('keeps the secret to itself, and the same', async () => {
    const first = await prepare();
    const second = await prepare();
    assert.match(first.webhookSecret, /^whsec_/);
    assert.equal(second.webhookSecret, first.webhookSecret);
    const { mode } = statSync(join(dir, 'world/webhook-secret'));
    assert.equal(mode.toString(8).slice(-3), '600');
  });

  it('leaves alone what migrations have made, unless told to start over', async () => {
    const world = await prepare();
    const migrated = join(world.filesRoot, 'movies/migrated');
    writeFileSync(migrated, '');
    await query(
      world.warehouseConnectionString,
      'ALTER TABLE zipcodes ADD COLUMN country text',
    );
    const columns = () =>
      query(world.warehouseConnectionString, 'SELECT * FROM zipcodes LIMIT 1');

    said.length = 0;
    await prepare();
    assert.deepEqual(said, []);
    assert.ok('country' in (await columns())[0]);
    assert.ok(readdirSync(join(world.filesRoot, 'movies')).length === 2);

    await prepare({ reset: true });
    assert.ok(!('country' in (await columns())[0]));
    assert.ok(readdirSync(join(world.filesRoot, 'movies')).length === 1);
  });

  it('does not touch a database of that name which is not its own', async () => {
    const name = 'somebodys';
    await query(postgres.connectionString, `CREATE DATABASE ${name}`);
    await assert.rejects(prepare({ database: name, reset: true }), {
      name: 'Explained',
      message: /has a database 'somebodys' that is not the demo's/,
    });
    const found = await query(
      postgres.connectionString,
      `SELECT 1 FROM pg_database WHERE datname = '${name}'`,
    );
    assert.equal(found.length, 1);
  });
});
