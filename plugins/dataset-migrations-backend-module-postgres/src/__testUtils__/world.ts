import {
  Contract,
  Field,
  FieldType,
  MigrationStep,
  Policy,
  QualityRule,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  createPlan,
  initPlanning,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  Engine,
  EngineRun,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { Client } from 'pg';
import { mockLogger } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { PostgresSettings } from '../config';
import { defaultLimits } from '../throttle/Limits';
import { PoolMaker } from '../connection/Warehouse';
import { locate } from '../locate';
import { PostgresEngine } from '../PostgresEngine';
import { createScratchDatabase, ScratchDatabase } from './scratchDatabase';

// Databases are slow to make and to drop on a busy machine.
jest.setTimeout(120_000);

const OWNER = 'group:default/owners';

/** A field of a contract, in few words. */
export function field(
  name: string,
  type: FieldType | FieldType['kind'],
  rest: Partial<Field> = {},
): Field {
  const types: Partial<Record<FieldType['kind'], FieldType>> = {
    integer: { kind: 'integer', bits: 32 },
    float: { kind: 'float', bits: 64 },
    timestamp: { kind: 'timestamp', zone: true },
  };
  return {
    name,
    type:
      typeof type === 'string'
        ? types[type] ?? ({ kind: type } as FieldType)
        : type,
    required: false,
    unique: false,
    ...rest,
  };
}

export const id = field('id', 'integer', {
  required: true,
  unique: true,
  primaryKeyPosition: 1,
});

/** What a test wants migrated. */
export interface Change {
  table: string;
  from: Field[];
  to: Field[];
  /** Rules of the new contract. */
  quality?: QualityRule[];
  /** Derived from the difference by default. */
  steps?: MigrationStep[];
  policy?: Policy;
  fence?: number;
  signal?: AbortSignal;
  migrationId?: string;
  versions?: [string, string];
}

/** In what an engine differs from the one that a world has. */
interface EngineOptions {
  makePool?: PoolMaker;
  connectionString?: string;
  settings?: Partial<PostgresSettings>;
}

/** A scratch warehouse with an engine, for one test file. */
export class World {
  readonly #engines: PostgresEngine[] = [];
  #lasting?: PostgresEngine;

  private constructor(
    readonly connectionString: string,
    /** An application's connection. */
    readonly client: Client,
    private readonly scratch: ScratchDatabase,
  ) {}

  static async create(): Promise<World> {
    await initPlanning();
    const scratch = await createScratchDatabase();
    return new World(scratch.connectionString, scratch.client, scratch);
  }

  /** Another application's connection; the caller ends it. */
  static async connect(connectionString: string): Promise<Client> {
    const client = new Client({ connectionString });
    await client.connect();
    return client;
  }

  settings(connectionString = this.connectionString): PostgresSettings {
    return {
      connections: [
        {
          name: 'warehouse',
          connection: { connectionString },
          maxConnections: 5,
          connectTimeoutSeconds: 10,
          preparedStatements: true,
          lanes: 2,
          throttle: defaultLimits,
          bindings: [
            { schema: 'public', tables: ['*'], entities: [], owners: [OWNER] },
          ],
        },
      ],
      chunkRows: 100,
      chunkSeconds: 1,
      checksumBits: 64,
      agentBatchRows: 100,
      oldSnapshotSeconds: 60,
      previewTimeoutSeconds: 30,
      preflightTimeoutSeconds: 60,
    };
  }

  /**
   * The worker that lives as long as this world, as one does through many
   * migrations, or another one.
   *
   * @param options - in what another one differs
   */
  engine(options?: EngineOptions): PostgresEngine {
    if (options) {
      return this.#start(options);
    }
    this.#lasting ??= this.#start({});
    return this.#lasting;
  }

  #start(options: EngineOptions): PostgresEngine {
    const engine = new PostgresEngine(
      { ...this.settings(options.connectionString), ...options.settings },
      { logger: mockLogger(), makePool: options.makePool },
    );
    this.#engines.push(engine);
    return engine;
  }

  /** Runs statements as an application does. */
  async sql(text: string, values?: unknown[]) {
    return (await this.client.query(text, values)).rows;
  }

  async run(change: Change): Promise<EngineRun> {
    const [fromVersion, toVersion] = change.versions ?? ['1.0.0', '2.0.0'];
    const contract = (version: string, fields: Field[]): Contract => ({
      id: change.table,
      version,
      status: 'active',
      schema: { name: change.table, physicalName: change.table, fields },
      servers: [{ server: 'warehouse', type: 'postgres', properties: {} }],
    });
    const from = contract(fromVersion, change.from);
    const to = contract(toVersion, change.to);
    to.schema.quality = change.quality;
    const { mapping } = createPlan({
      from,
      to,
      document: change.steps && {
        kind: 'DatasetMigration',
        from: fromVersion,
        to: toVersion,
        steps: change.steps,
      },
    });
    const location = locate(this.settings().connections, {
      entityRef: `resource:default/${change.table}`,
      owner: OWNER,
      contract: from,
    });
    return {
      migrationId: change.migrationId ?? `migration-of-${change.table}`,
      location: location!,
      fromVersion,
      toVersion,
      policy: change.policy ?? 'switch',
      mapping,
      sourceContract: from,
      targetContract: to,
      fence: change.fence ?? 1,
      signal: change.signal ?? new AbortController().signal,
      logger: mockLogger(),
      agents: { run: () => Promise.reject(new Error('There are no agents')) },
    };
  }

  /** Drops what a test made, for the next one. */
  async empty(): Promise<void> {
    await this.scratch.empty();
  }

  async dispose(): Promise<void> {
    // A test may have closed, or killed, some of them.
    await Promise.allSettled(this.#engines.map(engine => engine.close()));
    await this.scratch.drop();
  }
}

/** From the fence to a complete copy. */
export async function copy(engine: Engine, run: EngineRun): Promise<void> {
  await engine.fence(run);
  await engine.prepare(run);
  while (!(await engine.copyChunk(run)).done) {
    // The next chunk.
  }
}

/** Everything up to the cut over. */
export async function migrate(engine: Engine, run: EngineRun): Promise<void> {
  await copy(engine, run);
  const report = await engine.verify(run);
  expect(report).toMatchObject({ ok: true, mismatches: [] });
  await engine.cutOver(run);
}
