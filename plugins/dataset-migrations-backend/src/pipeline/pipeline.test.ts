import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { amelia, flights, readsDelay } from '../__testUtils__/controlPlane';
import { poll } from '../__testUtils__/poll';
import { usePipeline } from '../__testUtils__/usePipeline';

jest.setTimeout(120_000);

const stages: Stage[] = [
  'discover',
  'validate',
  'lock',
  'transform',
  'verify',
  'cut-over',
  'notify',
];

describe('pipeline', () => {
  const given = usePipeline();

  it('takes a migration from start to succeeded', async () => {
    const w = await given.worker();
    given.world.directory.consumers = [
      { ...readsDelay, fields: ['id'], constraint: '>=1' },
    ];
    const started = await w.migrations.start({
      request: { datasetRef: flights, targetVersion: '2.0.0' },
      initiator: amelia,
    });
    expect(started).toMatchObject({
      state: 'queued',
      stage: 'discover',
      startedBy: amelia.subject,
      actions: ['cancel'],
      stages: stages.map(stage => ({ stage, state: 'pending', attempts: 0 })),
    });

    const done = await w.reaches(started.id, 'succeeded');
    given.expectVersion('2.0.0');
    expect(done).toMatchObject({
      progress: { rowsDone: 95, rowsTotal: 95, chunksDone: 10 },
      verification: { ok: true, targetRows: 95 },
      consumers: [{ verdict: 'ready', blocking: false }],
      enginePlan: { engine: 'memory', strategy: 'shadow-copy' },
      actions: ['rollback'],
      stages: stages.map(stage => ({ stage, state: 'succeeded', attempts: 1 })),
    });
    expect(given.world.announced).toEqual([
      { kind: 'announced', to: ['component:default/board'] },
      { kind: 'starting', to: ['component:default/board'] },
      { kind: 'succeeded', to: ['component:default/board'] },
    ]);
    expect(await w.log(started.id)).toEqual([
      'Started from 1.0.0 to 2.0.0 under policy switch, by user:default/amelia',
      'Started',
      'Found 1 consumer',
      'Started',
      'Scanned 95 rows; all of them pass',
      'Started',
      expect.stringMatching(/^Holds test.flights with fence \d{13}$/),
      'Started',
      'Copied 95 rows in 10 chunks',
      'Started',
      'Verified 95 rows, checksum 95',
      'Started',
      'Version 2.0.0 took the place of 1.0.0',
      'Started',
      'resource:default/flights is at version 2.0.0',
    ]);
  });

  it('shows what an engine waits for while it waits', async () => {
    const w = await given.worker();
    const waits = 'Waits for a transaction of `ledger`';
    given.world.engine.before = async (method, run) => {
      if (method === 'cutOver') {
        run!.report!(waits);
        await poll('the line in the log', async () =>
          (await w.log(run!.migrationId)).includes(waits),
        );
      }
    };
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    expect(await w.log(id)).toContain(waits);
  });

  it('G3: has on record what led to the lock, and to the switch, before it begins', async () => {
    const w = await given.worker();
    const seen: Record<string, unknown> = {};
    given.world.engine.before = async (method, run) => {
      if (method === 'prepare' || method === 'cutOver') {
        const { stage, fence, verdicts, verification } = await given
          .knex('migrations')
          .where({ id: run!.migrationId })
          .first();
        const { stages: all } = await w.migrations.get(run!.migrationId);
        seen[method] = {
          stage,
          holdsFence: Number(fence) === run!.fence,
          isJudged: Array.isArray(verdicts),
          isVerified: verification?.ok,
          states: all.map(({ state }) => state),
        };
      }
    };
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    expect(seen.prepare).toMatchObject({
      stage: 'lock',
      holdsFence: true,
      isJudged: true,
      states: [
        'succeeded',
        'succeeded',
        'running',
        ...Array(4).fill('pending'),
      ],
    });
    expect(seen.cutOver).toMatchObject({
      stage: 'cut-over',
      isVerified: true,
      states: [...Array(5).fill('succeeded'), 'running', 'pending'],
    });
  });

  it('tells of stages that were written together when each began and ended', async () => {
    const w = await given.worker();
    given.world.engine.before = async method => {
      if (['preflight', 'copyChunk', 'verify'].includes(method)) {
        await given.knex.raw('SELECT pg_sleep(0.02)');
      }
    };
    const { id } = await w.start();
    const { stages: all } = await w.reaches(id, 'succeeded');
    const times = all.flatMap(({ startedAt, finishedAt }) => [
      Date.parse(startedAt!),
      Date.parse(finishedAt!),
    ]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    for (const stage of ['validate', 'transform', 'verify']) {
      const { startedAt, finishedAt } = all.find(one => one.stage === stage)!;
      expect(startedAt).not.toBe(finishedAt);
    }
  });

  it('G4: takes one lease for all stages of a job, and fences once', async () => {
    const w = await given.worker();
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    const { calls } = given.world.engine;
    expect(calls.filter(call => call === 'fence')).toHaveLength(1);
    expect(calls.indexOf('fence')).toBeLessThan(calls.indexOf('prepare'));
  });

  it('G4: waits for its location where its lease lapsed and another migration took it', async () => {
    const w = await given.worker();
    const other = '0f1c6a0e-94a1-4f0c-8a7c-6a0d6a3c6f11';
    let taken = false;
    given.world.engine.before = async (method, run) => {
      if (method === 'copyChunk' && !taken) {
        taken = true;
        await given.knex('leases').update({
          token: run!.fence + 1,
          migration_id: other,
          holder: 'another worker',
          expires_at: given.knex.raw(`now() + interval '3 seconds'`),
        });
        await given.world.engine.fence({ ...run!, fence: run!.fence + 1 });
      }
    };
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    expect(await w.log(id)).toContainEqual(
      expect.stringContaining(`Waits: Migration ${other} holds this location`),
    );
  });

  it('copies in bounded slices, one job after another', async () => {
    const w = await given.worker({ sliceDuration: '1ms' });
    given.world.engine.before = async method => {
      if (method === 'copyChunk') {
        await given.knex.raw('SELECT pg_sleep(0.002)');
      }
    };
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    const raised = given.world.engine.calls.filter(call => call === 'fence');
    // lock, verify, cut over, and one for every chunk.
    expect(raised).toHaveLength(13);
  });

  it('shows how far a chunk got that takes long', async () => {
    const w = await given.worker();
    const seen: number[] = [];
    given.world.engine.amidChunk = async report => {
      if (seen.length > 0) {
        return;
      }
      await poll('progress amid the first chunk', async () => {
        report({
          done: false,
          rows: 4,
          rowsDone: 4,
          chunksDone: 0,
          share: 0.4,
        });
        const { progress } = await given.knex('migrations').first('progress');
        if (progress?.share !== 0.4) {
          return false;
        }
        expect(progress).toMatchObject({ rowsDone: 4, chunksDone: 0 });
        return seen.push(progress.share);
      });
    };
    const { id } = await w.start();
    await expect(w.reaches(id, 'succeeded')).resolves.toMatchObject({
      progress: { rowsDone: 95, rowsTotal: 95, chunksDone: 10 },
    });
    expect(seen).toEqual([0.4]);
  });

  it('waits for a location that another migration is not done with', async () => {
    const w = await given.worker();
    await given.knex('leases').insert({
      location_key: 'memory:flights',
      token: 1,
      migration_id: '00000000-0000-4000-8000-000000000000',
      expires_at: given.knex.raw("now() + interval '1 hour'"),
    });
    const { id } = await w.start();
    await poll('the wait', async () =>
      (await w.log(id)).some(line => line.startsWith('Waits: Migration 0000')),
    );
    expect(given.world.engine.calls).toEqual([]);
    await given.knex('leases').update({ migration_id: null });
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
  });
});
