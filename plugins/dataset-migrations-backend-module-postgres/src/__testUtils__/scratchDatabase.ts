import { randomBytes } from 'crypto';
import { Client } from 'pg';

/** An empty database on the test server, and an application's connection to it. */
export interface ScratchDatabase {
  connectionString: string;
  client: Client;
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
    async drop() {
      await client.end();
      await once(server, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
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
