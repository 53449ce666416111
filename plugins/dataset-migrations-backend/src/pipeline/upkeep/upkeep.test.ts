import { amelia } from '../../__testUtils__/controlPlane';
import { usePipeline } from '../../__testUtils__/usePipeline';

jest.setTimeout(120_000);

describe('upkeep', () => {
  const given = usePipeline();

  it('removes what was kept once nobody can want it back', async () => {
    const w = await given.worker();
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    await w.upkeep('clean-up');
    expect(given.world.engine.calls).not.toContain('cleanUp');
    await given.knex('migrations').update({ rollback_until: new Date() });
    await w.upkeep('clean-up');
    await w.upkeep('clean-up');
    expect(given.world.engine.calls.filter(c => c === 'cleanUp')).toHaveLength(
      1,
    );
    given.expectVersion('2.0.0');
  });

  it('removes the shadow of a failure that nobody took up again', async () => {
    const w = await given.worker();
    given.world.engine.before = method => {
      if (method === 'verify') {
        throw Object.assign(new Error('no'), { name: 'ConflictError' });
      }
    };
    const { id } = await w.start();
    await w.reaches(id, 'failed');
    await w.upkeep('clean-up');
    expect(given.world.engine.store.runs.size).toBe(1);
    await given.knex('migrations').update({ finished_at: new Date(0) });
    await w.upkeep('clean-up');
    expect(given.world.engine.store.runs.size).toBe(0);

    // A retry finds nothing to go on with, and copies afresh.
    given.world.engine.before = undefined;
    await w.migrations.retry(id, amelia);
    await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    expect(await w.log(id)).toContain(
      'The shadow is gone; copying starts over',
    );
  });

  it('gives a migration whose job was lost another one', async () => {
    const w = await given.worker({ slots: 0 });
    const { id } = await w.start();
    await w.upkeep('requeue-orphans');
    expect(await w.log(id)).toHaveLength(1);
    await given.knex.withSchema('dataset_migrations_boss').from('job').delete();
    await w.upkeep('requeue-orphans');
    expect((await w.log(id)).pop()).toBe(
      'Its job was lost; another one takes over',
    );
    await given.worker();
    await w.reaches(id, 'succeeded');
  });
});
