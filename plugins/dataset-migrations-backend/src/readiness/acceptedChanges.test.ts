import {
  AcceptChangeRequest,
  AcceptedChange,
  Consumer,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  amelia,
  flights,
  readsDelay,
  Worker,
} from '../__testUtils__/controlPlane';
import { contract } from '../__testUtils__/MemoryEngine';
import { usePipeline } from '../__testUtils__/usePipeline';

jest.setTimeout(120_000);

const OWEN = 'user:default/owen';
const BOARD = readsDelay.entityRef;
const untouched: Consumer = {
  ...readsDelay,
  entityRef: 'component:default/counter',
  fields: ['id'],
};
const renamed: AcceptChangeRequest = {
  targetVersion: '2.0.0',
  rule: 'field-renamed',
  field: 'delay',
  summary: 'renamed to `arrival_delay`',
  reason: 'the board reads by position',
};

describe('accepting one change', () => {
  const given = usePipeline();

  async function accept(
    { plane: { readiness } }: Worker,
    request: Partial<AcceptChangeRequest> = {},
    by = OWEN,
  ): Promise<AcceptedChange> {
    const upcoming = await readiness.wayTo(flights, '2.0.0');
    return readiness.acceptChange(
      flights,
      upcoming,
      { ...renamed, ...request },
      by,
    );
  }

  async function blocked(w: Worker): Promise<string> {
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    return id;
  }

  /** As the read model has them, too, from which what was missed is looked up. */
  async function consumersAre(...consumers: Consumer[]) {
    given.world.directory.consumers = consumers;
    await given.knex('consumers').insert(
      consumers.map(({ entityRef, source }) => ({
        dataset_ref: flights,
        consumer_ref: entityRef,
        source,
      })),
    );
  }

  const kindsTold = (kind: string) =>
    given.world.announced.filter(told => told.kind === kind);

  it('G6: lets what it blocked go on, tells whom it concerns, and says who accepted it', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay, untouched);
    const id = await blocked(w);
    const accepted = await accept(w);
    const { consumers, changes } = await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    expect(changes).toEqual([
      expect.objectContaining({
        from: 'delay',
        effect: 'risky',
        accepted: {
          id: accepted.id,
          by: OWEN,
          reason: renamed.reason,
          at: accepted.at,
          was: 'breaking',
        },
      }),
    ]);
    const [board, counter] = consumers;
    expect(board).toMatchObject({ verdict: 'ready', blocking: false });
    expect(board.reasons).toContain(
      `at risk: reads \`delay\`, renamed to \`arrival_delay\` (accepted by ${OWEN}: ${renamed.reason})`,
    );
    expect(counter.reasons.join()).not.toContain('accepted');
    expect(await w.log(id)).toEqual(
      expect.arrayContaining([
        `Accepted: \`delay\` renamed to \`arrival_delay\`: ${renamed.reason}, by ${OWEN}`,
        'Nobody would break any more; it goes on',
      ]),
    );
    expect(kindsTold('change-accepted')).toEqual([
      { kind: 'change-accepted', to: [BOARD] },
    ]);
  });

  it('tells those of whom it is not known what they read, too', async () => {
    const w = await given.worker();
    const { constraint, fields, ...unknown } = readsDelay;
    await consumersAre(unknown, untouched);
    const id = await blocked(w);
    await accept(w);
    await w.reaches(id, 'succeeded');
    expect(kindsTold('change-accepted')).toEqual([
      { kind: 'change-accepted', to: [BOARD] },
    ]);
  });

  it('needs no migration, and is of use to the next one', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    await accept(w);
    const { plan } = (await w.plane.readiness.wayTo(flights, '2.0.0')).plan;
    // Neither what version is needed nor who may migrate hangs on it.
    expect(plan).toMatchObject({ breaking: true, requiredBump: 'major' });
    const planned = await w.plane.planner.plan(flights, {
      targetVersion: '2.0.0',
    });
    expect(planned).toMatchObject({
      breaking: true,
      requiredBump: 'major',
      blockingCount: 0,
      proposedPolicy: 'switch',
      changes: [{ effect: 'risky', accepted: { was: 'breaking' } }],
    });
    // What comes to further datasets is found by the same changes.
    const { known } = await w.plane.planner.judge(flights, '2.0.0', []);
    expect(known.changes).toEqual(planned.changes);
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    expect(kindsTold('blocked')).toEqual([]);
    expect(kindsTold('change-accepted')).toEqual([]);
    // On the way to another version it counts for nothing.
    expect(
      await w.plane.planner.plan(flights, { targetVersion: '3.0.0' }),
    ).toMatchObject({ changes: [{ effect: 'breaking' }] });
  });

  it('G6: drops it when the contract is edited, and takes it up when that is undone', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const { dataset } = given.world.directory;
    await accept(w);
    dataset.contracts[1] = contract('2.0.0', ['id', 'minutes_late']);
    const id = await blocked(w);
    expect(await w.migrations.get(id)).toMatchObject({
      changes: [{ summary: 'renamed to `minutes_late`', effect: 'breaking' }],
      error: { message: expect.stringContaining('minutes_late') },
    });
    dataset.contracts[1] = contract('2.0.0', ['id', 'arrival_delay']);
    await given.world.directory.changed();
    await w.reaches(id, 'succeeded');
  });

  it('G6: blocks again when it is taken back before the cut over', async () => {
    let accepted: AcceptedChange | undefined;
    const w: Worker = await given.worker({
      checkpoint: async ({ name }) => {
        if (name === 'verify:started' && accepted) {
          await w.plane.readiness.withdrawChange(accepted, amelia.subject);
          accepted = undefined;
        }
      },
    });
    await consumersAre(readsDelay);
    accepted = await accept(w);
    const { id } = await w.start();
    const stopped = await w.reaches(id, 'blocked');
    expect(stopped).toMatchObject({
      stage: 'cut-over',
      changes: [{ effect: 'breaking' }],
    });
    expect(stopped.changes[0]).not.toHaveProperty('accepted');
    given.expectVersion('1.0.0');
    expect(await w.log(id)).toContain(
      `No longer accepted: \`delay\` renamed to \`arrival_delay\`, by ${amelia.subject}`,
    );
    // Accepted anew, it goes on with what was transformed already.
    await accept(w);
    await w.reaches(id, 'succeeded');
    expect(await given.knex('accepted_changes')).toHaveLength(2);
  });

  it('G6: judges a blocked migration anew when it is taken back', async () => {
    const w = await given.worker();
    const { fields, ...unsaid } = readsDelay;
    await consumersAre(readsDelay, {
      ...unsaid,
      entityRef: 'component:default/unsaid',
    });
    const id = await blocked(w);
    const accepted = await accept(w);
    // Who excludes the version and says not what it reads blocks all the same.
    expect((await w.migrations.get(id)).consumers).toMatchObject([
      { verdict: 'ready' },
      { verdict: 'breaks' },
    ]);
    await w.plane.readiness.withdrawChange(accepted, OWEN);
    expect((await w.migrations.get(id)).consumers).toMatchObject([
      { verdict: 'breaks' },
      { verdict: 'breaks' },
    ]);
  });

  it('G6: ends an override that was given meanwhile when it is taken back', async () => {
    let accepted: AcceptedChange | undefined;
    const w: Worker = await given.worker({
      checkpoint: async ({ name }) => {
        if (name === 'verify:started' && accepted) {
          await w.plane.readiness.withdrawChange(accepted, OWEN);
          accepted = undefined;
        }
      },
    });
    // Who excludes the version and says not what it reads blocks all the same.
    const { fields, ...unsaid } = readsDelay;
    await consumersAre(unsaid);
    const id = await blocked(w);
    accepted = await accept(w);
    const { concernsId } = await w.migrations.blockers(id);
    await w.migrations.override(id, {
      by: amelia,
      reason: 'agreed',
      consumers: [BOARD],
      concernsId,
    });
    const stopped = await w.reaches(id, 'blocked');
    expect(stopped.stage).toBe('cut-over');
    expect(stopped.override).toBeUndefined();
    given.expectVersion('1.0.0');
    expect(await w.log(id)).toContain(
      `The override by ${amelia.subject} counts no longer: it was given while that was accepted`,
    );
  });

  it('G6: judges a blocked migration anew although something is accepted meanwhile', async () => {
    const w = await given.worker();
    const { fields, ...unsaid } = readsDelay;
    await consumersAre(unsaid);
    const id = await blocked(w);
    const { directory } = given.world;
    const getDataset = directory.getDataset.bind(directory);
    let isGiven = false;
    directory.getDataset = async ref => {
      if (!isGiven) {
        isGiven = true;
        await accept(w);
        directory.consumers = [];
      }
      return getDataset(ref);
    };
    await directory.changed();
    const ended = await w.reaches(id, 'succeeded');
    expect(ended.toVersion).toBe('2.0.0');
  });

  it('says with the migration what is accepted of its changes at once', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    const accepted = await accept(w);
    expect((await w.migrations.get(id)).changes).toMatchObject([
      { effect: 'risky', accepted: { id: accepted.id, was: 'breaking' } },
    ]);
    await w.plane.readiness.withdrawChange(accepted, OWEN);
    const { changes } = await w.migrations.get(id);
    expect(changes).toMatchObject([{ effect: 'breaking' }]);
    expect(changes[0]).not.toHaveProperty('accepted');
  });

  it('G6: hears that it is accepted while a stage judges', async () => {
    let isGiven = false;
    const w: Worker = await given.worker({
      checkpoint: async ({ name }) => {
        if (name === 'validate:ended' && !isGiven) {
          isGiven = true;
          await accept(w);
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

  it('G6: refuses to take it back once that is too late', async () => {
    const late: unknown[] = [];
    const accepted: AcceptedChange[] = [];
    const w: Worker = await given.worker({
      checkpoint: async ({ name }) => {
        if (name === 'cut-over:started') {
          late.push(
            await w.plane.readiness
              .withdrawChange(accepted[0], OWEN)
              .catch(error => error),
          );
        }
      },
    });
    await consumersAre(readsDelay);
    accepted.push(await accept(w));
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    expect(late).toEqual([
      expect.objectContaining({
        name: 'ConflictError',
        message: `It is too late for 'withdraw': version 2.0.0 of ${flights} is being published at this moment`,
      }),
    ]);
  });

  it('G6: asks for it again after a roll back', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    await accept(w);
    const { id } = await w.start();
    await w.reaches(id, 'succeeded');
    await w.migrations.rollback(id, amelia);
    await w.reaches(id, 'rolled-back');
    expect(await given.knex('accepted_changes')).toMatchObject([
      { withdrawn_by: amelia.subject, withdrawn_at: expect.any(Date) },
    ]);
    await blocked(w);
    given.expectVersion('1.0.0');
  });

  it('G6: lets an old version retire that only readers of it need', async () => {
    const w = await given.worker();
    await consumersAre(readsDelay);
    const { id } = await w.start('2.0.0', 'coexist');
    await w.reaches(id, 'succeeded');
    await w.migrations.retire(id, amelia);
    await w.errs(id);
    await accept(w);
    await w.migrations.retire(id, amelia);
    expect((await w.retires(id)).consumers).toMatchObject([
      { verdict: 'ready', touchedBy: [{ accepted: { by: OWEN } }] },
    ]);
  });

  it('keeps what a consumer acknowledged', async () => {
    const w = await given.worker();
    const other = { ...readsDelay, entityRef: 'component:default/other' };
    await consumersAre(readsDelay, other);
    const id = await blocked(w);
    const { readiness } = w.plane;
    const upcoming = await readiness.wayTo(flights, '2.0.0');
    const { concernsId } = await readiness.judge(flights, upcoming, readsDelay);
    await readiness.acknowledge(
      BOARD,
      { datasetRef: flights, version: '2.0.0', answer: 'ready', concernsId },
      OWEN,
    );
    await accept(w);
    const { consumers } = await w.reaches(id, 'succeeded');
    expect(consumers[0].answer).not.toHaveProperty('dropped');
  });

  it('lets one of two accept it who do so at once', async () => {
    const w = await given.worker({ slots: 0 });
    await consumersAre(readsDelay);
    const outcomes = await Promise.allSettled([
      accept(w, {}, OWEN),
      accept(w, {}, amelia.subject),
    ]);
    const refused = outcomes.flatMap(outcome =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    );
    const [row, ...others] = await given.knex('accepted_changes');
    expect(others).toEqual([]);
    expect(refused).toEqual([
      expect.objectContaining({
        name: 'ConflictError',
        message: `It is accepted already, by ${row.accepted_by}: ${renamed.reason}`,
      }),
    ]);
  });

  it.each<[string, Partial<AcceptChangeRequest>, string, string]>([
    [
      'of a rule that there is not',
      { rule: 'toString' as any },
      'InputError',
      "rule 'toString' does not exist",
    ],
    [
      'of a rule that judges nothing here',
      { rule: 'field-removed' },
      'InputError',
      "rule 'field-removed' judges no change from 1.0.0 to 2.0.0",
    ],
    [
      'of another field',
      { field: 'id' },
      'InputError',
      "field 'id': rule 'field-renamed' judges no change of it",
    ],
    ['of no field', { field: undefined }, 'InputError', 'field is missing'],
    [
      'of an object where there is one only',
      { object: 'airports' },
      'InputError',
      "object 'airports': rule 'field-renamed' judges no change of it",
    ],
    [
      'that reads otherwise by now',
      { summary: 'renamed to `late`' },
      'ConflictError',
      'The change reads otherwise than it was shown: renamed to `arrival_delay`',
    ],
    [
      'without a reason',
      { reason: '   ' },
      'InputError',
      'reason must say why',
    ],
  ])('G10: refuses a change %s', async (_, request, name, message) => {
    const w = await given.worker({ slots: 0 });
    await expect(accept(w, request)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
    expect(await given.knex('accepted_changes')).toEqual([]);
  });
});
