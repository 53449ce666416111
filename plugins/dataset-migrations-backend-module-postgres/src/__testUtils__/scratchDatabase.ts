import { randomBytes } from 'crypto';
import { Client } from 'pg';

/** An empty database on the test server, and an application's connection to it. */
export interface ScratchDatabase {
  connectionString: string;
  client: Client;
  /** Quicker than another database, whose end costs the server a checkpoint. */
  empty(): Promise<void>;
  drop(): Promise<void>;
}

/**
 * Makes a database of its own on the server that `TestDatabases` of Backstage
 * uses, too.
 */
export async function createScratchDatabase(): Promise<ScratchDatabase> {
  const server =
    process.env.BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING;
  if (!server) {
    throw new Error(
      'Set BACKSTAGE_TEST_DATABASE_POSTGRES18_CONNECTION_STRING to a server on which databases may be created',
    );
  }
  const name = `skein_engine_${randomBytes(6).toString('hex')}`;
  await once(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  return {
    connectionString: url.href,
    client,
    empty: () => empty(client),
    async drop() {
      await client.end();
      await once(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

/**
 * The control schema stays, as no release drops it: its tables are emptied, and
 * what runs have in it goes.
 */
async function empty(client: Client): Promise<void> {
  const { rows } = await client.query(
    `SELECT 'DROP SCHEMA ' || quote_ident(nspname) || ' CASCADE' AS statement FROM pg_namespace
       WHERE nspname LIKE 'skein\\_%' OR nspname LIKE 'public%'
     UNION ALL
     SELECT CASE WHEN relname LIKE 'changes\\_%' THEN 'DROP TABLE ' ELSE 'DELETE FROM ' END || oid::regclass
       FROM pg_class WHERE relnamespace = to_regnamespace('skein') AND relkind = 'r'
     UNION ALL
     SELECT 'DROP FUNCTION ' || oid::regprocedure FROM pg_proc
       WHERE pronamespace = to_regnamespace('skein') AND proname LIKE 'log\\_%'`,
  );
  await client.query(
    [...rows.map(({ statement }) => statement), 'CREATE SCHEMA public'].join(
      '; ',
    ),
  );
}

async function once(connectionString: string, statement: string) {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
