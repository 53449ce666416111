import { createHash } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { startWorld } from '../lib/world';

/** Strings that nobody may ever be shown. */
export const secrets = {
  token: 'e2e-hostile-token-4f1c9a',
  warehousePassword: 'w4rehouse-p4ssword',
  webhook: 'whsec_aG9zdGlsZS13b3JsZC1zaWduaW5nLXNlY3JldA==',
  callbackQuery: 'callb4ck-query-s3cret',
  salary: 'salary-of-the-boss-987654',
  file: 'content-of-a-file-outside-the-root',
  folder: 'content-of-another-teams-folder',
};

export const OWNER = 'group:default/victims';

/** Rows of `public.orders` and of `orders/orders.csv`; one amount is no number. */
const ORDERS = [
  ['1', 'Ann', '10'],
  ['2', 'Bob', 'abc'],
  ['3', "O'Hara; DROP TABLE orders; --", '30'],
];

/** A portal whose catalog is full of datasets that mean no good. */
export interface HostileWorld {
  /** Calls the API as it is on the wire. */
  call(
    path: string,
    init?: RequestInit,
  ): Promise<{ status: number; body: any }>;
  /** An entity as the catalog has it, by its path there. */
  entity(path: string): Promise<any>;
  /** Digest of everything that must not change: tables, schemas, files. */
  fingerprint(): Promise<string>;
  /** What was ever answered or logged that must not have been. */
  leaks(): string[];
  stop(): Promise<void>;
}

export async function startHostileWorld(
  entities: object[],
): Promise<HostileWorld> {
  const answers: string[] = [];
  let warehouse!: Client;
  let files = '';
  const world = await startWorld({
    name: 'hostile',
    configs: [join(ROOT, 'app-config.yaml')],
    async prepare({ dir, connectionString }) {
      const connection = await makeWarehouse(connectionString);
      warehouse = new Client({ connectionString: connection.admin });
      await warehouse.connect();
      files = makeFiles(dir);
      const catalog = join(dir, 'hostile.yaml');
      // JSON is YAML.
      writeFileSync(
        catalog,
        entities.map(entity => JSON.stringify(entity)).join('\n---\n'),
      );
      return { config: config(connection.limited, files, catalog) };
    },
  });

  const authorization = { Authorization: `Bearer ${secrets.token}` };
  return {
    async call(path, init = {}) {
      const response = await fetch(
        `${world.portal.url}/api/dataset-migrations${path}`,
        {
          ...init,
          headers: {
            ...authorization,
            ...(init.body ? { 'Content-Type': 'application/json' } : {}),
            ...init.headers,
          },
        },
      );
      const text = await response.text();
      answers.push(text);
      return { status: response.status, body: text ? JSON.parse(text) : {} };
    },
    async entity(path) {
      const response = await fetch(
        `${world.portal.url}/api/catalog/entities/by-name/${path}`,
        { headers: authorization },
      );
      return response.json();
    },
    async fingerprint() {
      const hash = createHash('sha256');
      hash.update(JSON.stringify(await tables(warehouse)));
      for (const entry of readdirSync(files, {
        recursive: true,
        encoding: 'utf8',
      }).sort()) {
        const path = join(files, entry);
        hash.update(entry);
        hash.update(statSync(path).isFile() ? readFileSync(path) : '');
      }
      return hash.digest('hex');
    },
    leaks() {
      const logged = readFileSync(join(world.dir, 'portal/portal.log'), 'utf8');
      const said = `${answers.join('\n')}\n${logged}`;
      return Object.entries(secrets)
        .filter(([, secret]) => said.includes(secret))
        .map(([name]) => name);
    },
    async stop() {
      await warehouse.end();
      await world.stop();
    },
  };
}

