import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { configuredDatabase } from './configured-database.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

function config(test, database) {
  const file = join(temporaryFolder(test), 'app-config.yaml');
  writeFileSync(file, JSON.stringify({ backend: { database } }));
  return [file];
}

describe('backend.database', () => {
  it('is nothing where nothing is configured', async t => {
    assert.equal(await configuredDatabase(config(t)), undefined);
  });

  it('is read as an address or in parts', async t => {
    const url = 'postgresql://me:secret@db.example:5433/postgres';
    for (const connection of [
      url,
      { connectionString: url },
      { host: 'db.example', port: 5433, user: 'me', password: 'secret' },
    ]) {
      const files = config(t, { client: 'pg', connection });
      assert.equal((await configuredDatabase(files)).connectionString, url);
    }
  });

  it('keeps a password whole that has signs of its own', async t => {
    const connection = { host: 'db', user: 'a@b', password: 'p/w:#%' };
    const files = config(t, { client: 'pg', connection });
    const { connectionString } = await configuredDatabase(files);
    const { username, password } = new URL(connectionString);
    assert.equal(decodeURIComponent(username), 'a@b');
    assert.equal(decodeURIComponent(password), 'p/w:#%');
  });

  it('must be PostgreSQL, and the sentence says what to set', async t => {
    const files = config(t, {
      client: 'better-sqlite3',
      connection: ':memory:',
    });
    await assert.rejects(configuredDatabase(files), {
      name: 'Explained',
      message: /'better-sqlite3', but Skein needs PostgreSQL: set it to 'pg'/,
    });
  });
});
