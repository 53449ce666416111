import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  amelia,
  flights,
  readsDelay,
  Worker,
} from '../../__testUtils__/controlPlane';
import { usePipeline } from '../../__testUtils__/usePipeline';
import { listRemindable } from '../../database/operations/migrations/remindable';

jest.setTimeout(120_000);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BOARD = readsDelay.entityRef;

const consumer = (name: string, more: Partial<Consumer>): Consumer => ({
  entityRef: `component:default/${name}`,
  source: 'declared',
  ...more,
});
const ready = consumer('ready', { constraint: '>=1', fields: ['id'] });
const raises = consumer('raises', { constraint: '^1.0.0', fields: ['id'] });
const promises = { ...readsDelay, entityRef: 'component:default/promises' };
const unknown = consumer('unknown', { source: 'depends-on' });

const fromNow = (ms: number) => new Date(Date.now() + ms);

describe('remindConsumers', () => {
  const given = usePipeline();

  beforeEach(() => {
    given.world.directory.consumers = [readsDelay];
  });

  async function blocked(w: Worker): Promise<string> {
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    return id;
  }

  const setDeadline = (w: Worker, id: string, deadline: Date) =>
    w.migrations.setDates(id, {
      by: amelia,
      deadline: deadline.toISOString(),
    });

  /** As if time had passed, until that much of it is left. */
  async function passes(left: number, toldBefore: number): Promise<Date> {
    const deadline = fromNow(left);
    await given.knex('migrations').update({
      deadline,
      deadline_told_at: fromNow(-toldBefore),
    });
    return deadline;
  }

  const reminded = () =>
    given.world.announced
      .filter(({ kind }) => kind === 'reminder')
      .map(({ to }) => to);

  it('reminds who is not ready by the deadline, once for each time before it', async () => {
    const w = await given.worker();
    given.world.directory.consumers = [
      readsDelay,
      ready,
      raises,
      promises,
      unknown,
    ];
    await given.knex('consumers').insert({
      dataset_ref: flights,
      consumer_ref: promises.entityRef,
      source: 'declared',
    });
    const id = await blocked(w);
    const { readiness } = w.plane;
    const upcoming = await readiness.wayTo(flights, '2.0.0');
    const { concernsId } = await readiness.judge(flights, upcoming, promises);
    await readiness.acknowledge(
      promises.entityRef,
      {
        datasetRef: flights,
        version: '2.0.0',
        answer: 'ready',
        date: fromNow(HOUR).toISOString(),
        concernsId,
      },
      'user:default/bessie',
    );
    await setDeadline(w, id, fromNow(20 * DAY));
    await w.upkeep('remind-consumers');
    expect(reminded()).toEqual([]);

    const deadline = await passes(6 * DAY, 14 * DAY);
    await w.upkeep('remind-consumers');
    await w.upkeep('remind-consumers');
    const awaited = [BOARD, unknown.entityRef];
    expect(reminded()).toEqual([awaited]);
    expect((await w.log(id)).pop()).toBe(
      `2 consumers reminded of the deadline ${deadline.toISOString()}`,
    );
    expect(given.world.breaking.pop()).toMatchObject({
      kind: 'reminder',
      whom: expect.arrayContaining([BOARD]),
    });

    await passes(12 * HOUR, 5 * DAY);
    await w.upkeep('remind-consumers');
    await w.upkeep('remind-consumers');
    expect(reminded()).toEqual([awaited, awaited]);

    await passes(-HOUR, DAY);
    await w.upkeep('remind-consumers');
    expect(reminded()).toHaveLength(2);
  });

  it('reminds once of a deadline that came near while nobody looked', async () => {
    const w = await given.worker();
    await setDeadline(w, await blocked(w), fromNow(20 * DAY));
    await passes(2 * HOUR, 20 * DAY);
    await w.upkeep('remind-consumers');
    await w.upkeep('remind-consumers');
    expect(reminded()).toEqual([[BOARD]]);
  });

  it('does not remind of a deadline that was set a moment ago', async () => {
    const w = await given.worker();
    const id = await blocked(w);
    await setDeadline(w, id, fromNow(3 * DAY));
    await w.upkeep('remind-consumers');
    expect(reminded()).toEqual([]);
    await passes(23 * HOUR, 2 * DAY);
    await w.upkeep('remind-consumers');
    expect(reminded()).toHaveLength(1);

    // Moved away, it comes near once more.
    await setDeadline(w, id, fromNow(10 * DAY));
    await w.upkeep('remind-consumers');
    expect(reminded()).toHaveLength(1);
    await passes(6 * DAY, 4 * DAY);
    await w.upkeep('remind-consumers');
    expect(reminded()).toHaveLength(2);
  });

  it('reminds once where two processes do it at the same time', async () => {
    const w = await given.worker();
    await setDeadline(w, await blocked(w), fromNow(20 * DAY));
    const second = await given.worker({ slots: 0 });
    await passes(6 * DAY, 14 * DAY);
    await Promise.all([w, second].map(each => each.upkeep('remind-consumers')));
    expect(reminded()).toEqual([[BOARD]]);
  });

  it('reminds those who keep an old version from going, not of one that goes', async () => {
    const w = await given.worker();
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    await setDeadline(w, id, fromNow(20 * DAY));
    await passes(6 * DAY, 14 * DAY);
    await given.knex('migrations').update({ stage: 'retire' });
    await w.upkeep('remind-consumers');
    expect(reminded()).toEqual([]);
    await given
      .knex('migrations')
      .update({ error: JSON.stringify({ name: 'BreakingChangeError' }) });
    await w.upkeep('remind-consumers');
    expect(reminded()).toEqual([[BOARD]]);
  });

  it('reminds an hour later where consumers could not be read, and nobody where all are ready', async () => {
    const w = await given.worker();
    const id = await blocked(w);
    await setDeadline(w, id, fromNow(20 * DAY));
    await passes(6 * DAY, 14 * DAY);
    const { directory } = given.world;
    const getConsumers = directory.getConsumers.bind(directory);
    directory.getConsumers = async () => {
      throw new Error('no catalog');
    };
    await w.upkeep('remind-consumers');
    expect(reminded()).toEqual([]);
    directory.getConsumers = getConsumers;
    await w.upkeep('remind-consumers');
    expect(reminded()).toEqual([[BOARD]]);

    await passes(12 * HOUR, 5 * DAY);
    directory.consumers = [ready];
    await w.upkeep('remind-consumers');
    expect(reminded()).toHaveLength(1);
    expect(await listRemindable(given.knex, [86_400])).toEqual([]);
  });

  it('reminds of no migration that is over, and never where no time before is set', async () => {
    const w = await given.worker();
    const id = await blocked(w);
    await setDeadline(w, id, fromNow(20 * DAY));
    await passes(6 * DAY, 14 * DAY);
    const week = [7 * 86_400];
    expect(await listRemindable(given.knex, [])).toEqual([]);
    expect(await listRemindable(given.knex, week)).toEqual([{ id }]);
    for (const state of ['failed', 'rolling-back', 'cancelling', 'cancelled']) {
      await given.knex('migrations').update({ state });
      expect(await listRemindable(given.knex, week)).toEqual([]);
    }
  });
});
