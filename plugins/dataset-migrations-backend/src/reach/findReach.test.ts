import { parseContract } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Knex } from 'knex';
import { contractText } from '../__testUtils__/testBackend';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { ConsumerStore } from '../consumers/ConsumerStore';
import {
  component,
  dataset,
  flights,
  flow,
  reads,
  retyped,
} from './__testUtils__/graphs';
import { answerReach } from './answerReach';
import { findReach } from './findReach';
import { ReachStore } from './ReachStore';
import { contractReach } from './spreadChanges';

jest.setTimeout(120_000);

describe('a reach', () => {
  const database = useTestDatabase();
  const contract = parseContract(contractText('1.0.0', 'delay'));

  /** Datasets, each with what it depends on. */
  async function saveDatasets(dependsOn: Record<string, string[]>) {
    await database().batchInsert(
      'datasets',
      Object.entries(dependsOn).map(([ref, refs]) => ({
        entity_ref: ref,
        title: ref,
        current_version: '1.0.0',
        versions: '[]',
        contracts: JSON.stringify([contract]),
        documents: '[]',
        depends_on: JSON.stringify(refs),
        problems: '[]',
        content_hash: 'x',
      })),
      500,
    );
  }

  async function saveConsumers(datasetRef: string, refs: string[]) {
    await database().batchInsert(
      'consumers',
      refs.map(ref => ({
        dataset_ref: datasetRef,
        consumer_ref: ref,
        source: 'declared',
      })),
      500,
    );
  }

  async function find(
    consumers: string[],
    limits?: { waves?: number; entities?: number; links?: number },
  ) {
    const knex = database();
    let statements = 0;
    const count = () => {
      statements += 1;
    };
    knex.on('query', count);
    const found = await findReach(
      { reach: new ReachStore(knex), consumers: new ConsumerStore(knex) },
      {
        datasetRef: flights,
        consumers: consumers.map(ref => reads(ref)),
        known: { changes: [retyped] },
        limits,
      },
    );
    knex.off('query', count);
    return {
      ...found,
      statements,
      changes: Object.fromEntries(
        [...found.waves.datasets.keys()].map(ref => [
          ref,
          contractReach(found.spreads.get(ref)!),
        ]),
      ),
    };
  }

  async function saveRun(maker: string, ref: string, knex: Knex) {
    await knex('field_lineage').insert({
      consumer_ref: maker,
      job: 'airflow/etl',
      dataset_ref: ref,
      run_id: 'r',
      told: JSON.stringify(['id', 'delay']),
      flows: JSON.stringify([flow('delay', 'delay'), flow('id', 'id')]),
      event_time: new Date(),
    });
  }

  it('goes from dataset to consumer to dataset, and ends in cycles', async () => {
    const [etl, report, loop] = ['etl', 'report', 'loop'].map(component);
    const [delays, yearly, direct] = ['delays', 'yearly', 'direct'].map(
      dataset,
    );
    await saveDatasets({
      [flights]: [loop],
      [delays]: [etl],
      [yearly]: [report, loop],
      [direct]: [delays],
      [dataset('elsewhere')]: [component('nobody')],
    });
    await saveConsumers(delays, [report, direct]);
    await saveConsumers(yearly, [loop, etl]);
    await saveRun(etl, delays, database());

    const { waves, changes, truncated } = await find([etl]);
    expect(waves).toEqual({
      datasets: new Map([
        [delays, 1],
        [direct, 2],
        [yearly, 2],
      ]),
      consumers: new Map([
        [etl, 1],
        [report, 2],
        [loop, 3],
      ]),
    });
    expect(changes).toEqual({
      [delays]: 'yes',
      [direct]: 'unknown',
      [yearly]: 'unknown',
    });
    expect(truncated).toBeUndefined();
  });

  it('says when it goes on beyond its limits', async () => {
    const at = (index: number) => dataset(`d${index}`);
    const chain = Array.from({ length: 12 }, (_, index) => index);
    await saveDatasets(
      Object.fromEntries(
        chain.map(index => [at(index), [component(`c${index}`)]]),
      ),
    );
    for (const index of chain) {
      await saveConsumers(at(index), [component(`c${index + 1}`)]);
    }
    const whole = await find([component('c0')]);
    expect(whole.truncated).toEqual({ by: 'waves', limit: 10 });
    expect(Math.max(...whole.waves.datasets.values())).toBe(10);
    expect(Math.max(...whole.waves.consumers.values())).toBe(10);

    const few = await find([component('c0')], { waves: 20, entities: 5 });
    expect(few.truncated).toEqual({ by: 'entities', limit: 5 });
    expect(few.waves.datasets.size + few.waves.consumers.size).toBe(5);

    const all = await find([component('c0')], { waves: 13, entities: 25 });
    expect(all.truncated).toBeUndefined();
  });

  it('says when one maker of all that it reads makes too many ways', async () => {
    const dbt = component('dbt');
    const made = Array.from({ length: 20 }, (_, index) =>
      dataset(`model-${index}`),
    );
    await saveDatasets(Object.fromEntries(made.map(ref => [ref, [dbt]])));
    for (const ref of made) {
      await saveConsumers(ref, [dbt]);
    }
    // Each is made of the flights, and of each of the others.
    const whole = await find([dbt], { links: 401 });
    expect(whole.truncated).toBeUndefined();
    expect(whole.waves.datasets.size).toBe(20);

    const cut = await find([dbt], { links: 400 });
    expect(cut.truncated).toEqual({ by: 'links', limit: 400 });
    expect(cut.waves.datasets.size).toBe(20);
  });

  it('asks a fixed number of questions for each wave, of 5,000 consumers too', async () => {
    const many = Array.from({ length: 2_500 }, (_, index) => index);
    const makers = many.map(index => component(`maker-${index}`));
    await saveDatasets(
      Object.fromEntries(
        many.map(index => [dataset(`made-${index}`), [makers[index]]]),
      ),
    );
    await saveConsumers(
      dataset('made-0'),
      many.map(index => component(`last-${index}`)),
    );
    const found = await find([
      ...makers,
      ...many.map(index => component(`other-${index}`)),
    ]);
    expect(found.waves.datasets.size).toBe(2_500);
    expect(found.waves.consumers.size).toBe(7_500);
    expect(found.statements).toBeLessThanOrEqual(7);

    const { counts } = answerReach(found, {
      firstReads: new Map(
        found.graph.consumers
          .get(flights)!
          .map(({ entityRef }) => [
            entityRef,
            { datasetRef: flights, verdict: 'breaks', reasons: [] },
          ]),
      ),
      mayRead: () => true,
    });
    expect(counts).toEqual({
      consumers: { ready: 0, breaks: 5_000, unknown: 2_500 },
      datasets: { yes: 0, no: 0, unknown: 2_500 },
    });
  });
});
