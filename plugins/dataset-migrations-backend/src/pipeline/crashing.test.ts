import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { amelia, readsDelay, Worker } from '../__testUtils__/controlPlane';
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

describe('crashes', () => {
  const given = usePipeline();

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
      const w = await given.worker({
        checkpoint: async ({ name }) => {
          if (name === point && !fate.died) {
            fate.died = true;
            throw new Error('killed');
          }
        },
      });
      return { w, fate };
    }

    const callsOf = (method: string) =>
      given.world.engine.calls.filter(call => call === method).length;

    /** Whether the engine is asked again for what follows a switch. */
    const afterSwitch = (point: string) =>
      // What `notify` does is written with the switch.
      /^(cut-over|rollback|retire):(switched|ended)$|^notify:ended$/.test(
        point,
      );

    it.each(points)('at %s costs nothing but time', async point => {
      const { w, fate } = await doomed(point);
      const { id } = await w.start();
      const done = await w.reaches(id, 'succeeded');
      expect(fate.died).toBe(true);
      given.expectVersion('2.0.0');
      expect(done.stages.every(({ state }) => state === 'succeeded')).toBe(
        true,
      );
      expect(given.world.announced.map(({ kind }) => kind)).toEqual([
        'announced',
        'starting',
        'succeeded',
      ]);
      expect(callsOf('cutOver')).toBe(afterSwitch(point) ? 2 : 1);
    });

    const after = ['started', 'fenced', 'switched', 'ended', 'committed'];

    it.each(after)('at rollback:%s rolls back all the same', async moment => {
      const { w, fate } = await doomed(`rollback:${moment}`);
      const { id } = await w.start();
      await w.reaches(id, 'succeeded');
      await w.migrations.rollback(id, amelia);
      await w.reaches(id, 'rolled-back');
      expect(fate.died).toBe(true);
      expect(callsOf('rollback')).toBe(
        afterSwitch(`rollback:${moment}`) ? 2 : 1,
      );
      given.expectVersion('1.0.0');
      expect(given.world.announced.map(({ kind }) => kind)).toEqual([
        'announced',
        'starting',
        'succeeded',
        'rolled-back',
      ]);
    });

    it.each(after)('at retire:%s retires all the same', async moment => {
      const { w, fate } = await doomed(`retire:${moment}`);
      const { id } = await w.start('2.0.0', 'coexist');
      await w.reaches(id, 'succeeded');
      await w.migrations.retire(id, amelia);
      await w.retires(id);
      expect(fate.died).toBe(true);
      expect(callsOf('retire')).toBe(afterSwitch(`retire:${moment}`) ? 2 : 1);
      expect(given.world.announced.map(({ kind }) => kind)).toEqual([
        'announced',
        'starting',
        'succeeded',
        'retiring',
        'retired',
      ]);
    });

    it.each(['started', 'fenced', 'abandoned', 'ended', 'committed'])(
      'at cancel:%s cancels all the same',
      async moment => {
        const { w, fate } = await doomed(`cancel:${moment}`);
        given.world.engine.before = method => {
          if (method === 'verify') {
            throw Object.assign(new Error('no'), { name: 'ConflictError' });
          }
        };
        const { id } = await w.start();
        await w.reaches(id, 'failed');
        await w.migrations.cancel(id, amelia);
        await w.reaches(id, 'cancelled');
        expect(fate.died).toBe(true);
        expect(given.world.engine.store.runs.size).toBe(0);
        given.expectVersion('1.0.0');
      },
    );
  });

  describe('a job that is given up after the store switched', () => {
    /** A worker that gets no further than `point`, until it is healed. */
    async function failing(point: string) {
      const fate = { healed: false };
      const w = await given.worker({
        checkpoint: async ({ name }) => {
          if (name === point && !fate.healed) {
            throw new Error('the database is away');
          }
        },
      });
      return { w, fate };
    }
    const givenUp = (w: Worker, id: string, stage: Stage) =>
      poll('the end of the retries', async () => {
        const { error } = await w.migrations.get(id);
        return error?.stage === stage && error.name === 'RetriesExhaustedError';
      });

    it('G3: rolls back all the same, after the window too', async () => {
      const { w, fate } = await failing('rollback:ended');
      const { id } = await w.start();
      await w.reaches(id, 'succeeded');
      await w.migrations.rollback(id, amelia);
      await givenUp(w, id, 'rollback');
      expect(given.world.engine.store.version).toBe('1.0.0');
      expect(given.world.directory.dataset.currentVersion).toBe('2.0.0');
      await given.knex('migrations').update({ rollback_until: new Date(0) });
      await w.upkeep('clean-up');
      expect(given.world.engine.calls).not.toContain('cleanUp');

      fate.healed = true;
      await w.upkeep('finish-switched');
      await w.reaches(id, 'rolled-back');
      given.expectVersion('1.0.0');
    });

    it('G3: retires all the same', async () => {
      const { w, fate } = await failing('retire:ended');
      const { id } = await w.start('2.0.0', 'coexist');
      await w.reaches(id, 'succeeded');
      await w.migrations.retire(id, amelia);
      await givenUp(w, id, 'retire');

      fate.healed = true;
      await w.upkeep('finish-switched');
      expect((await w.retires(id)).error).toBeUndefined();
      expect(given.world.announced.map(({ kind }) => kind)).toEqual([
        'announced',
        'starting',
        'succeeded',
        'retiring',
        'retired',
      ]);
    });

    it('G3: cuts over all the same, and notifies', async () => {
      const { w, fate } = await failing('cut-over:ended');
      const { id } = await w.start();
      await givenUp(w, id, 'cut-over');
      expect((await w.migrations.get(id)).state).toBe('failed');

      fate.healed = true;
      await w.upkeep('finish-switched');
      await w.reaches(id, 'succeeded');
      given.expectVersion('2.0.0');
      expect(given.world.announced.map(({ kind }) => kind)).toEqual([
        'announced',
        'starting',
        'failed',
        'succeeded',
      ]);
    });

    it('leaves alone what was given up before the switch', async () => {
      const { w } = await failing('rollback:fenced');
      const { id } = await w.start();
      await w.reaches(id, 'succeeded');
      await w.migrations.rollback(id, amelia);
      await givenUp(w, id, 'rollback');
      await w.upkeep('finish-switched');
      const kept = await w.migrations.get(id);
      expect(kept).toMatchObject({
        state: 'succeeded',
        error: { stage: 'rollback' },
        actions: ['rollback'],
      });
      given.expectVersion('2.0.0');
    });
  });

  it('judges nobody again once the store has switched, but has the engine finish', async () => {
    let calls: string[] = [];
    const w = await given.worker({
      checkpoint: async ({ name }) => {
        if (name === 'cut-over:switched' && calls.length === 0) {
          calls = [...given.world.engine.calls];
          // It would block the cut over.
          given.world.directory.consumers = [readsDelay];
          throw new Error('killed');
        }
      },
    });
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    expect(given.world.engine.calls.slice(calls.length)).toEqual([
      'fence',
      'cutOver',
    ]);
  });

  it('G4: a worker that lost its job changes nothing any more', async () => {
    const slow = await given.worker({ slots: 1 });
    let release!: () => void;
    let held = false;
    given.world.engine.before = (method, run) => {
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
    const other = await given.worker();
    // What the queue's supervisor does once it misses the heartbeats.
    await given.knex
      .withSchema('dataset_migrations_boss')
      .from('job')
      .where({ state: 'active' })
      .update({ state: 'retry', start_after: given.knex.fn.now() });
    await other.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    const { length } = given.world.engine.store.rows;
    release();
    await slow.plane.stop();
    expect(given.world.engine.store.rows).toHaveLength(length);
    expect((await other.migrations.get(id)).state).toBe('succeeded');
    expect(given.world.announced.map(({ kind }) => kind)).toEqual([
      'announced',
      'starting',
      'succeeded',
    ]);
  });

  it('hands a running migration over when its worker shuts down', async () => {
    const first = await given.worker();
    let chunks = 0;
    given.world.engine.before = async (method, run) => {
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
    const second = await given.worker();
    await first.plane.stop();
    await second.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    expect(
      (await second.log(id)).filter(line => line.startsWith('Try')),
    ).toEqual([]);
  });
});
