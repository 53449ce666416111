import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { eventually } from '../../scripts/lib/eventually';
import { startWorld, World } from '../lib/world';

/** Owns the datasets; see `auth.providers.demo` of app-config.yaml. */
export const OWNER = 'user:default/amelia';
/** Sees them without owning any. */
export const READER = 'user:default/bessie';
/** Manages campaigns. */
export const PLATFORM = 'user:default/grace';

export const datasetOf = (name: string) => `resource:default/${name}`;

/** Named by who migrates them. `stock` has a consumer that would break. */
export const tables = [
  'orders_cli',
  'orders_mcp',
  'returns_cli',
  'returns_mcp',
  'stock',
] as const;

/** A portal with small tables to migrate, and users. */
export async function startActionsWorld(): Promise<World> {
  const world = await startWorld({
    name: 'actions',
    configs: [join(ROOT, 'app-config.yaml')],
    async prepare({ dir, connectionString }) {
      const catalog = join(dir, 'actions.yaml');
      // JSON is YAML.
      writeFileSync(
        catalog,
        entities()
          .map(entity => JSON.stringify(entity))
          .join('\n---\n'),
      );
      return { config: config(await makeWarehouse(connectionString), catalog) };
    },
  });
  for (const table of tables) {
    await eventually(`the catalog has ${table}`, async () => {
      const dataset = await world.client.getDataset(datasetOf(table));
      if (dataset.problems.length) {
        throw new Error(JSON.stringify(dataset.problems));
      }
      return (
        dataset.nextVersion === '2.0.0' &&
        dataset.consumerCount === (table === 'stock' ? 1 : 0)
      );
    });
  }
  return world;
}

async function makeWarehouse(connectionString: string): Promise<string> {
  const url = new URL(connectionString);
  const server = new Client({ connectionString });
  await server.connect();
  await server.query('CREATE DATABASE actions_warehouse');
  await server.end();
  url.pathname = '/actions_warehouse';
  const client = new Client({ connectionString: url.href });
  await client.connect();
  for (const table of tables) {
    await client.query(`
      CREATE TABLE ${table} (id bigint PRIMARY KEY, amount text NOT NULL);
      INSERT INTO ${table} SELECT n, n::text FROM generate_series(1, 100) n
    `);
  }
  await client.end();
  return url.href;
}

function config(warehouse: string, catalog: string): object {
  return {
    catalog: {
      rules: [{ allow: ['Component', 'Resource', 'Group', 'User'] }],
      locations: [{ type: 'file', target: catalog }],
    },
    datasetMigrations: {
      catalog: { reconcileEvery: { seconds: 2 } },
      notifications: { owners: false },
      engines: {
        postgres: {
          connections: [
            {
              name: 'warehouse',
              connection: warehouse,
              bindings: [
                {
                  schema: 'public',
                  tables: [...tables],
                  owners: ['group:default/flight-data'],
                },
              ],
            },
          ],
        },
      },
    },
  };
}

function entities(): object[] {
  const team = (name: string) => ({
    ...named('Group', name),
    spec: { type: 'team', children: [] },
  });
  const user = (name: string, group: string) => ({
    ...named('User', name),
    spec: { memberOf: [group] },
  });
  return [
    team('flight-data'),
    team('airport-apps'),
    team('platform'),
    user('amelia', 'flight-data'),
    user('bessie', 'airport-apps'),
    user('grace', 'platform'),
    ...tables.map(datasetEntity),
    {
      ...named('Component', 'shop'),
      spec: {
        type: 'service',
        lifecycle: 'production',
        owner: 'group:default/airport-apps',
        consumesDatasets: [
          {
            dataset: datasetOf('stock'),
            version: '^1.0.0',
            fields: ['amount'],
          },
        ],
      },
    },
  ];
}

function datasetEntity(table: string): object {
  return {
    ...named('Resource', table),
    spec: {
      type: 'dataset',
      owner: 'group:default/flight-data',
      contracts: [
        contract(table, '1.0.0', 'amount'),
        contract(table, '2.0.0', 'quantity'),
      ],
    },
  };
}

function named(kind: string, name: string): object {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name },
  };
}

/** The second version has another name for the amount. */
function contract(table: string, version: string, amount: string): string {
  return JSON.stringify({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: table,
    version,
    status: version === '1.0.0' ? 'active' : 'proposed',
    servers: [
      {
        server: 'warehouse',
        type: 'postgres',
        host: 'warehouse.example.com',
        port: 5432,
        database: 'warehouse',
        schema: 'public',
      },
    ],
    schema: [
      {
        name: table,
        physicalName: table,
        properties: [
          {
            id: 'id',
            name: 'id',
            logicalType: 'integer',
            physicalType: 'bigint',
            required: true,
            primaryKey: true,
            primaryKeyPosition: 1,
          },
          {
            id: 'amount',
            name: amount,
            logicalType: 'string',
            physicalType: 'text',
            required: true,
          },
        ],
      },
    ],
  });
}
