import { TestDatabases } from '@backstage/backend-test-utils';
import {
  Campaign,
  CampaignAction,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { createLimitedRole, LimitedRole } from '../__testUtils__/limitedRole';
import { poll } from '../__testUtils__/poll';
import {
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';
import { rootHealthServiceFactory } from '../liveness/services';

jest.setTimeout(300_000);

const PLUGIN = 'dataset-migrations';
const QUEUE = 'dataset_migrations_boss';

const LIVENESS_SECONDS = 5;
const DATASETS = 6;
const places = Array.from({ length: DATASETS }, (_, place) => place);
/** Of each test its own. */
const ROUNDS = [1, 2, 3];

/**
 * What a full disk is to whoever writes: PostgreSQL answers and reads as ever,
 * and refuses rows. A file system without room would have to be mounted, which
 * needs root; so it is a trigger that refuses them, with the same SQLSTATE.
 */
const refuseRows = `
  CREATE FUNCTION public.disk_full() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION USING ERRCODE = 'disk_full',
      MESSAGE = 'could not extend file "base/1/2": No space left on device';
  END
  $$`;

// Made out here, so that it goes after the role that owns things in it.
const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

describe('a campaign while the database of the plugin', () => {
  let admin: Knex;
  let role: LimitedRole;
  let backend: TestBackend;
  let round = 0;

  const ref = (place: number, ofRound = round) =>
    `resource:default/outage-${ofRound}-${place}`;

  beforeAll(async () => {
    // Knex tells of each connection that is cut, and Jest looks up where it does so.
    jest.spyOn(console, 'log').mockImplementation();
    admin = await databases.init('POSTGRES_18');
    role = await createLimitedRole(admin);
    await admin.raw('GRANT CREATE ON DATABASE ?? TO ??', [
      admin.client.config.connection.database,
      role.name,
    ]);
    await admin.raw(refuseRows);
    backend = await startBackend({
      knex: role.knex,
      config: {
        queue: { slots: 2, livenessTimeout: { seconds: LIVENESS_SECONDS } },
      },
      features: [rootHealthServiceFactory],
    });
    // All at once: a task of the scheduler that could not say that it ended is
    // taken for running until its timeout, and so is the one that reads these.
    const refs = ROUNDS.flatMap(each => places.map(place => ref(place, each)));
    await backend.publish(refs.map(each => dataset(each.split('/')[1])));
  });

  beforeEach(() => {
    round += 1;
  });

  afterEach(async () => {
    await makeRoom();
    await letIn(-1);
  });

  afterAll(async () => {
    await backend.stop();
    await role.drop();
    jest.restoreAllMocks();
  });

  /** Tables of these schemas; a trigger of a partitioned one is its partitions', too. */
  async function tables(...schemas: string[]): Promise<string[]> {
    const { rows } = await admin.raw(
      `SELECT format('%I.%I', nspname, relname) AS name
       FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
       WHERE nspname = any(?) AND relkind IN ('r', 'p') AND NOT relispartition`,
      [schemas],
    );
    return rows.map((row: { name: string }) => row.name);
  }

  /** The backend locks tables too; who loses a deadlock to it tries again. */
  async function alter(sql: string): Promise<void> {
    for (;;) {
      try {
        await admin.raw(sql);
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== '40P01') {
          throw error;
        }
      }
    }
  }

  async function fill(...schemas: string[]): Promise<void> {
    for (const table of await tables(...schemas)) {
      await alter(
        `CREATE OR REPLACE TRIGGER disk_full BEFORE INSERT OR UPDATE ON ${table}
         FOR EACH ROW EXECUTE FUNCTION public.disk_full()`,
      );
    }
  }

  async function makeRoom(): Promise<void> {
    for (const table of await tables(PLUGIN, QUEUE)) {
      await alter(`DROP TRIGGER IF EXISTS disk_full ON ${table}`);
    }
  }

  async function letIn(connections: number): Promise<void> {
    await admin.raw(`ALTER ROLE ${role.name} CONNECTION LIMIT ${connections}`);
  }

  async function liveness() {
    const response = await fetch(
      `${backend.url}/.backstage/health/v1/liveness`,
    );
    return {
      status: response.status,
      body: JSON.stringify(await response.json()),
    };
  }

  const untilRed = () =>
    poll('a red liveness', async () => {
      const now = await liveness();
      return now.status === 503 && now.body;
    });

  const untilGreen = () =>
    poll('a green liveness', async () => (await liveness()).status === 200);

  /**
   * A campaign of which some datasets are done, two are being copied and the
   * rest has not begun.
   *
   * @returns lets the copies go on
   */
  async function inMidCampaign() {
    let go: () => void = () => {};
    const told = new Promise<void>(resolve => (go = resolve));
    // In whichever order they are taken: they were enqueued together.
    const begun: string[] = [];
    const copying = new Set<string>();
    for (const place of places) {
      const engine = backend.engine.of(ref(place));
      engine.write(() =>
        Array.from({ length: 25 }, (_, i) => ({
          id: `${i}`,
          delay: `${i * 3}`,
        })),
      );
      engine.before = async method => {
        if (method === 'copyChunk' && !begun.includes(ref(place))) {
          begun.push(ref(place));
          if (begun.length > 2) {
            copying.add(ref(place));
            await told;
          }
        }
      };
    }
    const api = backend.as('grace');
    const { id } = await api.campaigns.create({
      title: `Outage ${round}`,
      selection: {
        datasets: places.map(place => ref(place)),
      },
      autoStart: true,
    });
    let last: Campaign | undefined;
    await poll(
      () =>
        `two that are done, and two that are being copied: ${[
          ...copying,
        ]}, ${JSON.stringify(last)}`,
      async () => {
        last = await api.campaigns.get(id);
        return last.counts.succeeded === 2 && copying.size === 2;
      },
    );
    return { id, go };
  }

  /** That everything came to the end that it would have come to anyway. */
  async function expectDone(id: string): Promise<void> {
    const api = backend.as('grace');
    let last: Campaign | undefined;
    await poll(
      () => `the campaign to finish: ${JSON.stringify(last)}`,
      async () => {
        last = await api.campaigns.get(id);
        return last.state === 'finished';
      },
    );
    expect(last!.counts).toMatchObject({ succeeded: DATASETS, failed: 0 });
    expect(last!.actions).not.toContain(
      'retry-failed' satisfies CampaignAction,
    );
    for (const place of places) {
      expect(backend.engine.of(ref(place)).store.rows).toEqual(
        Array.from({ length: 25 }, (_, i) => ({
          id: `${i}`,
          arrival_delay: `${i * 3}`,
        })),
      );
    }
    // Each by one migration, which never was failed, not even for a time.
    const states = await role
      .knex('migrations')
      .withSchema(PLUGIN)
      .where({ campaign_id: id })
      .pluck('state');
    expect(states).toEqual(Array(DATASETS).fill('succeeded'));
    const failures = await role
      .knex('migration_events')
      .withSchema(PLUGIN)
      .where({ level: 'error' });
    expect(failures).toEqual([]);
    expect(
      await role.knex('leases').withSchema(PLUGIN).whereNotNull('migration_id'),
    ).toEqual([]);
    await untilGreen();
  }

  it('is full: goes on when there is room again, and says meanwhile that it cannot', async () => {
    const { id, go } = await inMidCampaign();
    expect((await liveness()).status).toBe(200);
    await fill(PLUGIN, QUEUE);
    // What they copied cannot be written down.
    go();
    expect(await untilRed()).toContain('No jobs could be asked for');
    // What is only read is told all the same, by a process that lives.
    const { counts } = await backend.as('grace').campaigns.get(id);
    expect(counts).toMatchObject({ succeeded: 2, failed: 0 });

    await makeRoom();
    await untilGreen();
    await expectDone(id);
  });

  it('is full for its own tables only: tries the jobs again with patience', async () => {
    const { id, go } = await inMidCampaign();
    await fill(PLUGIN);
    go();
    await poll('a job that was tried again', async () => {
      const tried = await role
        .knex('job')
        .withSchema(QUEUE)
        .where('retry_count', '>', 1)
        .whereIn('state', ['retry', 'active'])
        .first('id');
      return tried !== undefined;
    });
    // The queue itself works.
    expect((await liveness()).status).toBe(200);
    await makeRoom();
    await expectDone(id);
  });

  it('gives no connections: goes on with new ones when it does', async () => {
    const { id, go } = await inMidCampaign();
    await letIn(0);
    await admin.raw(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ?`,
      [role.name],
    );
    await poll('nobody to be let in', () =>
      role.knex.raw('SELECT 1').then(
        () => false,
        ({ code }) => code === '53300',
      ),
    );
    go();
    expect(await untilRed()).toMatch(
      /PostgreSQL has not answered the queue|No jobs could be asked for/,
    );

    await letIn(-1);
    await untilGreen();
    await expectDone(id);
  });
});
