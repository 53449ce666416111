import assert from 'node:assert/strict';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import pg from 'pg';
import { startPostgres } from './postgres.mjs';
import { isOpenToOthers } from './postgres-home.mjs';
import { processOf } from './processes.mjs';
import { temporaryFolder } from './temporary-folder.mjs';

async function query(connectionString, text) {
  const client = new pg.Client(connectionString);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  it('keeps data and password over a restart and a crash', async t => {
    const folder = temporaryFolder(t);
    chmodSync(folder, 0o755);
    const dataDir = join(folder, 'postgres');
    const first = await startPostgres({ dataDir });
    t.after(() => first.stop());
    await query(first.connectionString, 'CREATE TABLE geese (n int)');
    assert.equal(
      statSync(join(first.dataDir, 'password')).mode.toString(8).slice(-3),
      '600',
    );

    await assert.rejects(startPostgres({ dataDir }), {
      name: 'Explained',
      message: new RegExp(`process ${process.pid} uses the database`),
    });

    await query(first.connectionString, 'INSERT INTO geese VALUES (1), (2)');
    await first.kill9();
    assert.equal(processOf(first.pid), undefined);

    const second = await startPostgres({ dataDir, port: first.port });
    t.after(() => second.stop());
    assert.equal(second.connectionString, first.connectionString);
    const count = 'SELECT count(*)::int AS n FROM geese';
    assert.deepEqual(await query(first.connectionString, count), [{ n: 2 }]);
    await second.stop();

    // What a crashed container leaves behind: the pid of somebody else.
    writeFileSync(join(second.dataDir, 'data/postmaster.pid'), '1\n');
    const third = await startPostgres({ dataDir });
    t.after(() => third.stop());
    assert.deepEqual(await query(third.connectionString, count), [{ n: 2 }]);
    await third.stop();
  });

  it('lets nobody in without the password', async t => {
    const folder = temporaryFolder(t);
    chmodSync(folder, 0o755);
    const server = await startPostgres({ dataDir: join(folder, 'postgres') });
    t.after(() => server.stop());
    const url = new URL(server.connectionString);
    url.password = 'postgres';
    await assert.rejects(query(url.toString(), 'SELECT 1'), /password/);
  });

  it('sees whether its user may reach a folder', t => {
    const folder = temporaryFolder(t);
    chmodSync(folder, 0o700);
    assert.equal(isOpenToOthers(join(folder, 'data')), false);
    chmodSync(folder, 0o711);
    assert.equal(isOpenToOthers(join(folder, 'data')), true);
  });
});
