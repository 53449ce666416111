import { UrlReaderService } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { NotFoundError, NotModifiedError } from '@backstage/errors';
import { Knex } from 'knex';
import { contractText } from '../../__testUtils__/testBackend';
import { ConsumerStore } from '../../consumers/ConsumerStore';
import { openDatabase } from '../../database/openDatabase';
import { DatasetStore } from '../../datasets/DatasetStore';
import { FieldUseStore } from '../store/FieldUseStore';
import { SourceScan } from './SourceScan';
import { parseContract } from '@skein/backstage-plugin-dataset-migrations-common/planning';

jest.setTimeout(60_000);

const flights = 'resource:default/flights';
const radar = 'component:default/radar';
const url = 'https://git.test/apps/radar/tree/main/';

/** Trees by address, as an integration would give them. */
class Trees implements Pick<UrlReaderService, 'readTree'> {
  readonly trees = new Map<
    string,
    { etag: string; files: Record<string, string> }
  >();
  reads: string[] = [];

  async readTree(
    address: string,
    options: Parameters<UrlReaderService['readTree']>[1] = {},
  ) {
    const tree = this.trees.get(address);
    if (!tree) {
      throw new NotFoundError(`Nothing at https://bot:hunter2@git.test`);
    }
    if (tree.etag === options.etag) {
      throw new NotModifiedError();
    }
    this.reads.push(address);
    return {
      etag: tree.etag,
      files: async () =>
        Object.entries(tree.files)
          .filter(([path, text]) =>
            options.filter!(path, { size: text.length }),
          )
          .map(([path, text]) => ({
            path,
            content: async () => Buffer.from(text),
          })),
    } as unknown as Awaited<ReturnType<UrlReaderService['readTree']>>;
  }
}

