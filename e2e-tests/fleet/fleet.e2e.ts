import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../scripts/lib/eventually';
import { inState } from '../lib/inState';
import { childrenOf, isAlive, isStopped } from '../lib/processes';
import { World } from '../lib/world';
import { datasetRef, Subject, subjects } from '../torture/catalog';
import { fewMixedRows } from '../torture/mixedRows';
import { watch } from '../torture/readers';
import { startTortureWorld, TortureWorld } from '../torture/tortureWorld';

describe('several backends and workers over one database', () => {
  let world: TortureWorld;
  let second: World['portal'];

  before(async () => {
    world = await startTortureWorld('fleet', { material: fewMixedRows });
    [second] = await Promise.all([
      world.startPortal({ name: 'portal-2' }),
      world.keepWorkers(2),
    ]);
  });

  after(() => world?.stop());

  const start = (subject: Subject) =>
    world.client.startMigration({
      datasetRef: datasetRef(subject),
      targetVersion: '2.0.0',
    });

  async function undo(subject: Subject, id: string) {
    await world.client.rollbackMigration(id);
    await inState(world.client, id, 'rolled-back');
    assert.equal(await world.readers[subject].differences('1.0.0'), 0);
  }

  it('G1: 50 simultaneous starts through two backends give one active migration', async () => {
    const clients = [world.client, world.clientAt(second.url)];
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) =>
        clients[index % 2].startMigration({
          datasetRef: datasetRef('table'),
          targetVersion: '2.0.0',
        }),
      ),
    );
    const started = outcomes.flatMap(outcome =>
      outcome.status === 'fulfilled' ? [outcome.value.id] : [],
    );
    const refusals = outcomes.flatMap(outcome =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    assert.equal(new Set(started).size, 1);
    assert.equal(started.length, 1);
    for (const refusal of refusals) {
      assert.equal(refusal.statusCode, 409, String(refusal));
      assert.match(refusal.body.error.message, new RegExp(started[0]));
    }
    await world.client.cancelMigration(started[0]);
    await inState(world.client, started[0], 'cancelled');
    await second.stop();
  });

  it('gives the same migration for the same idempotency key, to 50 callers at once', async () => {
    const migrations = await Promise.all(
      Array.from({ length: 50 }, () =>
        world.client.startMigration(
          { datasetRef: datasetRef('files'), targetVersion: '2.0.0' },
          { idempotencyKey: 'the-same' },
        ),
      ),
    );
    const ids = new Set(migrations.map(({ id }) => id));
    assert.equal(ids.size, 1);
    const [id] = ids;
    await world.client.cancelMigration(id);
    await inState(world.client, id, 'cancelled');
  });

  for (const subject of subjects) {
    for (const point of [
      'transform:chunk',
      'verify:verified',
      'cut-over:fenced',
      'cut-over:switched',
    ]) {
      it(`G4: a worker paused at ${point} of the ${subject} past its lease changes nothing afterwards`, async t => {
        await world.keepWorkers(2);
        const watched = watch(world.readers[subject], () => false);
        t.after(() => watched.stop());
        world.ambush({ point, signal: 'SIGSTOP' });
        const { id } = await start(subject);
        await inState(world.client, id, 'succeeded');
        const seen = await world.readers[subject].read();
        const paused = world.workers.filter(({ pid }) => isStopped(pid));
        assert.equal(paused.length, 1, 'one worker was paused');

        const resumed = Date.now();
        paused[0].signal('SIGCONT');
        await eventually('the worker has let go of its job', async () => {
          const { workers } = await world.client.getQueueStatus();
          return workers.some(
            ({ pid, running, lastSeenAt }) =>
              pid === paused[0].pid &&
              running === 0 &&
              Date.parse(lastSeenAt) > resumed,
          );
        });

        assert.equal(await world.readers[subject].read(), seen);
        assert.equal(await world.readers[subject].differences('2.0.0'), 0);
        assert.equal((await world.client.getMigration(id)).state, 'succeeded');
        assert.deepEqual((await watched.stop()).wrong, []);
        await undo(subject, id);
      });
    }
  }

  for (const subject of subjects) {
    it(`G6: a consumer of the ${subject} that appears during the transformation is judged before the cut over`, async () => {
      await world.keepWorkers(2);
      world.ambush({ point: 'transform:chunk', signal: 'SIGSTOP', skip: 1 });
      const { id } = await start(subject);
      await eventually('a worker is paused', async () =>
        world.workers.some(({ pid }) => isStopped(pid)),
      );
      // Nor may the other one finish it before the consumer is there.
      for (const worker of world.workers) worker.signal('SIGSTOP');
      await world.declareReaders([
        { name: 'late-reader', version: '^1.0.0', fields: ['name'] },
      ]);
      await eventually('the catalog has the consumer', async () => {
        const { items } = await world.client.getConsumers(datasetRef(subject), {
          targetVersion: '2.0.0',
        });
        return items.length === 1;
      });
      assert.equal((await world.client.getMigration(id)).state, 'running');
      for (const worker of world.workers) worker.signal('SIGCONT');

      const blocked = await inState(world.client, id, 'blocked');
      assert.equal(blocked.stage, 'cut-over');
      assert.match(blocked.error!.message, /late-reader.*name/s);
      assert.equal(await world.readers[subject].differences('1.0.0'), 0);

      await world.declareReaders([]);
      const migration = await inState(world.client, id, 'succeeded');
      assert.equal(migration.error, undefined);
      assert.equal(await world.readers[subject].differences('2.0.0'), 0);
      await undo(subject, id);
    });
  }

  it('serves the metrics of what it did, without naming datasets or people', async () => {
    const scrapes = await Promise.all(
      [world.portal, ...world.workers].map(async ({ metricsUrl }) =>
        (await fetch(metricsUrl)).text(),
      ),
    );
    const metrics = scrapes.join('\n');
    for (const name of [
      'queue_depth',
      'backlog_eligible',
      'queue_oldest_age',
      'workers_alive',
      'migrations_total',
      'rows_transformed',
      'job_duration',
      'stage_duration',
      'deliveries_total',
    ]) {
      assert.match(
        metrics,
        new RegExp(`^dataset_migrations_${name}.* \\d`, 'm'),
      );
    }
    const ours = metrics.split('\n').filter(l => l.startsWith('dataset_mig'));
    assert.doesNotMatch(ours.join('\n'), /torture|group:|resource:/);
  });

  it('G4: a DuckDB process that outlives its worker changes nothing afterwards', async () => {
    await world.keepWorkers(2);
    world.ambush({ point: 'transform:chunk', signal: 'SIGSTOP', skip: 1 });
    const { id } = await start('files');
    const paused = await eventually('a worker is paused', async () =>
      world.workers.find(({ pid }) => isStopped(pid)),
    );
    const children = childrenOf(paused.pid);
    assert.ok(children.length > 0, 'the worker has a DuckDB process');
    for (const child of children) process.kill(child, 'SIGSTOP');
    // The worker alone: its process group would take the child with it.
    process.kill(paused.pid, 'SIGKILL');

    await inState(world.client, id, 'succeeded');
    for (const child of children) {
      if (isStopped(child)) process.kill(child, 'SIGCONT');
    }
    await eventually('the orphans have ended', async () =>
      children.every(child => !isAlive(child)),
    );
    assert.equal(await world.readers.files.differences('2.0.0'), 0);
    await undo('files', id);
  });
});
