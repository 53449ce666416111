import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { eventually } from '../../scripts/lib/eventually';
import { inState } from '../lib/inState';
import { isStopped } from '../lib/processes';
import { datasetRef } from '../torture/catalog';
import { mixedRows } from '../torture/mixedRows';
import { startTortureWorld, TortureWorld } from '../torture/tortureWorld';

describe('a worker of the fleet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'skein-workers-'));
  let world: TortureWorld;

  before(async () => {
    const config = join(folder, 'app-config.liveness.yaml');
    writeFileSync(
      config,
      JSON.stringify({
        datasetMigrations: { queue: { livenessTimeout: '5s' } },
      }),
    );
    world = await startTortureWorld('workers', {
      material: { ...mixedRows, rows: { table: 60_000, files: 1_000 } },
      configs: [config],
    });
    await world.keepWorkers(1);
  });

  after(async () => {
    await world?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = () =>
    world.client.startMigration({
      datasetRef: datasetRef('table'),
      targetVersion: '2.0.0',
    });

  async function undo(id: string) {
    assert.equal(await world.readers.table.differences('2.0.0'), 0);
    await world.client.rollbackMigration(id);
    await inState(world.client, id, 'rolled-back');
  }

  async function liveness({ url }: { url: string }) {
    const response = await fetch(`${url}/.backstage/health/v1/liveness`);
    return { status: response.status, said: await response.text() };
  }

  it('says who it is, and whose data it reaches', async () => {
    const { workers } = await world.client.getQueueStatus();
    assert.equal(workers.length, 1);
    assert.equal(workers[0].pid, world.workers[0].pid);
    assert.equal(workers[0].state, 'working');
    assert.deepEqual([...workers[0].engines!].sort(), ['duckdb', 'postgres']);
    assert.match(workers[0].version!, /^\d+\.\d+\.\d+/);
  });

  it('G3: told to stop, gives its job back and ends well; another one goes on', async () => {
    const [worker] = world.workers;
    // In the middle of its work, so that there is something to give back.
    world.ambush({ point: 'transform:chunk', signal: 'SIGSTOP' });
    const { id } = await start();
    await eventually('the worker is paused', async () => isStopped(worker.pid));
    worker.signal('SIGTERM');
    worker.signal('SIGCONT');
    assert.deepEqual(await worker.ended, { code: 0, signal: null });
    const { workers, running } = await world.client.getQueueStatus();
    assert.ok(workers.every(({ pid }) => pid !== worker.pid));
    assert.equal(running, 0);

    await inState(world.client, id, 'succeeded');
    const { items } = await world.client.listMigrationEvents(id);
    assert.deepEqual(
      items.filter(({ level }) => level !== 'info').map(e => e.message),
      [],
    );
    await undo(id);
  });

  it('is dead to its probe while PostgreSQL is away, as the portal is, and alive again when it is back', async () => {
    await world.keepWorkers(1);
    const processes = [world.portal, world.workers[0]];
    for (const each of processes) {
      assert.equal((await liveness(each)).status, 200);
    }
    await world.postgres.kill9();
    for (const each of processes) {
      await eventually('the probe is red', async () => {
        const { status, said } = await liveness(each);
        return status === 503 && /PostgreSQL has not answered/.test(said);
      });
    }
    await world.restartPostgres();
    for (const each of processes) {
      await eventually('the probe is green', async () => {
        return (await liveness(each)).status === 200;
      });
    }
    const { id } = await start();
    await inState(world.client, id, 'succeeded');
    await undo(id);
  });

  it('goes on when its connections are cut, and stays alive to its probe', async () => {
    const probes: number[] = [];
    const admin = new pg.Client({
      connectionString: world.postgres.connectionString,
    });
    await admin.connect();
    const { rowCount } = await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'dataset-migrations-queue'`,
    );
    await admin.end();
    assert.ok(rowCount! > 0, 'there were connections');
    const { id } = await start();
    await eventually('it is done', async () => {
      probes.push((await liveness(world.workers[0])).status);
      return (await world.client.getMigration(id)).state === 'succeeded';
    });
    assert.ok(probes.every(status => status === 200));
    await undo(id);
  });
});
