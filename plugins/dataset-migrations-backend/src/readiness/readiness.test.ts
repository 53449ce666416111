import {
  AcknowledgeRequest,
  Consumer,
  MigrationDatesRequest,
  OverrideRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  amelia,
  flights,
  readsDelay,
  Worker,
} from '../__testUtils__/controlPlane';
import { contract } from '../__testUtils__/MemoryEngine';
import { poll } from '../__testUtils__/poll';
import { usePipeline } from '../__testUtils__/usePipeline';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { listAnswers } from '../database/operations/answers/listAnswers';
import { MAX_ANSWERS } from './acknowledge';

jest.setTimeout(120_000);

const BESSIE = 'user:default/bessie';
const BOARD = readsDelay.entityRef;
const other: Consumer = {
  ...readsDelay,
  entityRef: 'component:default/other',
};
const soon = new Date(Date.now() + 86_400_000).toISOString();
const later = new Date(Date.now() + 2 * 86_400_000).toISOString();

describe('readiness of consumers', () => {
  const given = usePipeline();

  /** Consumers as the catalog, and as the read model, have them. */
  async function consumersAre(...consumers: Consumer[]) {
    given.world.directory.consumers = consumers;
    await given.knex('consumers').delete();
    await given.knex('consumers').insert(
      consumers.map(({ entityRef, source }) => ({
        dataset_ref: flights,
        consumer_ref: entityRef,
        source,
      })),
    );
  }

  /** Answers to what a consumer is shown, unless something else is said. */
  async function answer(
    w: Worker,
    request: Partial<AcknowledgeRequest> = {},
    consumerRef = BOARD,
  ) {
    return w.plane.readiness.acknowledge(
      consumerRef,
      {
        datasetRef: flights,
        version: '2.0.0',
        answer: 'ready',
        concernsId: await shownTo(w, consumerRef),
        ...request,
      },
      BESSIE,
    );
  }

  async function shownTo(
    { plane: { readiness } }: Worker,
    consumerRef: string,
  ): Promise<string> {
    const upcoming = await readiness.wayTo(flights, '2.0.0');
    const [consumer = readsDelay] = await given.world.directory.getConsumers(
      flights,
      { only: [consumerRef] },
    );
    return (await readiness.judge(flights, upcoming, consumer)).concernsId;
  }

  async function blocked(w: Worker): Promise<string> {
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    return id;
  }

  it('G6: lets a blocked migration go on once the last one has acknowledged', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay, other);
    const id = await blocked(w);
    await answer(w);
    const waits = await w.migrations.get(id);
    expect(waits).toMatchObject({
      state: 'blocked',
      error: {
        message: expect.stringMatching(
          /^Breaking change detected: component:default\/other /,
        ),
      },
      consumers: [
        { consumer: { entityRef: BOARD }, verdict: 'ready', blocking: false },
        { consumer: { entityRef: other.entityRef }, blocking: true },
      ],
    });
    expect(waits.error!.message).not.toContain(BOARD);

    await answer(w, {}, other.entityRef);
    const { consumers } = await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    expect(consumers.map(({ reasons }) => reasons[0])).toEqual(
      Array(2).fill(
        `acknowledged by ${BESSIE} on ${new Date().toISOString().slice(0, 10)}`,
      ),
    );
    expect(await w.log(id)).toEqual(
      expect.arrayContaining([
        `${BOARD} is ready for 2.0.0, by ${BESSIE}`,
        'Nobody would break any more; it goes on',
      ]),
    );
    expect(given.world.announced.map(({ kind }) => kind)).toContain(
      'succeeded',
    );
  });

  it('judges only the consumer that answered, of 5,000', async () => {
    const w = await given.worker();
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      ...readsDelay,
      entityRef: `component:default/c${index}`,
      constraint: '>=1',
      fields: ['id'],
    }));
    given.world.directory.consumers = [readsDelay, ...many];
    await given.knex('consumers').insert({
      dataset_ref: flights,
      consumer_ref: BOARD,
      source: 'declared',
    });
    const id = await blocked(w);
    const asked: Array<readonly string[] | undefined> = [];
    const { directory } = given.world;
    const getConsumers = directory.getConsumers.bind(directory);
    directory.getConsumers = async (ref, options) => {
      asked.push(options?.only);
      return getConsumers(ref, options);
    };
    // The stage that goes on asks the catalog for all of them, as it must.
    directory.refreshConsumers = () => getConsumers(flights);
    await answer(w);
    await w.reaches(id, 'succeeded');
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.every(only => only?.join() === BOARD)).toBe(true);
  });

  it('judges only those that changed in the catalog', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay, other);
    // Else the end of the stage may come across what changes now.
    await given
      .knex('consumers')
      .update({ updated_at: given.knex.raw("now() - interval '1 hour'") });
    const id = await blocked(w);
    given.world.directory.consumers = [
      { ...readsDelay, constraint: '>=1', fields: ['id'] },
      { ...other, constraint: '>=1', fields: ['id'] },
    ];
    await given.world.directory.changed([BOARD]);
    const { consumers } = await w.migrations.get(id);
    expect(consumers.map(({ verdict }) => verdict)).toEqual([
      'ready',
      'breaks',
    ]);
    // Whoever is gone stands in nobody's way.
    given.world.directory.consumers = [];
    await given.world.directory.changed([BOARD, other.entityRef]);
    await w.reaches(id, 'succeeded');
  });

  it('G6: judges one consumer by the plan that the migration has by then', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const id = await blocked(w);
    const { plan } = await given.knex('migrations').where({ id }).first('plan');
    const planned = await given.knex.transaction();
    await planned('migrations').where({ id }).forUpdate().first('id');
    const judged = given.world.directory.changed([BOARD]);
    await poll('the other to wait for the lock', async () => {
      const { rows } = await given.knex.raw(
        `SELECT FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    const [change] = plan.changes;
    const newPlan = {
      ...plan,
      changes: [{ ...change, summary: 'renamed to `late`' }],
    };
    await planned('migrations').update({ plan: JSON.stringify(newPlan) });
    await planned.commit();
    await judged;
    const { changes, consumers } = await w.migrations.get(id);
    expect(changes).toEqual(newPlan.changes);
    expect(consumers[0].reasons[0]).toBe('reads `delay`, renamed to `late`');
  });

  it('asks the catalog for the consumers of what is blocked', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const id = await blocked(w);
    const { directory } = given.world;
    // As the catalog is; nobody has told so.
    const inCatalog = [{ ...readsDelay, constraint: '>=1', fields: ['id'] }];
    const asked: string[] = [];
    directory.refreshConsumers = async (ref = '') => {
      asked.push(ref);
      directory.consumers = inCatalog;
      await directory.changed([BOARD]);
      return directory.getConsumers();
    };
    await w.upkeep('ask-catalog');
    expect(asked[0]).toBe(flights);
    await w.reaches(id, 'succeeded');
    asked.length = 0;
    await w.upkeep('ask-catalog');
    expect(asked).toEqual([]);
  });

  it('G6: drops an acknowledgement when other changes concern its consumer', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay, other);
    const id = await blocked(w);
    await answer(w);
    const { dataset } = given.world.directory;
    dataset.contracts[1] = contract('2.0.0', ['id', 'minutes_late']);
    await given.world.directory.changed();
    const [first] = (await w.migrations.get(id)).consumers;
    expect(first).toMatchObject({
      blocking: true,
      answer: {
        dropped:
          'since then came `delay` renamed to `minutes_late` (breaking); no longer planned is `delay` renamed to `arrival_delay` (breaking)',
      },
    });
    expect(first.reasons).toContainEqual(
      expect.stringContaining('which counts no longer'),
    );
    // It is told, and who was in the way all the time is not.
    expect(given.world.announced.slice(-1)).toEqual([
      { kind: 'blocked', to: [BOARD] },
    ]);
  });

  it('G6: counts what the consumer itself declares after an acknowledgement', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay, other);
    const id = await blocked(w);
    await answer(w);
    given.world.directory.consumers = [
      { ...readsDelay, constraint: '~1.4.0' },
      other,
    ];
    await given.world.directory.changed([BOARD]);
    const [first] = (await w.migrations.get(id)).consumers;
    expect(first).toMatchObject({
      verdict: 'breaks',
      blocking: true,
      answer: {
        dropped: 'since then it declares `~1.4.0` instead of `^1.0.0`',
      },
    });
    // It is asked again, and its owner may say the same again.
    expect(given.world.announced.slice(-1)).toEqual([
      { kind: 'blocked', to: [BOARD] },
    ]);
    await answer(w);
    expect((await w.migrations.get(id)).consumers[0].verdict).toBe('ready');
  });

  it('G6: asks a consumer again that was gone', async () => {
    const w = await given.worker({ slots: 0 });
    await consumersAre(readsDelay, other);
    await answer(w);
    await answer(w, {}, other.entityRef);
    const gone = await new ConsumerStore(given.knex).removeOthers({
      datasetRef: flights,
      seen: [{ datasetRef: flights, entityRef: other.entityRef }],
      before: new Date(Date.now() + 60_000),
    });
    expect(gone).toEqual([{ datasetRef: flights, entityRef: BOARD }]);
    expect([
      ...(await listAnswers(given.knex, flights, '2.0.0')).keys(),
    ]).toEqual([other.entityRef]);
  });

  it('G6: asks everybody again after a roll back', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const id = await blocked(w);
    await answer(w);
    await w.reaches(id, 'succeeded');
    await w.migrations.rollback(id, amelia);
    await w.reaches(id, 'rolled-back');
    expect(await given.knex('consumer_answers')).toMatchObject([
      { answer: 'ready', superseded_at: expect.any(Date) },
    ]);
    await blocked(w);
    given.expectVersion('1.0.0');
  });

  it('G6: hears an answer that is given while a stage judges', async () => {
    let isGiven = false;
    const w: Worker = await given.worker({
      checkpoint: async ({ name }) => {
        if (name === 'validate:ended' && !isGiven) {
          isGiven = true;
          await answer(w);
        }
      },
    });
    await consumersAre(readsDelay);
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    expect(await w.log(id)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Breaking change detected'),
        'Nobody would break any more; it goes on',
      ]),
    );
  });

  it.each(['parsed', 'observed'] as const)(
    'G6: hears what is %s while a stage judges',
    async by => {
      const about = { dataset_ref: flights, consumer_ref: BOARD };
      const rows = {
        parsed: {
          source_url: 'https://git.test/board',
          input_hash: '',
          uses: '[]',
          unread: '[]',
          checked_at: new Date(),
        },
        observed: {
          job: 'a/b',
          run_id: '1',
          fields: '[]',
          event_time: new Date(),
        },
      };
      let isKnown = false;
      const w: Worker = await given.worker({
        checkpoint: async ({ name }) => {
          if (name === 'validate:ended' && !isKnown) {
            isKnown = true;
            const { directory } = given.world;
            directory.consumers = [{ ...readsDelay, fields: ['id'] }];
            await given
              .knex(`${by}_field_uses`)
              .insert({ ...about, ...rows[by] });
            await directory.fieldUseChanged([
              { datasetRef: flights, entityRef: BOARD },
            ]);
          }
        },
      });
      await consumersAre(readsDelay);
      // Nothing of it changed in the catalog meanwhile.
      await given.knex('consumers').update({ updated_at: new Date(0) });
      const { id } = await w.start();
      await w.reaches(id, 'succeeded');
      expect(await w.log(id)).toContain(
        'Nobody would break any more; it goes on',
      );
      await given.knex(`${by}_field_uses`).delete();
    },
  );

  it('G6: refuses to take an answer back once that is too late', async () => {
    const late: unknown[] = [];
    const w: Worker = await given.worker({
      checkpoint: async ({ name }) => {
        if (name === 'cut-over:started') {
          for (const request of [
            { answer: 'withdrawn' as const },
            { date: soon },
          ]) {
            late.push(await answer(w, request).catch(error => error));
          }
          // This one would hold up nobody.
          await answer(w);
        }
      },
    });
    await consumersAre(readsDelay);
    const id = await blocked(w);
    await answer(w);
    await w.reaches(id, 'succeeded');
    expect(late).toEqual(
      ['withdrawn', 'ready'].map(kind =>
        expect.objectContaining({
          name: 'ConflictError',
          message: `It is too late for '${kind}': version 2.0.0 of ${flights} is being published at this moment`,
        }),
      ),
    );
  });

  it('refuses an answer to other changes than were shown', async () => {
    const w = await given.worker({ slots: 0 });
    await consumersAre(readsDelay);
    const concerns = ['`delay` renamed to `arrival_delay` (breaking)'];
    await expect(answer(w, { concernsId: 'f'.repeat(64) })).rejects.toThrow(
      `Other changes concern this consumer than those that were shown: ${concerns[0]}`,
    );
    await expect(answer(w, { concernsId: undefined })).rejects.toThrow(
      'concernsId must name the changes that are acknowledged',
    );
    await answer(w);
    expect(await given.knex('consumer_answers')).toMatchObject([
      { given_by: BESSIE, concerns, answer: 'ready', superseded_at: null },
    ]);
  });

  it('counts the last answer, and keeps the others', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const id = await blocked(w);
    const says = async () =>
      (await w.plane.readiness.board(id, {})).items[0].answer;
    await answer(w, { answer: 'more-time', date: soon, reason: 'frozen' });
    expect(await says()).toMatchObject({
      kind: 'more-time',
      date: soon,
      reason: 'frozen',
      by: BESSIE,
    });
    // The owner of the dataset is told, once.
    await answer(w, { answer: 'more-time', date: soon, reason: 'frozen' });
    expect(given.world.timeRequests).toEqual([
      { consumerRef: BOARD, reason: 'frozen', timesTold: 1 },
    ]);
    await answer(w, { date: soon });
    expect(await says()).toMatchObject({ kind: 'ready', date: soon });
    await answer(w, { answer: 'withdrawn' });
    expect(await says()).toBeUndefined();
    expect(await w.migrations.get(id)).toMatchObject({ state: 'blocked' });
    await Promise.all([answer(w), answer(w), answer(w)]);
    expect(
      await given
        .knex('consumer_answers')
        .select('answer', given.knex.raw('superseded_at IS NULL AS counts'))
        .orderBy('id'),
    ).toEqual([
      { answer: 'more-time', counts: false },
      { answer: 'ready', counts: false },
      { answer: 'withdrawn', counts: false },
      { answer: 'ready', counts: true },
    ]);
    await w.reaches(id, 'succeeded');
    // The same once more is no other answer.
    expect(
      (await w.log(id)).filter(
        line => line === `${BOARD} is ready for 2.0.0, by ${BESSIE}`,
      ),
    ).toHaveLength(1);
  });

  it('writes nothing where there is nothing to take back', async () => {
    const w = await given.worker({ slots: 0 });
    await consumersAre(readsDelay);
    await answer(w, { answer: 'withdrawn' });
    expect(await given.knex('consumer_answers')).toEqual([]);
  });

  it('G10: lets nobody answer without end', async () => {
    const w = await given.worker({ slots: 0 });
    await consumersAre(readsDelay);
    const many = (at: string, by: string) =>
      given.knex('consumer_answers').insert(
        Array.from({ length: MAX_ANSWERS }, (_, index) => ({
          dataset_ref: flights,
          version: '2.0.0',
          consumer_ref: `component:default/of-${by}-${at}-${index}`,
          answer: 'ready',
          concerns: '[]',
          given_by: by,
          given_at: given.knex.raw(`now() - ?::interval`, [at]),
        })),
      );
    await many('2 minutes', BESSIE);
    await many('10 seconds', 'user:default/another');
    await answer(w);
    await many('10 seconds', BESSIE);
    expect(
      await answer(w, { answer: 'withdrawn' }).catch(error => error),
    ).toMatchObject({
      name: 'TooManyRequestsError',
      statusCode: 429,
      message: expect.stringContaining(`${BESSIE} gave 300 answers`),
    });
  });

  it('goes on once the day has come from which its consumer is ready', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const id = await blocked(w);
    await answer(w, { date: soon });
    await w.upkeep('reconsider-blocked');
    expect(await w.migrations.get(id)).toMatchObject({ state: 'blocked' });
    await given.knex('consumer_answers').update({ date: new Date() });
    await w.upkeep('reconsider-blocked');
    await w.reaches(id, 'succeeded');
  });

  it('goes on in the window of its dataset only', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const { dataset } = given.world.directory;
    const inDays = (days: number) =>
      (['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const)[
        new Date(Date.now() + days * 86_400_000).getUTCDay()
      ];
    dataset.windows = [
      { days: [inDays(3)], from: '00:00', to: '23:59', timeZone: 'UTC' },
    ];
    const id = await blocked(w);
    await answer(w);
    expect(await w.migrations.get(id)).toMatchObject({
      state: 'blocked',
      error: {
        name: 'WaitsForWindow',
        message: expect.stringMatching(
          /^Nobody would break any more; it goes on when its window opens, at /,
        ),
      },
    });
    dataset.windows = [];
    await w.upkeep('reconsider-blocked');
    await w.reaches(id, 'succeeded');
  });

  it('goes on at once for who cannot wait for the window, which is told to nobody', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const { dataset } = given.world.directory;
    const day = (['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const)[
      new Date(Date.now() + 3 * 86_400_000).getUTCDay()
    ];
    dataset.windows = [
      { days: [day], from: '00:00', to: '23:59', timeZone: 'UTC' },
    ];
    const id = await blocked(w);
    await answer(w);
    const { items, concernsId } = await w.migrations.blockers(id);
    expect(items).toEqual([]);
    await w.migrations.override(id, {
      by: amelia,
      reason: 'it is urgent',
      consumers: [],
      concernsId,
    });
    await w.reaches(id, 'succeeded');
    expect(given.world.announced.map(({ kind }) => kind)).not.toContain(
      'overridden',
    );
  });

  it('G6: an acknowledgement lets an old version retire', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    await w.migrations.retire(id, amelia);
    expect(await w.errs(id)).toMatchObject({
      error: { name: 'BreakingChangeError', stage: 'retire' },
    });
    expect(
      await w.plane.readiness.upcomings([given.world.directory.dataset]),
    ).toMatchObject([
      [
        { version: '2.0.0', fromVersion: '1.0.0', migration: { id } },
        { version: '3.0.0', fromVersion: '2.0.0' },
      ],
    ]);
    await answer(w);
    await w.migrations.retire(id, amelia);
    await w.retires(id);
  });

  it('keeps an old version until the day that consumers were told', async () => {
    const w = await given.worker();
    await consumersAre({ ...other, constraint: '>=1', fields: ['id'] });
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    await given.knex('migrations').update({ rollback_until: new Date() });
    const dated = await w.migrations.setDates(id, {
      by: amelia,
      deadline: soon,
      retirement: soon,
    });
    expect(dated).toMatchObject({ deadline: soon, retirement: soon });
    await expect(w.migrations.retire(id, amelia)).rejects.toThrow(
      `Consumers were told that 1.0.0 stays until ${soon}`,
    );
    await w.upkeep('retire-old-versions');
    expect(await w.log(id)).not.toContainEqual(
      expect.stringContaining('can retire'),
    );
    const { deadline, retirement } = await w.migrations.setDates(id, {
      by: amelia,
      retirement: null,
    });
    expect([deadline, retirement]).toEqual([soon, undefined]);
    // The same once more is nothing new.
    await w.migrations.setDates(id, { by: amelia, retirement: null });
    const told = { kind: 'dates-set', to: [other.entityRef] };
    expect(
      given.world.announced.filter(({ kind }) => kind === 'dates-set'),
    ).toEqual([told, told]);
    expect(await w.log(id)).toEqual(
      expect.arrayContaining([
        `Deadline set to ${soon}, by ${amelia.subject}`,
        `Retirement removed, by ${amelia.subject}`,
      ]),
    );
    await w.upkeep('retire-old-versions');
    await w.retires(id);
  });

  it('tells of dates where nobody reads the dataset, as others may follow it', async () => {
    const w = await given.worker({ slots: 0 });
    const { id } = await w.start();
    await w.migrations.setDates(id, { by: amelia, deadline: soon });
    expect(given.world.announced).toContainEqual({ kind: 'dates-set', to: [] });
  });

  it('refuses a retirement before the deadline, given at once or later', async () => {
    const w = await given.worker({ slots: 0 });
    const { id } = await w.start('2.0.0', 'coexist');
    const set = (dates: MigrationDatesRequest) =>
      w.migrations.setDates(id, { by: amelia, ...dates });
    await expect(set({ deadline: later, retirement: soon })).rejects.toThrow(
      `retirement '${soon}' is before the deadline '${later}'`,
    );
    await set({ deadline: soon, retirement: soon });
    await expect(set({ deadline: later })).rejects.toThrow(
      'before the deadline',
    );
    expect(await set({ deadline: later, retirement: null })).toMatchObject({
      deadline: later,
    });
    await expect(set({ retirement: soon })).rejects.toThrow(
      'before the deadline',
    );
  });

  it('keeps what was promised from overrides, and from jobs that were there before', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    await w.migrations.retire(id, amelia);
    await w.errs(id);
    await w.migrations.setDates(id, { by: amelia, retirement: soon });
    const { items, concernsId } = await w.migrations.blockers(id);
    const override = ({ migrations }: Worker) =>
      migrations.override(id, {
        by: amelia,
        reason: 'agreed',
        consumers: items.map(({ consumer }) => consumer.entityRef),
        concernsId,
      });
    await expect(override(w)).rejects.toThrow('stays until');

    await w.migrations.setDates(id, { by: amelia, retirement: null });
    await w.plane.stop();
    const idle = await given.worker({ slots: 0 });
    await override(idle);
    await expect(
      idle.migrations.setDates(id, { by: amelia, retirement: soon }),
    ).rejects.toThrow('1.0.0 is being retired; it is too late for dates');
    // As a release that let them be set would leave it.
    await given.knex('migrations').update({ retirement: soon });
    const late = await given.worker();
    expect(await late.errs(id)).toMatchObject({
      oldVersionState: 'coexisting',
      error: { message: expect.stringContaining('stays until') },
    });
    expect(given.world.engine.calls).not.toContain('retire');
  });

  it.each`
    request                                             | message
    ${{ version: '9.0.0' }}                             | ${'9.0.0'}
    ${{ version: '1.0.0' }}                             | ${'1.0.0'}
    ${{ date: 'tomorrow' }}                             | ${"date 'tomorrow' is not a date and time"}
    ${{ date: '2027-02-31T12:00:00Z' }}                 | ${"date '2027-02-31T12:00:00Z' is not a date and time"}
    ${{ date: '2020-01-01T00:00:00Z' }}                 | ${'is past'}
    ${{ date: '9999-01-01T00:00:00Z' }}                 | ${'must be before 2100'}
    ${{ answer: 'more-time', reason: 'frozen' }}        | ${'date must say until when'}
    ${{ answer: 'more-time', date: soon }}              | ${'reason must say why'}
    ${{ answer: 'more-time', date: soon, reason: ' ' }} | ${'reason must say why'}
    ${{ answer: 'withdrawn', date: soon }}              | ${"has no meaning for 'withdrawn'"}
    ${{ datasetRef: 'resource:default/none' }}          | ${'resource:default/none'}
  `('G10: refuses the answer $request', async ({ request, message }) => {
    const w = await given.worker({ slots: 0 });
    await consumersAre(readsDelay);
    await expect(answer(w, request)).rejects.toThrow(message);
    expect(await given.knex('consumer_answers')).toEqual([]);
  });

  it('G10: refuses answers of who reads the dataset not, or is ready anyway', async () => {
    const w = await given.worker({ slots: 0 });
    await consumersAre({ ...readsDelay, fields: ['id'] });
    await expect(answer(w, {}, 'component:default/who')).rejects.toThrow(
      `component:default/who is no consumer of '${flights}'`,
    );
    await expect(
      answer(w, { answer: 'more-time', date: soon, reason: 'frozen' }),
    ).rejects.toThrow('is ready for 2.0.0 of resource:default/flights by');
    // To be ready whatever its declaration says is something else, and changes nothing.
    await answer(w);
    await expect(
      answer(w, { answer: 'more-time', date: soon, reason: 'frozen' }),
    ).rejects.toThrow('is ready for 2.0.0 of resource:default/flights by');
  });

  describe('overriding', () => {
    /** Of whom is shown as those who break, unless others are named. */
    async function override(
      w: Worker,
      id: string,
      shown: Partial<OverrideRequest> = {},
    ) {
      const { items, concernsId } = await w.migrations.blockers(id);
      return w.migrations.override(id, {
        by: amelia,
        reason: 'agreed',
        consumers: items.map(({ consumer }) => consumer.entityRef),
        concernsId,
        ...shown,
      });
    }

    it('G6: breaks those only who were shown, and tells them', async () => {
      const w = await given.worker();
      await consumersAre(readsDelay, other);
      const id = await blocked(w);
      const breaks = (...consumers: string[]) => override(w, id, { consumers });
      const refusal = await breaks(BOARD).catch(error => error);
      expect(refusal).toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining(`${other.entityRef} came`),
        consumers: [BOARD, other.entityRef],
      });
      await expect(
        breaks(BOARD, other.entityRef, 'component:default/gone'),
      ).rejects.toThrow('component:default/gone would break no longer');
      expect(
        (await w.migrations.blockers(id)).items.map(v => v.consumer.entityRef),
      ).toEqual([BOARD, other.entityRef]);

      await answer(w, {}, other.entityRef);
      await breaks(BOARD);
      await w.reaches(id, 'succeeded');
      await expect(breaks(BOARD)).rejects.toThrow("does not allow 'override'");
      expect(given.world.announced).toContainEqual({
        kind: 'overridden',
        to: [BOARD],
      });
      const { items, blockingCount } = await w.plane.readiness.board(id, {});
      expect(blockingCount).toBe(0);
      expect(items).toMatchObject([
        { consumer: { entityRef: BOARD }, overridden: true, asked: 'nothing' },
        { consumer: { entityRef: other.entityRef }, overridden: false },
      ]);
    });

    it('G6: is refused when they would lose something else than was shown', async () => {
      const w = await given.worker();
      await consumersAre(readsDelay);
      const id = await blocked(w);
      const { concernsId } = await w.migrations.blockers(id);
      // As the catalog is now; the upkeep has not looked yet.
      given.world.directory.dataset.contracts[1] = contract('2.0.0', [
        'id',
        'minutes_late',
      ]);
      const refusal = await override(w, id, { concernsId }).catch(
        error => error,
      );
      expect(refusal).toMatchObject({
        name: 'ConflictError',
        message: `${BOARD} would lose something else than was shown. Look at the list anew`,
        consumers: [BOARD],
      });
      // What is shown and broken is what will be done.
      const { items } = await w.migrations.blockers(id);
      expect(items[0].reasons).toContainEqual(
        'reads `delay`, renamed to `minutes_late`',
      );
      await override(w, id);
      const { changes } = await w.reaches(id, 'succeeded');
      expect(changes[0].summary).toBe('renamed to `minutes_late`');
    });

    it('G6: covers nobody who loses something else by the time it goes on', async () => {
      const w = await given.worker();
      await consumersAre(readsDelay);
      const id = await blocked(w);
      const { directory } = given.world;
      const refreshDataset = directory.refreshDataset.bind(directory);
      let asked = 0;
      directory.refreshDataset = async ref => {
        asked += 1;
        if (asked === 2) {
          // The override has looked; now the stage does.
          directory.dataset.contracts[1] = contract('2.0.0', [
            'id',
            'minutes_late',
          ]);
        }
        return refreshDataset(ref);
      };
      await override(w, id);
      const again = await w.blocksAgain(id, 'minutes_late');
      expect(again.override).toMatchObject({ reason: 'agreed' });
      given.expectVersion('1.0.0');
      const { blockingCount } = await w.plane.readiness.board(id, {});
      expect(blockingCount).toBe(1);
    });

    it('G6: of an earlier release covers nobody, as it does not say what they lose', async () => {
      const w = await given.worker({ slots: 0 });
      await consumersAre(readsDelay);
      const { id } = await w.start();
      await given.knex('migrations').update({
        override: JSON.stringify({
          by: amelia.subject,
          reason: 'agreed',
          at: soon,
          consumers: [BOARD],
        }),
      });
      const goesOn = await given.worker();
      expect(await goesOn.reaches(id, 'blocked')).toMatchObject({
        state: 'blocked',
      });
      given.expectVersion('1.0.0');
    });
  });
});
