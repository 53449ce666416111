import { amelia } from '../__testUtils__/controlPlane';
import { usePipeline } from '../__testUtils__/usePipeline';

jest.setTimeout(120_000);

describe('rolling back', () => {
  const given = usePipeline();

  it('G8: rolls back within the window, and not after it', async () => {
    const w = await given.worker();
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    await w.migrations.rollback(id, amelia);
    const rolledBack = await w.reaches(id, 'rolled-back');
    given.expectVersion('1.0.0');
    expect(rolledBack.stages.pop()).toMatchObject({
      stage: 'rollback',
      state: 'succeeded',
    });
    expect(given.world.announced.map(({ kind }) => kind)).toEqual([
      'announced',
      'starting',
      'succeeded',
      'rolled-back',
    ]);

    const again = await w.start();
    await w.reaches(again.id, 'succeeded');
    await given.knex('migrations').update({ rollback_until: new Date() });
    await expect(w.migrations.rollback(again.id, amelia)).rejects.toThrow(
      "which does not allow 'rollback'",
    );
  });

  it('G8: a roll back that would lose writes leaves the new version published', async () => {
    const w = await given.worker();
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    given.world.engine.write(rows => rows.slice(1));
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
    // The log says what was asked for and how it went, no more.
    expect((await w.log(id)).slice(-3)).toEqual([
      'Roll back asked for, by user:default/amelia',
      'Started',
      'The new version was written since',
    ]);
    expect(given.world.directory.dataset.currentVersion).toBe('2.0.0');
  });

  it('only the last migration of a place can be rolled back', async () => {
    const w = await given.worker();
    const first = await w.start();
    await w.reaches(first.id, 'succeeded');
    const second = await w.start('3.0.0');
    await w.reaches(second.id, 'succeeded');
    expect((await w.migrations.get(first.id)).actions).toEqual([]);
    expect((await w.migrations.get(second.id)).actions).toEqual(['rollback']);
  });
});
