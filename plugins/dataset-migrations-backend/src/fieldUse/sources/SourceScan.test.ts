import { UrlReaderService } from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { NotFoundError, NotModifiedError } from '@backstage/errors';
import { Knex } from 'knex';
import { contractText } from '../../__testUtils__/testBackend';
import { useTestDatabase } from '../../__testUtils__/testDatabase';
import { ConsumerStore } from '../../consumers/ConsumerStore';
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
  const database = useTestDatabase();
  let knex: Knex;
  let trees: Trees;
  let consumers: ConsumerStore;
  let store: FieldUseStore;
  let changed: string[];
  let scan: SourceScan;

  beforeEach(async () => {
    knex = database();
    trees = new Trees();
    consumers = new ConsumerStore(knex);
    store = new FieldUseStore(knex);
    changed = [];
    await saveDataset('delay');
    await declare();
    scan = create();
  });

  function create(options: { sourceMs?: number } = {}) {
    return new SourceScan({
      reader: trees as unknown as UrlReaderService,
      store,
      datasets: new DatasetStore(knex, async () => undefined),
      logger: mockServices.logger.mock(),
      directory: {
        fieldUseChanged: async keys =>
          void changed.push(...keys.map(({ datasetRef }) => datasetRef)),
      },
      isAllowed: address => address.startsWith('https://git.test/'),
      ...options,
    });
  }

  function declare(
    details: {
      fields?: string[];
      sourceUrl?: string;
      sourceComplete?: boolean;
      sourceProblem?: string;
    } = {},
  ) {
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
    const [{ fields, evidence, unread, complete }] = await consumers.ofDataset(
      flights,
    );
    return { fields, evidence, unread, complete };
  }

  /** As if it had been looked at so many hours before. */
  async function age(hours: number) {
    await knex('parsed_field_uses').update({
      checked_at: knex.raw(`checked_at - ? * interval '1 hour'`, [hours]),
      tried_at: knex.raw(`tried_at - ? * interval '1 hour'`, [hours]),
    });
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
      complete: 'declared',
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
    // Whose of them it is, nobody knows.
    for (const { fields, evidence } of all) {
      expect([fields, evidence]).toEqual([
        undefined,
        [
          {
            by: 'parsed',
            field: 'delay',
            file: 'a.sql',
            line: 1,
            shared: true,
          },
        ],
      ]);
    }
  });

  it('G6: takes all for known where that is stated, or a project was read whole', async () => {
    const project = {
      'dbt_project.yml': 'name: trips',
      'models/a.sql': 'select delay from public.flights',
    };
    trees.trees.set(url, { etag: '1', files: project });
    await scan.run();
    expect((await known()).complete).toBe('parsed');

    const others: Record<string, string>[] = [
      { 'packages.yml': 'packages: [{ package: x/y }]' },
      { 'src/late.py': 'table = "flights"' },
      { 'models/b.sql': 'select {{ macro() }} from flights' },
    ];
    for (const more of others) {
      trees.trees.set(url, {
        etag: JSON.stringify(more),
        files: { ...project, ...more },
      });
      await scan.run();
      expect((await known()).complete).toBeUndefined();
    }

    trees.trees.set(url, {
      etag: '2',
      files: { 'a.sql': 'select delay from flights' },
    });
    await scan.run();
    expect((await known()).complete).toBeUndefined();
    await declare({ sourceComplete: true });
    expect((await known()).complete).toBe('stated');
    await declare({ sourceComplete: true, sourceProblem: 'a bad annotation' });
    expect(await known()).toMatchObject({
      unread: [{ reason: 'a bad annotation' }],
    });
    expect((await known()).complete).toBeUndefined();
  });

  it('G11: reads no source that the operator does not allow', async () => {
    await declare({ sourceUrl: 'https://elsewhere.test/x' });
    trees.trees.set('https://elsewhere.test/x', {
      etag: '1',
      files: { 'a.sql': 'select delay from flights' },
    });
    await scan.run();
    await scan.lookAt(flights);
    expect(trees.reads).toEqual([]);
    expect(await known()).toEqual({});
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

  it('keeps what is known of a source that cannot be reached, for a day', async () => {
    trees.trees.set(url, {
      etag: '1',
      files: { 'a.sql': 'select delay from flights' },
    });
    await scan.run();
    const { trees: found } = trees;
    const tree = found.get(url)!;
    found.clear();
    await scan.run();
    expect(await known()).toMatchObject({ fields: ['delay'] });
    expect((await known()).unread).toBeUndefined();

    await age(25);
    expect(await known()).toMatchObject({
      fields: ['delay'],
      unread: [
        {
          reason: expect.stringMatching(
            /could not be read: Nothing at .*; what is known is of .* at 1, seen at 20/,
          ),
        },
      ],
    });
    // It is there again, as it was.
    found.set(url, tree);
    changed.splice(0);
    await scan.run();
    expect((await known()).unread).toBeUndefined();
    expect(changed).toEqual([flights]);
  });

  it('G6: keeps what was read elsewhere until the new source is read', async () => {
    await declare({ fields: ['id'] });
    trees.trees.set(url, {
      etag: '1',
      files: { 'a.sql': 'select delay from flights' },
    });
    await scan.run();
    const moved = 'https://git.test/moved';
    await declare({ fields: ['id'], sourceUrl: moved });
    expect(await known()).toMatchObject({
      fields: ['id', 'delay'],
      unread: [
        {
          reason: expect.stringContaining(
            `its source moved to ${moved}, which was not read yet; what is known is of ${url} at 1`,
          ),
        },
      ],
    });
    await declare({ fields: ['id'], sourceUrl: undefined });
    await scan.run();
    expect(await known()).toMatchObject({
      fields: ['id', 'delay'],
      unread: [
        { reason: expect.stringContaining('it names no source any more') },
      ],
    });

    await declare({ fields: ['id'], sourceUrl: moved });
    trees.trees.set(moved, {
      etag: '1',
      files: { 'a.sql': 'select id from flights' },
    });
    await scan.run();
    expect((await known()).fields).toEqual(['id']);
    expect((await known()).unread).toBeUndefined();
  });

  it('forgets what nobody saw for long, and those that are consumers no longer', async () => {
    trees.trees.set(url, {
      etag: '1',
      files: { 'a.sql': 'select delay from flights' },
    });
    await scan.run();
    await age(48);
    const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    expect(await store.removeParsed(ago(49))).toEqual([]);
    expect(await store.removeParsed(ago(47))).toEqual([
      { datasetRef: flights, entityRef: radar },
    ]);
    await scan.run();
    await knex('consumers').delete();
    await scan.run();
    expect(await knex('parsed_field_uses')).toEqual([]);
  });

  it('G6: looks at sources before something is decided, but not twice a minute', async () => {
    const files = { 'a.sql': 'select id from flights' };
    trees.trees.set(url, { etag: '1', files });
    await scan.run();
    trees.trees.set(url, {
      etag: '2',
      files: { 'a.sql': 'select delay from flights' },
    });
    await scan.lookAt(flights);
    expect((await known()).fields).toEqual(['id']);
    await age(1);
    await scan.lookAt(flights);
    expect((await known()).fields).toEqual(['delay']);
    expect(await consumers.ofDataset(flights)).toMatchObject([
      { scan: { url, revision: '2' } },
    ]);
  });

  it('says what there was no time for, and reads it the next time', async () => {
    trees.trees.set(url, {
      etag: '1',
      files: { 'a.sql': 'select delay from flights' },
    });
    // No time at all, but for a tree that is at hand.
    const spent = jest
      .spyOn(AbortSignal, 'timeout')
      .mockReturnValue(AbortSignal.abort());
    await create({ sourceMs: 1 }).run();
    spent.mockRestore();
    expect(await known()).toMatchObject({
      unread: [
        {
          file: 'a.sql',
          reason: expect.stringContaining('the source takes too long'),
        },
      ],
    });
    await scan.run();
    expect(await known()).toMatchObject({ fields: ['delay'] });
    expect((await known()).unread).toBeUndefined();

    // G6: a part of the next state takes the place of nothing.
    trees.trees.set(url, { etag: '2', files: { 'a.sql': 'select 1' } });
    const again = jest
      .spyOn(AbortSignal, 'timeout')
      .mockReturnValue(AbortSignal.abort());
    await create({ sourceMs: 1 }).run();
    again.mockRestore();
    expect((await known()).fields).toEqual(['delay']);
    await age(25);
    expect((await known()).unread).toEqual([
      {
        reason: expect.stringContaining(
          `its source ${url} takes more than 1 ms to read; what is known is of ${url} at 1`,
        ),
      },
    ]);
  });

  it('reads those first that were not looked at for longest', async () => {
    const other = 'https://git.test/other';
    await consumers.upsert([
      {
        datasetRef: flights,
        entityRef: 'component:default/aaa',
        source: 'declared',
        sourceUrl: other,
      },
    ]);
    const files = { 'a.sql': 'select id from flights' };
    trees.trees.set(url, { etag: '1', files });
    trees.trees.set(other, { etag: '1', files });
    await scan.run();
    await knex('parsed_field_uses')
      .where({ consumer_ref: radar })
      .update({ tried_at: knex.raw(`tried_at - interval '1 hour'`) });
    trees.trees.set(url, { etag: '2', files });
    trees.trees.set(other, { etag: '2', files });
    trees.reads = [];
    await scan.run();
    expect(trees.reads).toEqual([url, other]);
  });

  it('keeps the newest run of each job', async () => {
    const run = (job: string, day: number, fields?: string[]) => ({
      consumerRef: radar,
      job,
      runId: `${job}-${day}`,
      uses: fields ? [{ datasetRef: flights, fields }] : [],
      outputs: [],
      eventTime: new Date(Date.UTC(2026, 10, day)),
    });
    const all = [{ datasetRef: flights, entityRef: radar }];
    expect(await store.saveObserved(run('a', 2, ['delay']))).toEqual({
      changed: all,
    });
    expect(await store.saveObserved(run('a', 1, ['id']))).toEqual({
      refused: 'a run of a that is no older is known',
      changed: [],
    });
    await store.saveObserved(run('b', 3, ['id']));
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
    // Nobody need be told of what is known.
    expect(await store.saveObserved(run('b', 4, ['id']))).toEqual({
      changed: [],
    });
    await store.removeObserved(new Date(Date.UTC(2026, 10, 3)));
    expect((await known()).fields).toEqual(['id']);
    // The job runs on, but not on the dataset.
    expect(await store.saveObserved(run('b', 5))).toEqual({ changed: all });
    expect(await known()).toEqual({});
    // Nor does an event that comes late bring it back.
    expect((await store.saveObserved(run('b', 4, ['delay']))).refused).toBe(
      'a run of b that is no older is known',
    );
  });

  it('adds up the events of one run', async () => {
    const event = (hour: number, fields: string[]) => ({
      consumerRef: radar,
      job: 'a',
      runId: 'one',
      uses: [{ datasetRef: flights, fields }],
      outputs: [],
      eventTime: new Date(Date.UTC(2026, 10, 1, hour)),
    });
    await Promise.all([
      store.saveObserved(event(1, ['delay'])),
      store.saveObserved(event(2, ['id'])),
    ]);
    await store.saveObserved(event(0, []));
    expect((await known()).fields).toEqual(['delay', 'id']);
  });

  it('keeps no more jobs than a consumer may have', async () => {
    await knex('observed_field_uses').insert(
      Array.from({ length: 500 }, (_, index) => ({
        dataset_ref: flights,
        consumer_ref: radar,
        job: `job-${index}`,
        run_id: 'x',
        fields: '["id"]',
        event_time: new Date(0),
      })),
    );
    const run = (job: string) => ({
      consumerRef: radar,
      job,
      runId: 'y',
      uses: [{ datasetRef: flights, fields: ['delay'] }],
      outputs: [],
      eventTime: new Date(1),
    });
    expect((await store.saveObserved(run('more'))).refused).toBe(
      '500 jobs of it are known; more is one more',
    );
    expect((await store.saveObserved(run('job-7'))).refused).toBeUndefined();
  });
});
