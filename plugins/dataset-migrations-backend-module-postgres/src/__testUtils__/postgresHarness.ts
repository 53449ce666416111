import {
  Field,
  FieldType,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import {
  conformanceChunkRows,
  conformanceOwner,
  ConformanceRow,
  Corruption,
  EngineHarness,
  HarnessDataset,
  LiveWrite,
  mockLogger,
} from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { Client, escapeIdentifier as q, PoolConfig } from 'pg';
import { PostgresSettings } from '../config';
import { defaultLimits } from '../throttle/Limits';
import { PostgresEngine } from '../PostgresEngine';
import { doom } from './doomedPool';
import { createScratchDatabase, ScratchDatabase } from './scratchDatabase';

/** A page holds about as many rows as the kit wants in a chunk. */
const FILL_FACTOR = 10;

export const conformanceSettings = (
  connectionString: string,
): PostgresSettings => ({
  connections: [
    {
      name: 'warehouse',
      connection: { connectionString } as PoolConfig,
      maxConnections: 5,
      connectTimeoutSeconds: 10,
      preparedStatements: true,
      lanes: 2,
      throttle: defaultLimits,
      bindings: [
        {
          schema: 'public',
          tables: ['*'],
          entities: [],
          owners: [conformanceOwner],
        },
      ],
    },
  ],
  chunkRows: conformanceChunkRows,
  chunkSeconds: 1,
  checksumBits: 128,
  agentBatchRows: conformanceChunkRows,
  oldSnapshotSeconds: 60,
  previewTimeoutSeconds: 30,
  preflightTimeoutSeconds: 60,
});

/** A database for harnesses, and the worker that all of them have. */
export class HarnessDatabase {
  private constructor(
    readonly scratch: ScratchDatabase,
    /** Lives through many migrations, as a worker does. */
    readonly engine: PostgresEngine,
  ) {}

  static async create(): Promise<HarnessDatabase> {
    const scratch = await createScratchDatabase();
    const settings = conformanceSettings(scratch.connectionString);
    return new HarnessDatabase(
      scratch,
      new PostgresEngine(settings, { logger: mockLogger() }),
    );
  }

  async drop(): Promise<void> {
    await this.engine.close();
    await this.scratch.drop();
  }
}

/**
 * The world of the PostgreSQL engine: one harness at a time has the database for
 * itself, and leaves it empty.
 *
 * @param options.partitioned - makes every table a partitioned one
 */
export async function createPostgresHarness(
  { scratch: database, engine: lasting }: HarnessDatabase,
  options: { partitioned?: boolean } = {},
): Promise<EngineHarness> {
  const { client } = database;
  const settings = conformanceSettings(database.connectionString);
  const logger = mockLogger();
  const workers: PostgresEngine[] = [];
  const createEngine = (how?: Partial<{ makePool: any }>) => {
    const engine = new PostgresEngine(settings, { logger, ...how });
    workers.push(engine);
    return engine;
  };
  return {
    engine: lasting,
    logger,
    keptWrites: ['insert', 'update', 'delete'],
    liveWrites: ['insert', 'update', 'delete', 'truncate'],
    async createWorker() {
      return createEngine();
    },
    async createDoomedWorker(step) {
      const { makePool, dead } = doom(step);
      return {
        engine: createEngine({ makePool }),
        dead,
        async dispose() {},
      };
    },
    createDataset: dataset =>
      createTable(client, dataset, options.partitioned ?? false),
    read: ({ physicalName }) => read(client, 'public', physicalName),
    async readTogether(datasets) {
      // A reader of its own, as others read at the same time.
      const reader = new Client({
        connectionString: database.connectionString,
      });
      await reader.connect();
      try {
        await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
        const all: ConformanceRow[][] = [];
        for (const { physicalName } of datasets) {
          all.push(await read(reader, 'public', physicalName));
        }
        await reader.query('COMMIT');
        return all;
      } finally {
        await reader.end();
      }
    },
    async readVersion({ physicalName }, version) {
      const schema = `public_v${version.replace(/\./g, '_')}`;
      const found = await client.query('SELECT to_regclass($1) AS there', [
        `${q(schema)}.${q(physicalName)}`,
      ]);
      return found.rows[0].there
        ? read(client, schema, physicalName)
        : undefined;
    },
    async corrupt({ location }, corruption) {
      const table = location.detail.table as string;
      await corrupt(client, await shadowOf(client, table), corruption);
    },
    quarantine: {
      async read(run) {
        const table = quarantineOf(run);
        const found = await client.query('SELECT to_regclass($1) AS there', [
          table,
        ]);
        if (!found.rows[0].there) {
          return undefined;
        }
        const names = run.mapping.source.map(({ name }) => q(name));
        const { rows } = await client.query(
          `SELECT ${names.join(', ')} FROM ${table}`,
        );
        return rows;
      },
      corrupt: (run, corruption) =>
        corrupt(client, quarantineOf(run), corruption),
    },
    async write({ physicalName }, write) {
      await writeLive(client, physicalName, write);
    },
    leftovers: ({ physicalName }) => leftovers(client, physicalName),
    async dispose() {
      await Promise.all(workers.map(worker => worker.close()));
      await database.empty();
    },
  };
}

function typeOf(type: FieldType): string {
  const types: Record<string, string> = {
    integer: 'integer',
    string: 'text',
    boolean: 'boolean',
  };
  return types[type.kind];
}

/** Of partitions by the ids of the kit, which begin with 1. */
const bounds = [
  'FOR VALUES FROM (MINVALUE) TO (20)',
  'FOR VALUES FROM (20) TO (70)',
  'DEFAULT',
];

async function createTable(
  client: Client,
  {
    name,
    fields,
    rows,
  }: { name: string; fields: Field[]; rows: ConformanceRow[] },
  partitioned: boolean,
): Promise<HarnessDataset> {
  const columns = fields.map(
    field =>
      `${q(field.name)} ${typeOf(field.type)}${
        field.required ? ' NOT NULL' : ''
      }${field.primaryKeyPosition ? ' PRIMARY KEY' : ''}`,
  );
  const storage = `WITH (fillfactor = ${FILL_FACTOR})`;
  await client.query(
    `CREATE TABLE public.${q(name)} (${columns.join(', ')}) ${
      partitioned ? `PARTITION BY RANGE (${q(fields[0].name)})` : storage
    }`,
  );
  for (const [index, bound] of (partitioned ? bounds : []).entries()) {
    await client.query(
      `CREATE TABLE public.${q(`${name}_p${index}`)} PARTITION OF public.${q(
        name,
      )} ${bound} ${storage}`,
    );
  }
  await client.query(
    `INSERT INTO public.${q(
      name,
    )} SELECT * FROM jsonb_populate_recordset(NULL::public.${q(name)}, $1)`,
    [JSON.stringify(rows)],
  );
  return {
    physicalName: name,
    servers: [
      {
        server: 'warehouse',
        type: 'postgresql',
        properties: { schema: 'public' },
      },
    ],
  };
}

async function read(
  client: Client,
  schema: string,
  table: string,
): Promise<ConformanceRow[]> {
  const { rows } = await client.query(`SELECT * FROM ${q(schema)}.${q(table)}`);
  return rows;
}

/** The shadow: the table of that name in a schema of the engine's. */
async function shadowOf(client: Client, table: string): Promise<string> {
  const { rows } = await client.query(
    `SELECT nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = $1 AND nspname LIKE 'skein\\_%\\_next'`,
    [table],
  );
  return `${q(rows[0].nspname)}.${q(table)}`;
}

/** Where the documentation says that rows are which were set aside. */
function quarantineOf({ location, toVersion }: EngineRun): string {
  const version = toVersion.replace(/\./g, '_');
  return `${q(`public_quarantine_v${version}`)}.${q(
    location.detail.table as string,
  )}`;
}

async function corrupt(
  client: Client,
  shadow: string,
  corruption: Corruption,
): Promise<void> {
  switch (corruption.kind) {
    case 'alter':
      await client.query(
        `UPDATE ${shadow} SET ${q(corruption.column)} = $1 WHERE id = $2`,
        [corruption.value, corruption.key],
      );
      break;
    case 'drop':
      await client.query(`DELETE FROM ${shadow} WHERE id = $1`, [
        corruption.key,
      ]);
      break;
    case 'double':
      await client.query(
        `ALTER TABLE ${shadow} DROP CONSTRAINT IF EXISTS ${q(
          `${shadow.split('"')[3]}_pkey`,
        )}`,
      );
      await client.query(
        `INSERT INTO ${shadow} SELECT * FROM ${shadow} WHERE id = $1`,
        [corruption.key],
      );
      break;
    case 'exchange': {
      const column = q(corruption.column);
      await client.query(
        `UPDATE ${shadow} AS a SET ${column} = b.${column} FROM ${shadow} AS b
         WHERE a.id = ANY ($1) AND b.id = ANY ($1) AND a.id <> b.id`,
        [corruption.keys],
      );
      break;
    }
    default:
      await client.query(
        `UPDATE ${shadow} SET ${q(corruption.column)} = '' WHERE id = $1`,
        [corruption.key],
      );
  }
}

async function writeLive(
  client: Client,
  name: string,
  write: LiveWrite,
): Promise<void> {
  const table = `public.${q(name)}`;
  switch (write.kind) {
    case 'insert':
      await client.query(
        `INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, $1)`,
        [JSON.stringify(write.row)],
      );
      break;
    case 'update':
      await client.query(
        `UPDATE ${table} SET ${q(write.column)} = $1 WHERE id = $2`,
        [write.value, write.key],
      );
      break;
    case 'delete':
      await client.query(`DELETE FROM ${table} WHERE id = $1`, [write.key]);
      break;
    default:
      await client.query(`TRUNCATE ${table}`);
  }
}

async function leftovers(client: Client, table: string): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT nspname || '.' || relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE relname ~ $1 AND relkind IN ('r', 'p') AND nspname <> 'public'
     UNION ALL
     SELECT 'trigger ' || tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
       WHERE c.relname ~ $1 AND NOT tgisinternal
     UNION ALL
     SELECT 'schema ' || nspname FROM pg_namespace n WHERE nspname LIKE 'skein\\_%'
       AND NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid)
     ORDER BY 1`,
    [`^${table}(_p[0-9])?$`],
  );
  return rows.map(({ name }) => name);
}
