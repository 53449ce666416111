import { flights, Worker } from '../__testUtils__/controlPlane';
import { usePipeline } from '../__testUtils__/usePipeline';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { FieldUseStore } from '../fieldUse/store/FieldUseStore';

jest.setTimeout(120_000);

const DAY = 86_400_000;
const RADAR = 'component:default/radar';

describe('readiness by the silence of runs', () => {
  const given = usePipeline();
  const start = Date.now();
  /** What the clock of those who judge says. */
  let now: Date;

  beforeEach(async () => {
    now = new Date(start);
    const { directory } = given.world;
    const consumers = new ConsumerStore(given.knex, {
      silentForMs: 30 * DAY,
      now: () => now,
    });
    directory.getConsumers = (_ref, options) =>
      consumers.ofDataset(flights, options);
    await given.knex('consumers').insert({
      dataset_ref: flights,
      consumer_ref: RADAR,
      source: 'depends-on',
    });
  });

  const at = (daysAgo: number) => new Date(start - daysAgo * DAY);

  /** A run that ended well and told all that it read. */
  const ran = (daysAgo: number, ...fields: string[]) =>
    new FieldUseStore(given.knex).saveObserved({
      consumerRef: RADAR,
      job: 'airflow/radar',
      runId: `run-${daysAgo}`,
      eventTime: at(daysAgo),
      receivedAt: at(daysAgo),
      uses: [{ datasetRef: flights, fields }],
      outputs: [],
      outcome: 'complete',
      whole: true,
      tellsFilters: true,
    });

  async function ranDaily(from: number, to: number, ...fields: string[]) {
    for (let daysAgo = from; daysAgo >= to; daysAgo -= 1) {
      await ran(daysAgo, ...fields);
    }
  }

  const reasonsOf = async (w: Worker, id: string) =>
    (await w.migrations.get(id)).consumers[0].reasons.join('; ');

  it('G6: lets a migration go on with the time, and only as long as runs tell', async () => {
    const w = await given.worker();
    await ranDaily(60, 21, 'id', 'delay');
    await ranDaily(20, 0, 'id');
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    expect(await reasonsOf(w, id)).toMatch(
      /a run of airflow\/radar read `delay` on /,
    );

    // Nobody says anything, and nothing follows from it.
    now = at(-11);
    await w.upkeep('reconsider-blocked');
    expect(await w.migrations.get(id)).toMatchObject({ state: 'blocked' });
    expect(await reasonsOf(w, id)).toMatch(
      /would prove nothing: airflow\/radar has told nothing since /,
    );

    await ranDaily(-1, -11, 'id');
    await w.upkeep('reconsider-blocked');
    const { consumers } = await w.reaches(id, 'succeeded');
    given.expectVersion('2.0.0');
    expect(consumers).toEqual([
      expect.objectContaining({
        verdict: 'ready',
        blocking: false,
        reasons: [
          expect.stringMatching(
            /^no run has read `delay` since \d{4}-\d\d-\d\d, and lineage of its job was live throughout$/,
          ),
        ],
        consumer: expect.objectContaining({
          silence: expect.objectContaining({
            jobs: 1,
            reads: [expect.objectContaining({ field: 'id' })],
          }),
        }),
      }),
    ]);
  });

  it('G6: is over with a run that reads the field before the cut over', async () => {
    const w = await given.worker();
    await ranDaily(60, 0, 'id');
    given.world.engine.before = method => {
      if (method === 'verify') {
        given.world.engine.before = undefined;
        return ran(-0.1, 'delay').then(() => undefined);
      }
      return undefined;
    };
    const { id } = await w.start();
    const blocked = await w.reaches(id, 'blocked');
    expect(blocked.stage).toBe('cut-over');
    expect(blocked.error?.message).toMatch(/reads `delay`/);
    given.expectVersion('1.0.0');
  });
});