describe('SourceScan', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let trees: Trees;
  let consumers: ConsumerStore;
  let store: FieldUseStore;
  let changed: string[];
  let scan: SourceScan;

  beforeEach(async () => {
    knex = await databases.init('POSTGRES_18');
    await openDatabase(mockServices.database({ knex }));
    trees = new Trees();
    consumers = new ConsumerStore(knex);
    store = new FieldUseStore(knex);
    changed = [];
    const datasets = new DatasetStore(knex);
    await saveDataset('delay');
    await declare();
    scan = new SourceScan({
      reader: trees as unknown as UrlReaderService,
      store,
      datasets,
      logger: mockServices.logger.mock(),
      directory: {
        fieldUseChanged: async refs => void changed.push(...refs),
      },
    });
  });
  afterEach(() => knex.destroy());

  function declare(details: { fields?: string[]; sourceUrl?: string } = {}) {
    return consumers.upsert([
      {
        datasetRef: flights,
        entityRef: radar,
        source: 'declared',
        sourceUrl: url,
        ...details,
      },
    ]);
  }

  async function saveDataset(reads: string) {
    const contract = parseContract(contractText('1.0.0', reads));
    await knex('datasets')
      .insert({
        entity_ref: flights,
        title: 'Flights',
        engine: 'postgres',
        current_version: '1.0.0',
        versions: '[]',
        contracts: JSON.stringify([contract]),
        documents: '[]',
        windows: '[]',
        problems: '[]',
        content_hash: reads,
      })
      .onConflict('entity_ref')
      .merge();
  }

  async function known() {
    const [{ fields, evidence, unread }] = await consumers.ofDataset(flights);
    return { fields, evidence, unread };
  }

  it('keeps which fields SQL reads, with file and line', async () => {
    trees.trees.set(url, {
      etag: '1',
      files: { 'sql/late.sql': 'select\n  delay\nfrom flights' },
    });
    expect(await known()).toEqual({});
    await scan.run();
    expect(await known()).toEqual({
      fields: ['delay'],
      evidence: [
        { by: 'parsed', field: 'delay', file: 'sql/late.sql', line: 2 },
      ],
    });
    expect(changed).toEqual([flights]);
  });

  it('adds to what is declared', async () => {
    await declare({ fields: ['id'] });
    trees.trees.set(url, {
      etag: '1',
      files: { 'a.sql': 'select delay from flights' },
    });
    await scan.run();
    expect(await known()).toEqual({
      fields: ['id', 'delay'],
      evidence: [
        { by: 'declared', field: 'id' },
        { by: 'parsed', field: 'delay', file: 'a.sql', line: 1 },
      ],
    });
  });

  it('reads a source again when it or a contract changed, and only then', async () => {
    const files = { 'a.sql': 'select delay from flights' };
    trees.trees.set(url, { etag: '1', files });
    await scan.run();
    await scan.run();
    expect(trees.reads).toEqual([url]);

    trees.trees.set(url, { etag: '2', files });
    await scan.run();
    expect(trees.reads).toEqual([url, url]);
    expect(changed).toEqual([flights]);

    await saveDataset('lateness');
    await scan.run();
    expect(trees.reads).toEqual([url, url, url]);
    expect(changed).toEqual([flights, flights]);
    expect(await known()).toEqual({});
  });

  it('reads a source once for all who have it', async () => {
    await consumers.upsert(
      ['a', 'b', 'c'].map(name => ({
        datasetRef: flights,
        entityRef: `component:default/${name}`,
        source: 'declared' as const,
        sourceUrl: url,
      })),
    );
    trees.trees.set(url, {
      etag: '1',
      files: { 'a.sql': 'select delay from flights' },
    });
    await scan.run();
    expect(trees.reads).toEqual([url]);
    const all = await consumers.ofDataset(flights);
    expect(all.map(({ fields }) => fields)).toEqual(Array(4).fill(['delay']));
  });

  it('says what could not be read, without secrets, and goes on', async () => {
    await consumers.upsert([
      {
        datasetRef: flights,
        entityRef: 'component:default/zeppelin',
        source: 'declared',
        sourceUrl: 'https://git.test/zeppelin',
      },
    ]);
    trees.trees.set('https://git.test/zeppelin', {
      etag: '1',
      files: {
        'a.sql': 'select id from flights',
        'b.sql': '{% for x in y %} from flights {% endfor %}',
      },
    });
    await scan.run();
    const [first, second] = await consumers.ofDataset(flights);
    expect(first.fields).toBeUndefined();
    expect(first.unread).toEqual([
      {
        reason: `its source ${url} could not be read: Nothing at https://***@git.test`,
      },
    ]);
    expect(second).toMatchObject({
      fields: ['id'],
      unread: [
        {
          file: 'b.sql',
          line: 1,
          reason: '{% for x in y %} is not evaluated',
        },
      ],
    });
  });

  it('keeps what is known of a source that cannot be reached', async () => {
    trees.trees.set(url, {
      etag: '1',
      files: { 'a.sql': 'select delay from flights' },
    });
    await scan.run();
    trees.trees.clear();
    await scan.run();
    expect(await known()).toMatchObject({ fields: ['delay'] });
    expect((await known()).unread).toBeUndefined();
  });

  it('forgets what was read elsewhere', async () => {
    trees.trees.set(url, {
      etag: '1',
      files: { 'a.sql': 'select delay from flights' },
    });
    await scan.run();
    await declare({ sourceUrl: 'https://git.test/moved' });
    expect(await known()).toEqual({});
    await declare({ sourceUrl: undefined });
    await scan.run();
    expect(await knex('parsed_field_uses')).toEqual([]);
  });

  it('keeps the newest run of each job', async () => {
    const run = (job: string, day: number, fields: string[]) => ({
      datasetRef: flights,
      consumerRef: radar,
      job,
      runId: `${job}-${day}`,
      fields,
      eventTime: new Date(Date.UTC(2026, 10, day)),
    });
    expect(await store.saveObserved([run('a', 2, ['delay'])])).toEqual(
      new Set([flights]),
    );
    expect(await store.saveObserved([run('a', 1, ['id'])])).toEqual(new Set());
    await store.saveObserved([run('b', 3, ['id'])]);
    expect(await known()).toEqual({
      fields: ['id', 'delay'],
      evidence: [
        {
          by: 'observed',
          field: 'id',
          job: 'b',
          at: '2026-11-03T00:00:00.000Z',
        },
        {
          by: 'observed',
          field: 'delay',
          job: 'a',
          at: '2026-11-02T00:00:00.000Z',
        },
      ],
    });
    await store.removeObserved(new Date(Date.UTC(2026, 10, 3)));
    expect((await known()).fields).toEqual(['id']);
  });
});
