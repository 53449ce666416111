import { randomUUID } from 'node:crypto';
import { ConfigReader } from '@backstage/config';
import { JsonObject } from '@backstage/types';
import {
  createPlan,
  initPlanning,
  parseContract,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  ChunkResult,
  Engine,
  EngineFactory,
  EngineRun,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { logger } from './logger';
import { secondsOf } from './measure';

/** A contract as it is written. */
type Contract = object & { version: string };

/** A dataset at two versions, as contracts, and the steps between them. */
export interface Versions {
  from: Contract;
  to: Contract;
  steps: ReadonlyArray<{ agent: string; payload: object }>;
}

/** A dataset and the engine that it is for. */
export interface Subject extends Versions {
  factory: EngineFactory;
  /** `datasetMigrations.engines.<id>` */
  config: object;
}

/** An engine with the subject's mapping planned, ready to run again and again. */
export async function prepareSubject(subject: Subject) {
  const engine = await createEngine(subject.factory, subject.config);
  const newRun = await prepareRuns(engine, subject);
  return { engine, newRun };
}

/** @param config - `datasetMigrations.engines.<id>` */
export function createEngine(
  factory: EngineFactory,
  config: object,
): Promise<Engine> {
  return factory.create({
    config: new ConfigReader({
      datasetMigrations: { engines: { [factory.id]: config as JsonObject } },
    }),
    logger,
  });
}

/**
 * Plans the mapping between two versions.
 *
 * @param of - the entity, which the engine's bindings must allow
 * @returns makes a run, each with a higher fence
 */
export async function prepareRuns(
  engine: Engine,
  versions: Versions,
  of = { entityRef: 'resource:default/bench', owner: 'group:default/bench' },
): Promise<() => EngineRun> {
  await initPlanning();
  const from = parseContract(JSON.stringify(versions.from));
  const to = parseContract(JSON.stringify(versions.to));
  const plan = createPlan({
    from,
    to,
    document: {
      kind: 'DatasetMigration',
      from: from.version,
      to: to.version,
      steps: versions.steps as never,
    },
  });
  const location = await engine.locate({ ...of, contract: from });
  if (!location) throw new Error('the engine does not know the dataset');
  let fence = 0;
  return () => ({
    migrationId: randomUUID(),
    location,
    fromVersion: from.version,
    toVersion: to.version,
    policy: 'switch',
    mapping: plan.mapping,
    sourceContract: from,
    targetContract: to,
    fence: ++fence,
    signal: new AbortController().signal,
    logger,
    agents: {
      run: async () => {
        throw new Error('the benchmark has no imperative agents');
      },
    },
  });
}

/** What {@link prepareSubject} gives. */
export type PreparedSubject = Awaited<ReturnType<typeof prepareSubject>>;

/** Copies all rows, up to the moment before the first key or index is built. */
export async function copyRows(engine: Engine, run: EngineRun): Promise<void> {
  await engine.fence(run);
  await engine.prepare(run);
  while (rowsAreLeft(await engine.copyChunk(run)));
}

function rowsAreLeft({
  done,
  activity = 'copying',
  chunksDone,
  chunksTotal = Infinity,
}: ChunkResult): boolean {
  return !done && activity === 'copying' && chunksDone < chunksTotal;
}

/**
 * Copies and verifies, as the pipeline does, up to the moment before the switch.
 *
 * @returns what was verified, with the seconds that the rows took before
 */
export async function transformAndVerify(engine: Engine, run: EngineRun) {
  const copySeconds = await secondsOf(() => copyRows(engine, run));
  while (!(await engine.copyChunk(run)).done);
  const report = await engine.verify(run);
  if (!report.ok) {
    throw new Error(
      `verification failed: ${JSON.stringify(report.mismatches)}`,
    );
  }
  return { ...report, copySeconds };
}
