import { mkdir, mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import {
  Contract,
  Field,
  FieldType,
  MigrationStep,
  Mapping,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  createPlan,
  initPlanning,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  AgentRunner,
  ChunkResult,
  EngineRun,
  Location,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { mockLogger } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { Settings } from '../config/readSettings';
import { DuckDbEngine } from '../DuckDbEngine';
import { DuckDbPool } from '../process/DuckDbPool';
import { StepHook } from '../publishing/DurableFiles';

export const OWNER = 'group:default/pilots';
export const ENTITY = 'resource:default/flights';

/** A root of its own for one test. */
export interface World {
  root: string;
  settings: Settings;
  engine: DuckDbEngine;
  /** Another worker over the same files. */
  worker(onStep?: StepHook): DuckDbEngine;
  close(): Promise<void>;
}

/** @param given - `pool`: see {@link usePool}; each worker has its own by default */
export async function makeWorld(
  given: Partial<Settings> & { owner?: string; pool?: DuckDbPool } = {},
): Promise<World> {
  const { owner = OWNER, pool, ...options } = given;
  await initPlanning();
  const base = await mkdtemp(path.join(tmpdir(), 'skein-duckdb-test-'));
  const root = path.join(base, 'root');
  await mkdir(root);
  const settings: Settings = {
    roots: [
      {
        name: 'files',
        path: root,
        bindings: [{ prefix: [], entities: [], owners: [owner] }],
      },
    ],
    memoryLimit: '256MB',
    threads: 2,
    processes: 2,
    chunkRows: 1_000,
    checksumBits: 64,
    tempDirectory: path.join(base, 'temp'),
    ...options,
  };
  const engines: DuckDbEngine[] = [];
  const worker = (onStep?: StepHook) => {
    const engine = new DuckDbEngine(settings, { onStep, pool });
    engines.push(engine);
    return engine;
  };
  return {
    root,
    settings,
    engine: worker(),
    worker,
    async close() {
      if (!pool) {
        await Promise.all(engines.map(engine => engine.close()));
      }
      await rm(base, { recursive: true, force: true });
    },
  };
}

/**
 * Processes for all tests of a file, as to start them takes longer than most
 * tests. They keep nothing from one dataset to the next. Both are started, so
 * that one stays open for the chunks of a dataset and one for all else.
 */
export function usePool(): () => DuckDbPool {
  let world: World;
  let pool: DuckDbPool;
  beforeAll(async () => {
    world = await makeWorld();
    pool = new DuckDbPool(world.settings);
    const { signal } = new AbortController();
    await pool.withSession(world.root, signal, () =>
      pool.withSession(world.settings.tempDirectory, signal, async () => {}),
    );
  });
  afterAll(async () => {
    await pool.close();
    await world.close();
  });
  return () => pool;
}

export function field(
  name: string,
  type: FieldType,
  rest: Partial<Field> = {},
): Field {
  return { id: name, name, type, required: false, unique: false, ...rest };
}

export const integer: FieldType = { kind: 'integer', bits: 32 };
export const bigint: FieldType = { kind: 'integer', bits: 64 };
export const text: FieldType = { kind: 'string' };

export function contract(
  version: string,
  fields: Field[],
  datasetPath: string,
  properties: Record<string, string> = {},
): Contract {
  return {
    id: 'flights',
    version,
    status: 'active',
    schema: { name: 'flights', physicalName: 'flights', fields },
    servers: [
      {
        server: 'files',
        type: 'local',
        properties: { path: datasetPath, ...properties },
      },
    ],
  };
}

export async function locateOrFail(
  engine: DuckDbEngine,
  from: Contract,
  entityRef: string = ENTITY,
): Promise<Location> {
  const location = await engine.locate({
    entityRef,
    owner: OWNER,
    contract: from,
  });
  if (!location) {
    throw new Error('not located');
  }
  return location;
}

export function mappingOf(
  from: Contract,
  to: Contract,
  steps: MigrationStep[],
): Mapping {
  const document = {
    kind: 'DatasetMigration' as const,
    from: from.version,
    to: to.version,
    steps,
  };
  return createPlan({ from, to, document }).mapping;
}

/** For mappings without imperative agents. */
const noAgents: AgentRunner = {
  run: async ({ agent }) => {
    throw new Error(`no agent ${agent}`);
  },
};

export function makeRun(
  location: Location,
  from: Contract,
  to: Contract,
  mapping: Mapping,
  rest: Partial<EngineRun> = {},
): EngineRun {
  return {
    migrationId: 'm1',
    location,
    fromVersion: from.version,
    toVersion: to.version,
    policy: 'switch',
    mapping,
    sourceContract: from,
    targetContract: to,
    fence: 1,
    signal: new AbortController().signal,
    logger: mockLogger(),
    agents: noAgents,
    ...rest,
  };
}

/** Fences, prepares and copies to the last chunk. */
export async function copyAll(
  engine: DuckDbEngine,
  run: EngineRun,
): Promise<ChunkResult> {
  await engine.fence(run);
  await engine.prepare(run);
  for (;;) {
    const result = await engine.copyChunk(run);
    if (result.done) {
      return result;
    }
  }
}
