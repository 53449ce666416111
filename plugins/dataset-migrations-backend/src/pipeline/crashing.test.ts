import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { amelia } from '../__testUtils__/controlPlane';
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
        'succeeded',
      ]);
      expect(
        given.world.engine.calls.filter(call => call === 'cutOver'),
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
      given.expectVersion('1.0.0');
      expect(given.world.announced.map(({ kind }) => kind)).toEqual([
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
      expect(given.world.announced.map(({ kind }) => kind)).toEqual([
        'succeeded',
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