async function makeWarehouse(
  connectionString: string,
): Promise<{ admin: string; limited: string }> {
  const name = 'hostile_warehouse';
  const server = new Client({ connectionString });
  await server.connect();
  await server.query(`CREATE DATABASE ${name}`);
  await server.query(
    `CREATE ROLE hostile LOGIN PASSWORD '${secrets.warehousePassword}'`,
  );
  await server.query(`GRANT CREATE ON DATABASE ${name} TO hostile`);
  await server.end();

  const admin = new URL(connectionString);
  admin.pathname = `/${name}`;
  const client = new Client({ connectionString: admin.href });
  await client.connect();
  await client.query(`
    GRANT ALL ON SCHEMA public TO hostile;
    CREATE SCHEMA payroll AUTHORIZATION hostile;
    SET ROLE hostile;
    CREATE TABLE public.orders
      (id bigint PRIMARY KEY, customer text NOT NULL, amount text);
    CREATE TABLE public.invoices (LIKE public.orders INCLUDING ALL);
    CREATE TABLE payroll.salaries (id bigint PRIMARY KEY, customer text, amount text);
    INSERT INTO payroll.salaries VALUES (1, 'boss', '${secrets.salary}');
  `);
  for (const row of ORDERS) {
    await client.query('INSERT INTO public.orders VALUES ($1, $2, $3)', row);
  }
  await client.end();

  const limited = new URL(admin);
  limited.username = 'hostile';
  limited.password = secrets.warehousePassword;
  return { admin: admin.href, limited: limited.href };
}

function makeFiles(dir: string): string {
  const root = join(dir, 'files');
  const csv = (rows: string[][]) =>
    ['id,customer,amount', ...rows.map(row => row.join(','))].join('\n');
  for (const folder of ['orders', 'payroll']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  writeFileSync(join(root, 'orders/orders.csv'), `${csv(ORDERS)}\n`);
  writeFileSync(
    join(root, 'payroll/salaries.csv'),
    `${csv([['1', 'boss', secrets.folder]])}\n`,
  );
  const outside = join(dir, 'outside.csv');
  writeFileSync(outside, `${csv([['1', 'x', secrets.file]])}\n`);
  symlinkSync(outside, join(root, 'orders/link.csv'));
  return root;
}

/** What stands in the warehouse: names, definitions and rows. */
async function tables(client: Client): Promise<unknown[]> {
  const { rows } = await client.query(`
    SELECT table_schema, table_name, column_name, data_type
    FROM information_schema.columns
    WHERE table_schema IN ('public', 'payroll') ORDER BY 1, 2, ordinal_position
  `);
  const contents: unknown[] = [rows];
  for (const table of [
    'public.orders',
    'public.invoices',
    'payroll.salaries',
  ]) {
    const { rows: all } = await client.query(
      `SELECT * FROM ${table} ORDER BY id`,
    );
    contents.push(all);
  }
  return contents;
}

function config(warehouse: string, files: string, catalog: string): object {
  return {
    backend: {
      auth: {
        externalAccess: [
          {
            type: 'static',
            options: { token: secrets.token, subject: 'hostile-test' },
          },
        ],
      },
    },
    catalog: {
      rules: [{ allow: ['Component', 'Resource', 'Group', 'Location'] }],
      locations: [{ type: 'file', target: catalog }],
    },
    datasetMigrations: {
      catalog: { reconcileEvery: { seconds: 2 } },
      fieldUse: {
        lineage: {
          reporters: [
            {
              subject: 'hostile-test',
              consumers: ['component:default/reader'],
              namespaces: ['jobs'],
            },
          ],
        },
      },
      notifications: {
        owners: false,
        webhooks: {
          secrets: [secrets.webhook],
          allow: [
            { host: 'hooks.example.com' },
            { urlPrefix: 'http://localhost' },
          ],
        },
      },
      engines: {
        postgres: {
          connections: [
            {
              name: 'warehouse',
              connection: warehouse,
              bindings: [
                { schema: 'public', tables: ['orders'], owners: [OWNER] },
                {
                  schema: 'public',
                  tables: ['invoices'],
                  owners: ['group:default/others'],
                },
              ],
            },
          ],
        },
        duckdb: {
          roots: [
            {
              name: 'files',
              path: files,
              bindings: [
                { prefix: 'orders', owners: [OWNER] },
                { prefix: 'payroll', owners: ['group:default/others'] },
              ],
            },
          ],
        },
      },
    },
  };
}
