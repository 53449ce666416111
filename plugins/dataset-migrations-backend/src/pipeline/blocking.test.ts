import { NotFoundError } from '@backstage/errors';
import { amelia, readsDelay } from '../__testUtils__/controlPlane';
import { usePipeline } from '../__testUtils__/usePipeline';

jest.setTimeout(120_000);

describe('a blocked migration', () => {
  const given = usePipeline();

  it('G6: blocks, says who and why, and goes on by itself', async () => {
    const w = await given.worker();
    given.world.directory.consumers = [readsDelay];
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
    expect(given.world.announced).toEqual([
      { kind: 'announced', to: ['component:default/board'] },
      { kind: 'blocked', to: ['component:default/board'] },
    ]);
    given.expectVersion('1.0.0');

    // A change that does not help leaves it as it is.
    await given.world.directory.changed();
    expect(await w.migrations.get(id)).toMatchObject({ state: 'blocked' });

    given.world.directory.consumers = [
      { ...readsDelay, constraint: '^2.0.0', fields: ['arrival_delay'] },
    ];
    await given.world.directory.changed();
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
  });

  it('tells who comes to stand in its way, once, and nobody else', async () => {
    const w = await given.worker();
    const { directory, announced } = given.world;
    const named = (name: string) => ({
      ...readsDelay,
      entityRef: `component:default/${name}`,
    });
    const ready = {
      ...named('report'),
      constraint: '^2.0.0',
      fields: ['arrival_delay'],
    };
    directory.consumers = [readsDelay, ready];
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    const before = announced.length;

    // One is new, and one reads by now what changes.
    directory.consumers = [readsDelay, named('report'), named('latecomer')];
    await directory.changed();
    await w.blocksAgain(id, 'latecomer');
    await directory.changed();
    await w.upkeep('reconsider-blocked');
    expect(announced.slice(before)).toEqual([
      {
        kind: 'blocked',
        to: ['component:default/report', 'component:default/latecomer'],
      },
    ]);
    expect(await w.log(id)).toContainEqual(
      expect.stringMatching(
        /^Stands in its way by now: component:default\/report reads .*`delay`.*component:default\/latecomer/,
      ),
    );

    // Who went out of the way and is back is told again.
    directory.consumers = [readsDelay, ready];
    await directory.changed();
    directory.consumers = [readsDelay, named('report')];
    await directory.changed();
    await w.blocksAgain(id, 'report');
    expect(announced.slice(before + 1)).toEqual([
      { kind: 'blocked', to: ['component:default/report'] },
    ]);
  });

  it('G6: looks at the sources of consumers before each stage that decides', async () => {
    const w = await given.worker();
    const { directory } = given.world;
    const looks: boolean[] = [];
    directory.refreshConsumers = async (ref, options) => {
      looks.push(options?.sources ?? false);
      return directory.getConsumers(ref);
    };
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    // To find out, and once more before it switches.
    expect(looks).toEqual([true, true]);
  });

  it.each([
    ['30s', 1],
    // Less than what lies between takes.
    ['1ms', 2],
  ])(
    'G6: where an answer of the catalog counts for %s, asks it %d time(s)',
    async (catalogAnswer, times) => {
      const w = await given.worker({ catalogAnswer });
      const { directory } = given.world;
      let asked = 0;
      directory.refreshConsumers = async ref => {
        asked += 1;
        return directory.getConsumers(ref);
      };
      const { id } = await w.start();
      await w.reaches(id, 'succeeded');
      expect(asked).toBe(times);
    },
  );

  it.each([
    ['what the plugin knows by then counts', '20s', []],
    ['another job asks the catalog anew', '1ms', [true]],
  ])(
    'G6: however late the catalog was asked, at the cut over %s',
    async (_, sliceDuration, askedLate) => {
      const w = await given.worker({ catalogAnswer: '30s', sliceDuration });
      const { engine, directory } = given.world;
      const looks: boolean[] = [];
      engine.before = method => {
        if (method === 'verify') {
          looks.length = 0;
          directory.consumers = [readsDelay];
        }
      };
      directory.refreshConsumers = async (ref, options) => {
        looks.push(options?.sources ?? false);
        return directory.getConsumers(ref);
      };
      const { id } = await w.start();
      expect(await w.reaches(id, 'blocked')).toMatchObject({
        stage: 'cut-over',
      });
      expect(looks).toEqual(askedLate);
    },
  );

  it('asks the catalog of the dataset once before it plans', async () => {
    const w = await given.worker();
    const { directory } = given.world;
    let asked = 0;
    directory.refreshDataset = async ref => {
      asked += 1;
      return directory.getDataset(ref);
    };
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    // Who starts it asks, too.
    expect(asked).toBe(2);
  });

  it('asks of the dataset by itself where the answer about its consumers had none', async () => {
    const w = await given.worker();
    const { directory } = given.world;
    directory.refreshDatasetAndConsumers = async (ref, options) => ({
      consumers: await directory.refreshConsumers(ref, options),
    });
    let isStarted = false;
    directory.refreshDataset = async ref => {
      if (isStarted) {
        throw new NotFoundError(`There is no dataset '${ref}'`);
      }
      isStarted = true;
      return directory.getDataset(ref);
    };
    const { id } = await w.start();
    expect(await w.reaches(id, 'failed')).toMatchObject({
      stage: 'validate',
      error: { name: 'NotFoundError' },
    });
  });

  it('does not go on for somebody who may no longer migrate', async () => {
    const w = await given.worker();
    given.world.directory.consumers = [readsDelay];
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    given.world.directory.consumers = [];
    given.world.mayMigrate = false;
    await given.world.directory.changed();
    await w.upkeep('reconsider-blocked');
    expect(await w.migrations.get(id)).toMatchObject({
      state: 'blocked',
      error: { name: 'NotAllowedError' },
    });
    expect(
      (await w.log(id)).filter(line => line.includes('no longer migrate')),
    ).toHaveLength(1);

    given.world.mayMigrate = true;
    await w.upkeep('reconsider-blocked');
    await w.reaches(id, 'succeeded');
  });

  it('G9: keeps up with writes while it waits at its cut over', async () => {
    const w = await given.worker();
    const { engine, directory } = given.world;
    engine.before = method => {
      if (method === 'verify') {
        directory.consumers = [readsDelay];
      }
    };
    const { id } = await w.start();
    expect(await w.reaches(id, 'blocked')).toMatchObject({ stage: 'cut-over' });
    await w.upkeep('catch-up-waiting');
    expect(engine.calls.filter(call => call === 'catchUp')).toHaveLength(1);
    directory.consumers = [];
    await directory.changed();
    await w.reaches(id, 'succeeded');
  });

  it('G6: an override covers those who block now, not those who come later', async () => {
    const w = await given.worker();
    given.world.directory.consumers = [readsDelay];
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    given.world.engine.before = method => {
      if (method === 'verify') {
        given.world.directory.consumers = [
          readsDelay,
          { ...readsDelay, entityRef: 'component:default/latecomer' },
        ];
      }
    };
    await expect(
      w.migrations.override(id, {
        by: amelia,
        reason: '  ',
        consumers: [],
        concernsId: '',
      }),
    ).rejects.toThrow('reason must say why');
    const overridden = await w.migrations.override(id, {
      by: amelia,
      reason: 'the board is switched off',
      consumers: [readsDelay.entityRef],
      concernsId: (await w.migrations.blockers(id)).concernsId,
    });
    expect(overridden.override).toEqual({
      by: amelia.subject,
      reason: 'the board is switched off',
      at: expect.any(String),
      covers: [readsDelay.entityRef],
    });
    const blocked = await w.reaches(id, 'blocked');
    expect(blocked.stage).toBe('cut-over');
    expect(blocked.error?.message).toContain('component:default/latecomer');
    expect(blocked.error?.message).not.toContain('component:default/board');
    expect(blocked.override?.covers).toEqual([readsDelay.entityRef]);
    given.expectVersion('1.0.0');

    // The shadow was kept: nothing is copied again.
    const copied = given.world.engine.calls.filter(
      c => c === 'copyChunk',
    ).length;
    await w.migrations.override(id, {
      by: amelia,
      reason: 'that one too',
      consumers: [readsDelay.entityRef, 'component:default/latecomer'],
      concernsId: (await w.migrations.blockers(id)).concernsId,
    });
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    expect(
      given.world.engine.calls.filter(c => c === 'copyChunk'),
    ).toHaveLength(copied);
  });
});
