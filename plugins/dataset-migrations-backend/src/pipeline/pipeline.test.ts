import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  amelia,
  flights,
  readsDelay,
  Worker,
  World,
} from '../__testUtils__/controlPlane';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';

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
  const database = useTestDatabase();
  let knex: Knex;
  let world: World;
  let workers: Worker[];

  beforeEach(async () => {
    knex = database();
    world = new World(knex);
    workers = [];
  });

  afterEach(async () => {
    await Promise.all(workers.map(({ plane }) => plane.stop()));
  });

  async function worker(...args: Parameters<World['worker']>) {
    const created = await world.worker(...args);
    workers.push(created);
    return created;
  }

  /** The data, and what the plugin says of them. */
  const expectVersion = (version: '1.0.0' | '2.0.0') => {
    const field = version === '1.0.0' ? 'delay' : 'arrival_delay';
    expect(world.engine.store.rows).toEqual(
      Array.from({ length: 95 }, (_, i) => ({
        id: String(i + 1),
        [field]: String(i * 3),
      })),
    );
    expect(world.directory.dataset.currentVersion).toBe(version);
  };

  it('takes a migration from start to succeeded', async () => {
    const w = await worker();
    world.directory.consumers = [
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
    expectVersion('2.0.0');
    expect(done).toMatchObject({
      progress: { rowsDone: 95, rowsTotal: 95, chunksDone: 10 },
      verification: { ok: true, targetRows: 95 },
      consumers: [{ verdict: 'ready', blocking: false }],
      enginePlan: { engine: 'memory', strategy: 'shadow-copy' },
      actions: ['rollback'],
      stages: stages.map(stage => ({ stage, state: 'succeeded', attempts: 1 })),
    });
    expect(world.announced).toEqual([
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

  it('copies in bounded slices, one job after another', async () => {
    const w = await worker({ sliceDuration: '1ms' });
    world.engine.before = async method => {
      if (method === 'copyChunk') {
        await knex.raw('SELECT pg_sleep(0.002)');
      }
    };
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    expectVersion('2.0.0');
    const raised = world.engine.calls.filter(call => call === 'fence');
    // lock, verify, cut over, and one for every chunk.
    expect(raised).toHaveLength(13);
  });

  it('G6: blocks, says who and why, and goes on by itself', async () => {
    const w = await worker();
    world.directory.consumers = [readsDelay];
    const { id } = await w.start();
    const blocked = await w.reaches(id, 'blocked');
    expect(blocked).toMatchObject({
      stage: 'validate',
      error: {
        name: 'BreakingChangeError',
        message: expect.stringMatching(
          /^Breaking change detected: component:default\/board .*`delay`.*renamed to `arrival_delay`/,
        ),
        stage: 'validate',
      },
      actions: ['cancel', 'override', 'coexist'],
    });
    expect(world.announced).toEqual([
      { kind: 'blocked', to: ['component:default/board'] },
    ]);
    expectVersion('1.0.0');

    // A change that does not help leaves it as it is.
    await world.directory.changed();
    expect(await w.migrations.get(id)).toMatchObject({ state: 'blocked' });

    world.directory.consumers = [
      { ...readsDelay, constraint: '^2.0.0', fields: ['arrival_delay'] },
    ];
    await world.directory.changed();
    await w.reaches(id, 'succeeded');
    expectVersion('2.0.0');
  });

  it('does not go on for somebody who may no longer migrate', async () => {
    const w = await worker();
    world.directory.consumers = [readsDelay];
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    world.directory.consumers = [];
    world.mayMigrate = false;
    await world.directory.changed();
    await w.upkeep('reconsider-blocked');
    expect(await w.migrations.get(id)).toMatchObject({
      state: 'blocked',
      error: { name: 'NotAllowedError' },
    });
    expect(
      (await w.log(id)).filter(line => line.includes('no longer migrate')),
    ).toHaveLength(1);

    world.mayMigrate = true;
    await w.upkeep('reconsider-blocked');
    await w.reaches(id, 'succeeded');
  });

  it('G6: an override covers those who block now, not those who come later', async () => {
    const w = await worker();
    world.directory.consumers = [readsDelay];
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    world.engine.before = method => {
      if (method === 'verify') {
        world.directory.consumers = [
          readsDelay,
          { ...readsDelay, entityRef: 'component:default/latecomer' },
        ];
      }
    };
    await expect(
      w.migrations.override(id, { by: amelia, reason: '  ' }),
    ).rejects.toThrow('reason must say why');
    const overridden = await w.migrations.override(id, {
      by: amelia,
      reason: 'the board is switched off',
    });
    expect(overridden.override).toEqual({
      by: amelia.subject,
      reason: 'the board is switched off',
      at: expect.any(String),
    });
    const blocked = await w.reaches(id, 'blocked');
    expect(blocked.stage).toBe('cut-over');
    expect(blocked.error?.message).toContain('component:default/latecomer');
    expect(blocked.error?.message).not.toContain('component:default/board');
    expectVersion('1.0.0');

    // The shadow was kept: nothing is copied again.
    const copied = world.engine.calls.filter(c => c === 'copyChunk').length;
    await w.migrations.override(id, { by: amelia, reason: 'that one too' });
    await w.reaches(id, 'succeeded');
    expectVersion('2.0.0');
    expect(world.engine.calls.filter(c => c === 'copyChunk')).toHaveLength(
      copied,
    );
  });

  it('coexists instead of blocking, then retires when nobody needs it', async () => {
    const w = await worker();
    world.directory.consumers = [readsDelay];
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    await w.migrations.coexist(id, amelia);
    const done = await w.reaches(id, 'succeeded');
    expect(done).toMatchObject({
      policy: 'coexist',
      oldVersionState: 'coexisting',
      actions: ['rollback', 'retire'],
    });
    expect(world.directory.dataset.versions).toMatchObject([
      { version: '1.0.0', state: 'coexisting' },
      { version: '2.0.0', state: 'current' },
      { version: '3.0.0', state: 'proposed' },
    ]);
    await expect(w.start('3.0.0')).rejects.toThrow(
      'Version 1.0.0 of resource:default/flights still coexists with 2.0.0; retire it first',
    );

    // G6: not while somebody needs it.
    await w.migrations.retire(id, amelia);
    const refused = await poll('the refusal', async () => {
      const migration = await w.migrations.get(id);
      return migration.error && migration;
    });
    expect(refused).toMatchObject({
      state: 'succeeded',
      oldVersionState: 'coexisting',
      error: { name: 'BreakingChangeError', stage: 'retire' },
      actions: ['rollback', 'retire', 'override'],
    });
    expect(world.engine.calls).not.toContain('retire');

    world.directory.consumers = [];
    await w.migrations.retire(id, amelia);
    await poll('the retirement', async () => {
      const { oldVersionState } = await w.migrations.get(id);
      return oldVersionState === 'retired';
    });
    expect((await w.migrations.get(id)).actions).toEqual([]);
    expect(world.announced.map(({ kind }) => kind)).toEqual([
      'blocked',
      'succeeded',
      'retired',
    ]);
  });

  it('retires by itself once the window is over and nobody needs it', async () => {
    const w = await worker();
    world.directory.consumers = [readsDelay];
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    const retired = async () =>
      (await w.migrations.get(id)).oldVersionState === 'retired';

    world.directory.consumers = [];
    await w.upkeep('retire-old-versions');
    expect(await retired()).toBe(false);

    await knex('migrations').update({ rollback_until: new Date() });
    world.directory.consumers = [readsDelay];
    await w.upkeep('retire-old-versions');
    expect(await retired()).toBe(false);

    world.directory.consumers = [];
    await w.upkeep('retire-old-versions');
    await poll('the retirement', retired);
  });

  it('cancels within a chunk and leaves nothing behind', async () => {
    const w = await worker();
    let inChunk = false;
    world.engine.before = (method, run) => {
      if (method === 'copyChunk' && world.engine.calls.length > 5) {
        inChunk = true;
        return new Promise((_, reject) => {
          run!.signal.addEventListener('abort', () =>
            reject(run!.signal.reason),
          );
        });
      }
      return undefined;
    };
    const { id } = await w.start();
    await poll('the copying', () => inChunk);
    expect(await w.migrations.cancel(id, amelia)).toMatchObject({
      state: 'cancelling',
      actions: [],
    });
    const cancelled = await w.reaches(id, 'cancelled');
    expect(cancelled.stages.map(({ state }) => state)).toEqual([
      'succeeded',
      'succeeded',
      'succeeded',
      'skipped',
      'skipped',
      'skipped',
      'skipped',
    ]);
    expectVersion('1.0.0');
    expect(world.engine.store.runs.size).toBe(0);
    await expect(w.migrations.cancel(id, amelia)).rejects.toThrow(
      "is cancelled at stage transform, which does not allow 'cancel'",
    );
  });

  it('cancels a migration that waits, or is blocked, or has failed', async () => {
    const idle = await worker({ slots: 0 });
    const waiting = await idle.start();
    await idle.migrations.cancel(waiting.id, amelia);
    const w = await worker();
    await w.reaches(waiting.id, 'cancelled');

    world.directory.consumers = [readsDelay];
    const blocked = await w.start();
    await w.reaches(blocked.id, 'blocked');
    await w.migrations.cancel(blocked.id, amelia);
    await w.reaches(blocked.id, 'cancelled');

    world.directory.consumers = [];
    world.engine.findings = [{ kind: 'cast-fails', rows: 1, message: 'no' }];
    const failed = await w.start();
    await w.reaches(failed.id, 'failed');
    await w.migrations.cancel(failed.id, amelia);
    const cancelled = await w.reaches(failed.id, 'cancelled');
    expect(cancelled.actions).toEqual([]);
    expectVersion('1.0.0');
  });

  it('a cancellation that comes after the switch comes too late', async () => {
    const w = await worker({
      checkpoint: async ({ name, migrationId }) => {
        if (name === 'cut-over:switched') {
          await workers[0].migrations.cancel(migrationId, amelia);
        }
      },
    });
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    expectVersion('2.0.0');
    expect((await w.log(id)).pop()).toMatch(/came after the cut over/);
  });

  it('G10: fails on what the scan finds, and keeps no value of a row', async () => {
    const w = await worker();
    world.engine.findings = [
      {
        kind: 'cast-fails',
        field: 'delay',
        rows: 2,
        message: "Values of 'delay' cannot be cast to integer",
        samples: ['abc', 'secret'],
      },
    ];
    const { id } = await w.start();
    const failed = await w.reaches(id, 'failed');
    expect(failed).toMatchObject({
      error: {
        name: 'InputError',
        message:
          "Values of 'delay' cannot be cast to integer (2 rows, field 'delay')",
        stage: 'validate',
      },
      actions: ['retry', 'cancel'],
    });
    expect(JSON.stringify(await knex('migrations'))).not.toContain('secret');
    expect(JSON.stringify(await knex('migration_events'))).not.toContain(
      'secret',
    );

    world.engine.findings = [];
    await w.migrations.retry(id, amelia);
    const done = await w.reaches(id, 'succeeded');
    expect(done.stages[1]).toMatchObject({ stage: 'validate', attempts: 2 });
  });

  it('fails on refusals of the engine and on drift of the version', async () => {
    const w = await worker();
    world.engine.refusals = ['The table has no primary key'];
    const first = await w.start();
    expect(await w.reaches(first.id, 'failed')).toMatchObject({
      error: { message: 'The table has no primary key' },
      enginePlan: { refusals: ['The table has no primary key'] },
    });

    world.engine.refusals = [];
    world.engine.store.version = '1.5.0';
    const second = await w.start();
    expect(await w.reaches(second.id, 'failed')).toMatchObject({
      error: {
        name: 'ConflictError',
        message: 'The store holds version 1.5.0 at test.flights, not 1.0.0',
      },
    });
  });

  it('G5: a failed verification cuts nothing over; a retry copies afresh', async () => {
    const w = await worker();
    world.engine.before = (method, run) => {
      if (method === 'verify') {
        world.engine.store.runs.get(run!.migrationId)!.shadow[7] = {
          id: '8',
          arrival_delay: '0',
        };
      }
    };
    const { id } = await w.start();
    expect(await w.reaches(id, 'failed')).toMatchObject({
      stage: 'verify',
      error: { name: 'VerificationError', message: 'id 1..9 differs' },
      verification: { ok: false },
    });
    expectVersion('1.0.0');

    world.engine.before = undefined;
    await w.migrations.retry(id, amelia);
    await w.reaches(id, 'succeeded');
    expectVersion('2.0.0');
  });

  it('G9: a write during the migration fails it clean; a retry takes it along', async () => {
    const w = await worker();
    world.engine.before = method => {
      if (method === 'cutOver') {
        world.engine.before = undefined;
        world.engine.write(rows => [...rows, { id: '96', delay: '1' }]);
      }
    };
    const { id } = await w.start();
    expect(await w.reaches(id, 'failed')).toMatchObject({
      stage: 'cut-over',
      error: { name: 'SourceChangedError' },
    });
    await w.migrations.retry(id, amelia);
    await w.reaches(id, 'succeeded');
    expect(world.engine.store.rows).toHaveLength(96);
    expect(world.engine.store.rows[95]).toEqual({
      id: '96',
      arrival_delay: '1',
    });
  });

  it('tries again what may pass, with the reason in the log', async () => {
    const w = await worker();
    let failures = 2;
    world.engine.before = method => {
      if (method === 'copyChunk' && failures > 0) {
        failures -= 1;
        throw new Error(
          'connect ECONNREFUSED postgres://skein:hunter2@db/warehouse',
        );
      }
    };
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    expectVersion('2.0.0');
    const tries = (await w.log(id)).filter(line => line.startsWith('Try'));
    expect(tries).toEqual([
      'Try 1 did not succeed: connect ECONNREFUSED postgres://***@db/warehouse',
      'Try 2 did not succeed: connect ECONNREFUSED postgres://***@db/warehouse',
    ]);
  });

  it('fails when the retries are used up, and can be retried', async () => {
    const w = await worker();
    let broken = true;
    world.engine.before = method => {
      if (method === 'copyChunk' && broken) {
        throw new Error('the disk is full');
      }
    };
    const { id } = await w.start();
    expect(await w.reaches(id, 'failed')).toMatchObject({
      stage: 'transform',
      error: {
        name: 'RetriesExhaustedError',
        message: 'Given up after several tries: the disk is full',
        stage: 'transform',
      },
    });
    expect(world.announced.map(({ kind }) => kind)).toEqual(['failed']);
    broken = false;
    await w.migrations.retry(id, amelia);
    await w.reaches(id, 'succeeded');
    expectVersion('2.0.0');
  });

  it('G8: rolls back within the window, and not after it', async () => {
    const w = await worker();
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    await w.migrations.rollback(id, amelia);
    const rolledBack = await w.reaches(id, 'rolled-back');
    expectVersion('1.0.0');
    expect(rolledBack.stages.pop()).toMatchObject({
      stage: 'rollback',
      state: 'succeeded',
    });
    expect(world.announced.map(({ kind }) => kind)).toEqual([
      'succeeded',
      'rolled-back',
    ]);

    const again = await w.start();
    await w.reaches(again.id, 'succeeded');
    await knex('migrations').update({ rollback_until: new Date() });
    await expect(w.migrations.rollback(again.id, amelia)).rejects.toThrow(
      "which does not allow 'rollback'",
    );
  });

  it('G8: a roll back that would lose writes leaves the new version published', async () => {
    const w = await worker();
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    world.engine.write(rows => rows.slice(1));
    await w.migrations.rollback(id, amelia);
    const kept = await w.reaches(id, 'succeeded');
    expect(kept).toMatchObject({
      error: {
        name: 'ConflictError',
        message: 'The new version was written since',
        stage: 'rollback',
      },
      actions: ['rollback'],
    });
    expect(world.directory.dataset.currentVersion).toBe('2.0.0');
  });

  it('only the last migration of a place can be rolled back', async () => {
    const w = await worker();
    const first = await w.start();
    await w.reaches(first.id, 'succeeded');
    const second = await w.start('3.0.0');
    await w.reaches(second.id, 'succeeded');
    expect((await w.migrations.get(first.id)).actions).toEqual([]);
    expect((await w.migrations.get(second.id)).actions).toEqual(['rollback']);
  });

  it('removes what was kept once nobody can want it back', async () => {
    const w = await worker();
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    await w.upkeep('clean-up');
    expect(world.engine.calls).not.toContain('cleanUp');
    await knex('migrations').update({ rollback_until: new Date() });
    await w.upkeep('clean-up');
    await w.upkeep('clean-up');
    expect(world.engine.calls.filter(c => c === 'cleanUp')).toHaveLength(1);
    expectVersion('2.0.0');
  });

  it('removes the shadow of a failure that nobody took up again', async () => {
    const w = await worker();
    world.engine.before = method => {
      if (method === 'verify') {
        throw Object.assign(new Error('no'), { name: 'ConflictError' });
      }
    };
    const { id } = await w.start();
    await w.reaches(id, 'failed');
    await w.upkeep('clean-up');
    expect(world.engine.store.runs.size).toBe(1);
    await knex('migrations').update({ finished_at: new Date(0) });
    await w.upkeep('clean-up');
    expect(world.engine.store.runs.size).toBe(0);

    // A retry finds nothing to go on with, and copies afresh.
    world.engine.before = undefined;
    await w.migrations.retry(id, amelia);
    await w.reaches(id, 'succeeded');
    expectVersion('2.0.0');
    expect(await w.log(id)).toContain(
      'The shadow is gone; copying starts over',
    );
  });

  it('gives a migration whose job was lost another one', async () => {
    const w = await worker({ slots: 0 });
    const { id } = await w.start();
    await w.upkeep('requeue-orphans');
    expect(await w.log(id)).toHaveLength(1);
    await knex.withSchema('dataset_migrations_boss').from('job').delete();
    await w.upkeep('requeue-orphans');
    expect((await w.log(id)).pop()).toBe(
      'Its job was lost; another one takes over',
    );
    await worker();
    await w.reaches(id, 'succeeded');
  });

  describe('G3: a worker that dies', () => {
    const points = stages.flatMap(stage => {
      const moments = ['started', 'ended', 'committed'];
      if (['lock', 'transform', 'verify', 'cut-over'].includes(stage)) {
        moments.push('fenced');
      }
      const own: Partial<Record<Stage, string>> = {
        lock: 'prepared',
        transform: 'chunk',
        verify: 'verified',
        'cut-over': 'switched',
      };
      return [...moments, ...(own[stage] ? [own[stage]] : [])].map(
        moment => `${stage}:${moment}`,
      );
    });

    /** A worker that dies at a point, once. */
    async function doomed(point: string) {
      const fate = { died: false };
      const w = await worker({
        checkpoint: async ({ name }) => {
          if (name === point && !fate.died) {
            fate.died = true;
            throw new Error('killed');
          }
        },
      });
      return { w, fate };
    }

    it.each(points)('at %s costs nothing but time', async point => {
      const { w, fate } = await doomed(point);
      const { id } = await w.start();
      const done = await w.reaches(id, 'succeeded');
      expect(fate.died).toBe(true);
      expectVersion('2.0.0');
      expect(done.stages.every(({ state }) => state === 'succeeded')).toBe(
        true,
      );
      expect(world.announced.map(({ kind }) => kind)).toEqual(['succeeded']);
      expect(
        world.engine.calls.filter(call => call === 'cutOver'),
      ).toHaveLength(1);
    });

    const after = ['started', 'fenced', 'switched', 'ended', 'committed'];

    it.each(after)('at rollback:%s rolls back all the same', async moment => {
      const { w, fate } = await doomed(`rollback:${moment}`);
      const { id } = await w.start();
      await w.reaches(id, 'succeeded');
      await w.migrations.rollback(id, amelia);
      await w.reaches(id, 'rolled-back');
      expect(fate.died).toBe(true);
      expectVersion('1.0.0');
      expect(world.announced.map(({ kind }) => kind)).toEqual([
        'succeeded',
        'rolled-back',
      ]);
    });

    it.each(after)('at retire:%s retires all the same', async moment => {
      const { w, fate } = await doomed(`retire:${moment}`);
      const { id } = await w.start('2.0.0', 'coexist');
      await w.reaches(id, 'succeeded');
      await w.migrations.retire(id, amelia);
      await poll('the retirement', async () => {
        const { oldVersionState } = await w.migrations.get(id);
        return oldVersionState === 'retired';
      });
      expect(fate.died).toBe(true);
      expect(world.announced.map(({ kind }) => kind)).toEqual([
        'succeeded',
        'retired',
      ]);
    });

    it.each(['started', 'fenced', 'abandoned', 'ended', 'committed'])(
      'at cancel:%s cancels all the same',
      async moment => {
        const { w, fate } = await doomed(`cancel:${moment}`);
        world.engine.before = method => {
          if (method === 'verify') {
            throw Object.assign(new Error('no'), { name: 'ConflictError' });
          }
        };
        const { id } = await w.start();
        await w.reaches(id, 'failed');
        await w.migrations.cancel(id, amelia);
        await w.reaches(id, 'cancelled');
        expect(fate.died).toBe(true);
        expect(world.engine.store.runs.size).toBe(0);
        expectVersion('1.0.0');
      },
    );
  });

  it('G4: a worker that lost its job changes nothing any more', async () => {
    const slow = await worker({ slots: 1 });
    let release!: () => void;
    let held = false;
    world.engine.before = (method, run) => {
      // In the middle of a chunk, deaf to signals, as if paused.
      if (method === 'copyChunk' && !held) {
        held = true;
        return new Promise<void>(resolve => {
          release = resolve;
        }).then(() => {
          Object.defineProperty(run, 'signal', {
            value: new AbortController().signal,
          });
        });
      }
      return undefined;
    };
    const { id } = await slow.start();
    await poll('the pause', () => held);
    const other = await worker();
    // What the queue's supervisor does once it misses the heartbeats.
    await knex
      .withSchema('dataset_migrations_boss')
      .from('job')
      .where({ state: 'active' })
      .update({ state: 'retry', start_after: knex.fn.now() });
    await other.reaches(id, 'succeeded');
    expectVersion('2.0.0');
    const { length } = world.engine.store.rows;
    release();
    await slow.plane.stop();
    workers = workers.filter(item => item !== slow);
    expect(world.engine.store.rows).toHaveLength(length);
    expect((await other.migrations.get(id)).state).toBe('succeeded');
    expect(world.announced.map(({ kind }) => kind)).toEqual(['succeeded']);
  });

  it('hands a running migration over when its worker shuts down', async () => {
    const first = await worker();
    let chunks = 0;
    world.engine.before = async (method, run) => {
      if (method === 'copyChunk' && ++chunks === 3) {
        await new Promise((_, reject) => {
          run!.signal.addEventListener('abort', () =>
            reject(run!.signal.reason),
          );
        });
      }
    };
    const { id } = await first.start();
    await poll('the third chunk', () => chunks === 3);
    const second = await worker();
    await first.plane.stop();
    workers = workers.filter(item => item !== first);
    await second.reaches(id, 'succeeded');
    expectVersion('2.0.0');
    expect(
      (await second.log(id)).filter(line => line.startsWith('Try')),
    ).toEqual([]);
  });

  it('waits for a location that another migration is not done with', async () => {
    const w = await worker();
    await knex('leases').insert({
      location_key: 'memory:flights',
      token: 1,
      migration_id: '00000000-0000-4000-8000-000000000000',
      expires_at: knex.raw("now() + interval '1 hour'"),
    });
    const { id } = await w.start();
    await poll('the wait', async () =>
      (await w.log(id)).some(line => line.startsWith('Waits: Migration 0000')),
    );
    expect(world.engine.calls).toEqual([]);
    await knex('leases').update({ migration_id: null });
    await w.reaches(id, 'succeeded');
    expectVersion('2.0.0');
  });
});
