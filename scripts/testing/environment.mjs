import { mkdirSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { onStop } from '../lib/lifetime.mjs';
import { ROOT, STATE } from '../lib/paths.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { say } from '../lib/say.mjs';

/** Parts that use the one database server for all tests. */
const WITH_DATABASE = ['jest'];

/**
 * The environment of the tests: one PostgreSQL for all of them, which
 * `TestDatabases` of Backstage takes from its variable, and nothing from a
 * container. The server is thrown away at the end, so it need not survive a loss
 * of power.
 *
 * @param {string[]} parts - That will run.
 */
export async function testEnvironment(parts) {
  const env = {
    ...process.env,
    PATH: `${join(ROOT, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
    CI: '1',
    FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
    BACKSTAGE_TEST_DISABLE_DOCKER: '1',
  };
  if (!parts.some(part => WITH_DATABASE.includes(part))) return env;

  say('starting PostgreSQL for the tests ...');
  const dir = join(STATE, 'tests', String(process.pid));
  mkdirSync(dir, { recursive: true });
  const server = await startPostgres({
    dataDir: join(dir, 'postgres'),
    settings: { fsync: 'off', full_page_writes: 'off' },
  });
  onStop(async () => {
    await server.stop();
    rmSync(server.dataDir, { recursive: true, force: true });
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    ...env,
    BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING:
      server.connectionString,
  };
}
