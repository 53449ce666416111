import knexFactory, { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { connectionOf } from '../__testUtils__/connectionOf';
import { createLimitedRole, LimitedRole } from '../__testUtils__/limitedRole';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { openDatabase } from '../database/openDatabase';
import { testQueue, workOptions } from './__testUtils__/testQueue';
import { PgBossQueue } from './PgBossQueue';

jest.setTimeout(120_000);

describe('the connections that the queue makes', () => {
  const database = useTestDatabase();
  let role: LimitedRole;
  let knex: Knex | undefined;
  let queue: PgBossQueue | undefined;
  /** Of the plugin, as the platform names it where plugins share a database. */
  let schema: string;
  let queueSchema: string;

  beforeEach(async () => {
    role = await createLimitedRole(database());
    schema = `dataset-migrations ${role.name}`;
    queueSchema = `boss_${role.name}`;
  });

  afterEach(async () => {
    await queue?.stop();
    await knex?.destroy();
    queue = undefined;
    knex = undefined;
    await role.drop();
  });

  async function started(client: Knex): Promise<PgBossQueue> {
    knex = await openDatabase({ getClient: async () => client });
    queue = testQueue(knex, { schema: queueSchema });
    await queue.start();
    return queue;
  }

  /** A row of the plugin and its job, in one transaction. */
  const enqueue = (id: string) =>
    knex!.transaction(async trx => {
      await trx('leases').insert({ location_key: id, token: 1 });
      await queue!.enqueue(
        trx,
        { task: 'deliver', deliveryId: id },
        { key: id },
      );
    });

  async function ownersOf(
    ...schemas: string[]
  ): Promise<Record<string, string[]>> {
    const { rows } = await database().raw(
      `SELECT schemaname, array_agg(DISTINCT tableowner::text) AS owners
       FROM pg_tables WHERE schemaname = any(?) GROUP BY schemaname`,
      [schemas],
    );
    return Object.fromEntries(
      rows.map((row: { schemaname: string; owners: string[] }) => [
        row.schemaname,
        row.owners,
      ]),
    );
  }

  it('work in a schema of a shared database, with passwords that expire and no right to create schemas', async () => {
    for (const name of [schema, queueSchema]) {
      await database().raw('CREATE SCHEMA ?? AUTHORIZATION ??', [
        name,
        role.name,
      ]);
    }
    const { rows } = await database().raw(
      `SELECT has_database_privilege(?, current_database(), 'CREATE') AS may`,
      [role.name],
    );
    expect(rows).toEqual([{ may: false }]);

    let password = '';
    const rotate = async () => {
      password = randomBytes(12).toString('hex');
      await database().raw(`ALTER ROLE ${role.name} PASSWORD '${password}'`);
      await database().raw(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = ?',
        [role.name],
      );
    };
    await rotate();
    // As the platform gives a plugin its client: `pluginDivisionMode: schema`
    // sets the path, and a `connection.type` with tokens makes a function of it.
    const { password: _, ...settings } = connectionOf(database());
    await started(
      knexFactory({
        client: 'pg',
        searchPath: [schema],
        connection: async () => {
          const given = password;
          return {
            ...settings,
            user: role.name,
            password: given,
            expirationChecker: () => given !== password,
          };
        },
      }),
    );
    const ran: string[] = [];
    await queue!.work(async payload => {
      ran.push((payload as { deliveryId: string }).deliveryId);
    }, workOptions);
    await enqueue('before');
    await poll('the job', () => ran.length === 1);

    await rotate();
    // A connection of the plugin's that was cut fails once.
    await poll('a new connection of the plugin', () =>
      enqueue('after').then(
        () => true,
        () => false,
      ),
    );
    await poll('the job after the password expired', () => ran.length === 2);
    expect(ran).toEqual(['before', 'after']);
    expect(await ownersOf(schema, queueSchema)).toEqual({
      [schema]: [role.name],
      [queueSchema]: [role.name],
    });
  });

  it('take on the role that those of the plugin take on', async () => {
    const owner = `owner of ${role.name}`;
    await database().raw('CREATE ROLE ?? NOLOGIN', [owner]);
    try {
      await database().raw('GRANT ?? TO ?? WITH INHERIT FALSE', [
        owner,
        role.name,
      ]);
      for (const name of [schema, queueSchema]) {
        await database().raw('CREATE SCHEMA ?? AUTHORIZATION ??', [
          name,
          owner,
        ]);
      }
      const client = knexFactory({
        client: 'pg',
        searchPath: [schema],
        connection: connectionOf(role.knex),
      });
      // What the platform does with `backend.database.role`.
      client.client.pool.on(
        'createSuccess',
        (_event: unknown, connection: { query(sql: string): unknown }) =>
          connection.query(`SET ROLE "${owner}"`),
      );
      await started(client);
      const ran: string[] = [];
      await queue!.work(async payload => {
        ran.push(payload.task);
      }, workOptions);
      await enqueue('1');
      await poll('the job', () => ran.length === 1);
      expect(await ownersOf(schema, queueSchema)).toEqual({
        [schema]: [owner],
        [queueSchema]: [owner],
      });
    } finally {
      await queue?.stop();
      await knex?.destroy();
      queue = undefined;
      knex = undefined;
      await database().raw('DROP OWNED BY ?? CASCADE', [owner]);
      await database().raw('DROP ROLE ??', [owner]);
    }
  });
});
