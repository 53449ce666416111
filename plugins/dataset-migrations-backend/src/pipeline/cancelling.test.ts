import { amelia, readsDelay } from '../__testUtils__/controlPlane';
import { poll } from '../__testUtils__/poll';
import { usePipeline } from '../__testUtils__/usePipeline';

jest.setTimeout(120_000);

describe('cancelling', () => {
  const given = usePipeline();

  it('cancels within a chunk and leaves nothing behind', async () => {
    const w = await given.worker();
    let inChunk = false;
    given.world.engine.before = (method, run) => {
      if (method === 'copyChunk' && given.world.engine.calls.length > 5) {
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
    await poll(
      'people to see it',
      async () => (await w.migrations.get(id)).stage === 'transform',
    );
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
    given.expectVersion('1.0.0');
    expect(given.world.announced.map(({ kind }) => kind)).toEqual([
      'announced',
      'starting',
      'cancelled',
    ]);
    expect(given.world.engine.store.runs.size).toBe(0);
    await expect(w.migrations.cancel(id, amelia)).rejects.toThrow(
      "is cancelled at stage transform, which does not allow 'cancel'",
    );
  });

  it('cancels a migration that waits, or is blocked, or has failed', async () => {
    const idle = await given.worker({ slots: 0 });
    const waiting = await idle.start();
    await idle.migrations.cancel(waiting.id, amelia);
    const w = await given.worker();
    await w.reaches(waiting.id, 'cancelled');

    given.world.directory.consumers = [readsDelay];
    const blocked = await w.start();
    await w.reaches(blocked.id, 'blocked');
    await w.migrations.cancel(blocked.id, amelia);
    await w.reaches(blocked.id, 'cancelled');

    given.world.directory.consumers = [];
    given.world.engine.findings = [
      { kind: 'cast-fails', rows: 1, message: 'no' },
    ];
    const failed = await w.start();
    await w.reaches(failed.id, 'failed');
    await w.migrations.cancel(failed.id, amelia);
    const cancelled = await w.reaches(failed.id, 'cancelled');
    expect(cancelled.actions).toEqual([]);
    given.expectVersion('1.0.0');
  });

  it('a cancellation that comes after the switch comes too late', async () => {
    const w = await given.worker({
      checkpoint: async ({ name, migrationId }) => {
        if (name === 'cut-over:switched') {
          await given.workers[0].migrations.cancel(migrationId, amelia);
        }
      },
    });
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    expect((await w.log(id)).pop()).toMatch(/came after the cut over/);
  });

  describe('while the engine does what follows its switch', () => {
    /** @param again - what becomes of it when the engine is asked again */
    async function cancelAfterSwitch(again: () => void) {
      let switched = false;
      given.world.engine.afterSwitch = async ({ signal }) => {
        if (switched) {
          again();
          return;
        }
        switched = true;
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      };
      const w = await given.worker();
      const { id } = await w.start();
      await poll('the switch', () => switched);
      await w.migrations.cancel(id, amelia);
      return { w, id };
    }

    it('G9: succeeds once the engine has finished', async () => {
      let finished = 0;
      const { w, id } = await cancelAfterSwitch(() => {
        finished += 1;
      });
      await w.reaches(id, 'succeeded');
      expect(finished).toBe(1);
      given.expectVersion('2.0.0');
      expect((await w.log(id)).pop()).toMatch(/came after the cut over/);
    });

    it('G9: asks the engine until it can, and has the upkeep go on where it is given up', async () => {
      let isAway = true;
      let finished = 0;
      const { w, id } = await cancelAfterSwitch(() => {
        if (isAway) {
          throw new Error('the warehouse is away');
        }
        finished += 1;
      });
      const { error } = await w.reaches(id, 'failed');
      expect(error).toMatchObject({
        name: 'RetriesExhaustedError',
        stage: 'cut-over',
      });

      isAway = false;
      await w.upkeep('finish-switched');
      await w.reaches(id, 'succeeded');
      expect(finished).toBe(1);
      given.expectVersion('2.0.0');
    });
  });
});
