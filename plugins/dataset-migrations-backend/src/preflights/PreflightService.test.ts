import { Knex } from 'knex';
import {
  flights,
  readsDelay,
  Worker,
  World,
} from '../__testUtils__/controlPlane';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';

jest.setTimeout(60_000);

describe('preflights and plans', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let world: World;
  let worker: Worker;
  const { signal } = new AbortController();

  beforeEach(async () => {
    knex = database();
    world = new World(knex);
    worker = await world.worker();
  });

  afterEach(() => worker.plane.stop());

  const finding = {
    kind: 'cast-fails',
    field: 'delay',
    rows: 2,
    message: 'no integers',
    samples: ['abc', 'def'],
  };
  const done = (id: string) =>
    poll('the preflight', async () => {
      const report = await worker.plane.preflights.get(flights, id);
      return ['done', 'failed'].includes(report.state) && report;
    });

  it('G11: keeps counts, and reads values anew for those who may see them', async () => {
    const { preflights } = worker.plane;
    world.engine.findings = [finding];
    const started = await preflights.start(flights, '2.0.0', 'user:default/a');
    expect(started).toMatchObject({ state: 'queued', findings: [] });
    const { samples, ...counted } = finding;
    expect(await done(started.id)).toEqual({
      id: started.id,
      state: 'done',
      rowsScanned: 95,
      findings: [counted],
    });
    expect(JSON.stringify(await knex('preflights'))).not.toContain('abc');

    const withSamples = () =>
      preflights.getWithSamples(flights, started.id, { samples: 5, signal });
    expect((await withSamples()).findings).toEqual([finding]);

    world.directory.dataset.contracts[0].schema.fields[1].classification =
      'restricted';
    expect((await withSamples()).findings[0].samples).toEqual(['•••', '•••']);

    // Nobody knows what fields a key of several, or of a step's own, is of.
    world.engine.findings = [{ ...finding, field: 'id, delay' }];
    expect((await withSamples()).findings[0].samples).toEqual(['•••', '•••']);
  });

  it('fails with the message of what cannot pass', async () => {
    const { preflights } = worker.plane;
    world.engine.before = () => {
      throw Object.assign(new Error("'delay' is not there"), {
        name: 'InputError',
      });
    };
    const { id } = await preflights.start(flights, '2.0.0', 'user:default/a');
    expect(await done(id)).toMatchObject({
      state: 'failed',
      error: "'delay' is not there",
    });
    await expect(preflights.get('resource:default/other', id)).rejects.toThrow(
      'There is no preflight',
    );
    await expect(
      preflights.start(flights, '9.0.0', 'user:default/a'),
    ).rejects.toThrow("no usable contract of version '9.0.0'");
  });

  it('plans from metadata and proposes to coexist where somebody would break', async () => {
    const { planner } = worker.plane;
    const targetVersion = '2.0.0';
    expect(await planner.plan(flights, { targetVersion })).toMatchObject({
      fromVersion: '1.0.0',
      toVersion: '2.0.0',
      steps: [
        {
          agent: 'rename-field',
          payload: { from: 'delay', to: 'arrival_delay' },
        },
      ],
      stepsFrom: 'derived',
      breaking: true,
      requiredBump: 'major',
      rollbackSeconds: 7 * 24 * 3600,
      blockingCount: 0,
      proposedPolicy: 'switch',
      enginePlan: {
        engine: 'memory',
        rows: 95,
        notes: ['Planned for switch'],
      },
    });
    world.directory.consumers = [readsDelay];
    expect(await planner.plan(flights, { targetVersion })).toMatchObject({
      blockingCount: 1,
      proposedPolicy: 'coexist',
      consumers: [{ verdict: 'breaks' }],
      enginePlan: { notes: ['Planned for coexist'] },
    });
    // Whoever chooses otherwise is told what that would be like.
    expect(
      await planner.plan(flights, { targetVersion, policy: 'switch' }),
    ).toMatchObject({
      proposedPolicy: 'coexist',
      enginePlan: { notes: ['Planned for switch'] },
    });
    expect(await knex('migrations')).toEqual([]);
  });

  it('G11: previews rows before and after, classified fields masked', async () => {
    const { planner } = worker.plane;
    const preview = (limit: number) =>
      planner.preview(flights, '2.0.0', { limit, signal });
    expect(await preview(2)).toEqual({
      columnsBefore: ['id', 'delay'],
      columnsAfter: ['id', 'arrival_delay'],
      before: [
        ['1', '0'],
        ['2', '3'],
      ],
      after: [
        ['1', '0'],
        ['2', '3'],
      ],
      maskedBefore: [],
      maskedAfter: [],
    });
    world.directory.dataset.contracts[0].schema.fields[1].classification =
      'confidential';
    expect(await preview(1)).toMatchObject({
      before: [['1', '•••']],
      after: [['1', '•••']],
      maskedAfter: ['arrival_delay'],
    });
    await expect(preview(101)).rejects.toThrow('not 101');
  });
});
