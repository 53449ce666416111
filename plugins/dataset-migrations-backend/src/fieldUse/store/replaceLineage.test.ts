import { useTestDatabase } from '../../__testUtils__/testDatabase';
import { FieldFlow } from '../lineage/matchOutputs';
import { FieldUseStore } from './FieldUseStore';

const etl = 'component:default/etl';
const flights = 'resource:default/flights';
const [delays, yearly] = ['delays', 'yearly'].map(
  name => `resource:default/${name}`,
);

const late = (computed?: true): FieldFlow => ({
  from: { datasetRef: flights, field: 'delay' },
  to: 'late',
  ...(computed && { computed }),
});

describe('what runs wrote', () => {
  const database = useTestDatabase();
  const store = () => new FieldUseStore(database());

  const save = (
    runId: string,
    hour: number,
    outputs: Record<string, { told: string[]; flows?: FieldFlow[] }>,
    job = 'airflow/etl',
  ) =>
    store().saveObserved({
      consumerRef: etl,
      job,
      runId,
      eventTime: new Date(Date.UTC(2026, 10, 1, hour)),
      uses: [],
      outputs: Object.entries(outputs).map(
        ([datasetRef, { told, flows = [] }]) => ({ datasetRef, told, flows }),
      ),
    });

  const known = async () =>
    Object.fromEntries(
      (await database()('field_lineage').orderBy(['job', 'dataset_ref'])).map(
        row => [
          `${row.job} ${row.dataset_ref.split('/')[1]}`,
          [row.run_id, row.told, row.flows],
        ],
      ),
    );

  beforeEach(() => database()('observed_field_uses').delete());

  it('is that of the newest run of each job, for all datasets', async () => {
    await save('one', 1, {
      [delays]: { told: ['late'], flows: [late()] },
      [yearly]: { told: ['worst'] },
    });
    await save('other', 1, { [delays]: { told: ['x'] } }, 'airflow/other');
    await save('two', 2, { [delays]: { told: ['airport'] } });
    expect(await known()).toEqual({
      'airflow/etl delays': ['two', ['airport'], []],
      'airflow/other delays': ['other', ['x'], []],
    });
    // Neither an older run counts, nor one of the same time.
    for (const hour of [1, 2]) {
      expect(await save('late', hour, {})).toEqual({
        refused: 'a run of airflow/etl that is no older is known',
        changed: [],
      });
    }
  });

  it('adds up over the events of a run, whatever their order', async () => {
    await Promise.all([
      save('one', 2, { [delays]: { told: ['late'], flows: [late(true)] } }),
      save('one', 1, { [delays]: { told: ['airport'] } }),
    ]);
    await save('one', 0, { [delays]: { told: ['late'], flows: [late()] } });
    expect(await known()).toEqual({
      'airflow/etl delays': ['one', ['airport', 'late'], [late()]],
    });
    const [{ event_time: time }] = await database()('field_lineage');
    expect(time).toEqual(new Date(Date.UTC(2026, 10, 1, 2)));
  });

  it('is forgotten after a while', async () => {
    await save('one', 1, { [delays]: { told: ['late'] } });
    await save('two', 3, { [delays]: { told: ['x'] } }, 'airflow/other');
    await store().removeObserved(new Date(Date.UTC(2026, 10, 1, 2)));
    expect(Object.keys(await known())).toEqual(['airflow/other delays']);
  });

  it('G10: is kept of so many jobs, and of any names', async () => {
    await save('one', 1, { [delays]: { told: ['a\u0000b\ud800'] } });
    expect(await known()).toEqual({
      'airflow/etl delays': ['one', ['a\ufffdb\ufffd'], []],
    });
    await database()('field_lineage').insert(
      Array.from({ length: 499 }, (_, index) => ({
        consumer_ref: etl,
        job: `job-${index}`,
        dataset_ref: delays,
        run_id: 'r',
        told: '[]',
        flows: '[]',
        event_time: new Date(),
      })),
    );
    expect((await save('r', 1, {}, 'one-more')).refused).toBe(
      '500 jobs of it are known; one-more is one more',
    );
  });
});
