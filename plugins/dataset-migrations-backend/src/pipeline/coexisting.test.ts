import { amelia, readsDelay } from '../__testUtils__/controlPlane';
import { usePipeline } from '../__testUtils__/usePipeline';

jest.setTimeout(120_000);

describe('a coexisting version', () => {
  const given = usePipeline();

  it('coexists instead of blocking, then retires when nobody needs it', async () => {
    const w = await given.worker();
    given.world.directory.consumers = [readsDelay];
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    await w.migrations.coexist(id, amelia);
    const done = await w.reaches(id, 'succeeded');
    expect(done).toMatchObject({
      policy: 'coexist',
      oldVersionState: 'coexisting',
      actions: ['rollback', 'retire'],
    });
    expect(given.world.directory.dataset.versions).toMatchObject([
      { version: '1.0.0', state: 'coexisting' },
      { version: '2.0.0', state: 'current' },
      { version: '3.0.0', state: 'proposed' },
    ]);
    await expect(w.start('3.0.0')).rejects.toThrow(
      'Version 1.0.0 of resource:default/flights still coexists with 2.0.0; retire it, or roll back to it, first',
    );

    // G6: not while somebody needs it.
    await w.migrations.retire(id, amelia);
    expect(await w.errs(id)).toMatchObject({
      state: 'succeeded',
      oldVersionState: 'coexisting',
      error: { name: 'BreakingChangeError', stage: 'retire' },
      actions: ['rollback', 'retire', 'override'],
    });
    expect(given.world.engine.calls).not.toContain('retire');

    given.world.directory.consumers = [];
    await w.migrations.retire(id, amelia);
    expect((await w.retires(id)).actions).toEqual([]);
    expect(given.world.announced.map(({ kind }) => kind)).toEqual([
      'announced',
      'blocked',
      'starting',
      'succeeded',
      'retiring',
      'retiring',
      'retired',
    ]);
    // Of what is so by then, not of what was when it was published.
    expect(given.world.breaking.slice(-3)).toEqual([
      { kind: 'retiring', whom: ['component:default/board'] },
      { kind: 'retiring', whom: [] },
      { kind: 'retired', whom: [] },
    ]);
  });

  it('retires by itself once the window is over and nobody needs it', async () => {
    const w = await given.worker();
    given.world.directory.consumers = [readsDelay];
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    const retired = async () =>
      (await w.migrations.get(id)).oldVersionState === 'retired';

    given.world.directory.consumers = [];
    await w.upkeep('retire-old-versions');
    expect(await retired()).toBe(false);

    await given.knex('migrations').update({ rollback_until: new Date() });
    given.world.directory.consumers = [readsDelay];
    await w.upkeep('retire-old-versions');
    expect(await retired()).toBe(false);

    given.world.directory.consumers = [];
    await w.upkeep('retire-old-versions');
    await w.retires(id);
  });

  it('tells who comes to need what is to retire, once', async () => {
    const w = await given.worker();
    const { directory, announced } = given.world;
    directory.consumers = [readsDelay];
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    await given.knex('migrations').update({ rollback_until: new Date() });
    await w.upkeep('retire-old-versions');
    expect(announced.map(({ kind }) => kind)).not.toContain('retiring');

    directory.consumers = [
      readsDelay,
      { ...readsDelay, entityRef: 'component:default/latecomer' },
    ];
    await w.upkeep('retire-old-versions');
    await w.upkeep('retire-old-versions');
    const told = { kind: 'retiring', to: ['component:default/latecomer'] };
    expect(announced.filter(({ kind }) => kind === 'retiring')).toEqual([told]);

    // Who went and is back is told again.
    directory.consumers = [readsDelay];
    await w.upkeep('retire-old-versions');
    directory.consumers = [
      readsDelay,
      { ...readsDelay, entityRef: 'component:default/latecomer' },
    ];
    await w.upkeep('retire-old-versions');
    expect(announced.filter(({ kind }) => kind === 'retiring')).toEqual([
      told,
      told,
    ]);
  });

  it('retires by itself although a person had asked for it too early', async () => {
    const w = await given.worker();
    given.world.directory.consumers = [readsDelay];
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    await given.knex('migrations').update({ rollback_until: new Date() });
    await w.migrations.retire(id, amelia);
    const { error: refused } = await w.errs(id);
    expect(refused).toMatchObject({ name: 'BreakingChangeError' });

    // G6: somebody still needs it, so it is not even tried.
    const before = await w.log(id);
    await w.upkeep('retire-old-versions');
    expect(await w.log(id)).toEqual(before);
    expect((await w.migrations.get(id)).error).toEqual(refused);

    given.world.directory.consumers = [];
    await w.upkeep('retire-old-versions');
    expect((await w.retires(id)).error).toBeUndefined();
    expect(given.world.engine.calls.filter(c => c === 'retire')).toHaveLength(
      1,
    );
  });

  it('leaves a retirement that failed for another reason to a person', async () => {
    const w = await given.worker();
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    await given.knex('migrations').update({ rollback_until: new Date() });
    given.world.engine.before = method => {
      if (method === 'retire') {
        throw Object.assign(new Error('no'), { name: 'ConflictError' });
      }
    };
    await w.upkeep('retire-old-versions');
    await w.errs(id);
    const before = await w.log(id);
    expect(before.slice(-3)).toEqual([
      'The last consumer accepts 2.0.0; 1.0.0 can retire',
      'Started',
      'no',
    ]);
    await w.upkeep('retire-old-versions');
    expect(await w.log(id)).toEqual(before);
    expect((await w.migrations.get(id)).actions).toEqual([
      'rollback',
      'retire',
    ]);
  });

  it('G8: can be gone back to as long as it coexists, whatever the window says', async () => {
    const w = await given.worker();
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    await given.knex('migrations').update({ rollback_until: new Date(0) });
    given.world.engine.before = method => {
      if (method === 'retire') {
        throw Object.assign(new Error('It was written'), {
          name: 'ConflictError',
        });
      }
    };
    await w.migrations.retire(id, amelia);
    await w.errs(id);

    // Nothing is removed meanwhile that the way back needs.
    await w.upkeep('clean-up');
    expect(given.world.engine.calls).not.toContain('cleanUp');
    await expect(w.start('3.0.0')).rejects.toThrow(
      'retire it, or roll back to it, first',
    );

    await w.migrations.rollback(id, amelia);
    const back = await w.reaches(id, 'rolled-back');
    expect(back.oldVersionState).toBeUndefined();
    expect(back.actions).toEqual([]);
    given.expectVersion('1.0.0');
    const again = await w.start();
    await w.reaches(again.id, 'succeeded');
  });
});
