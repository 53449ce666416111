import { LoggerService } from '@backstage/backend-plugin-api';
import {
  Engine,
  EngineRun,
  RunPhase,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { AgentRegistry } from '../agents/AgentRegistry';
import { MigrationRecord } from '../database/MigrationRecord';
import { LocatedPart, locatedParts } from '../planning/locatedParts';

/** What a plan does with one schema object, and the engine's run for it. */
export interface PartRun {
  part: LocatedPart;
  run: EngineRun;
}

/** What an engine needs to know of a migration, for each object. */
export function engineRuns(
  { agents }: { agents: AgentRegistry },
  options: {
    record: MigrationRecord;
    fence: number;
    signal: AbortSignal;
    logger: LoggerService;
    report?: EngineRun['report'];
  },
): PartRun[] {
  const { record, fence, signal, logger, report } = options;
  const { id: migrationId, datasetRef } = record;
  const parts = partsOf(record);
  const runs = parts.map(
    ({ object, ...part }): EngineRun => ({
      migrationId:
        object === undefined ? migrationId : `${migrationId}/${object}`,
      ...part,
      fromVersion: record.fromVersion,
      toVersion: record.toVersion,
      policy: record.policy,
      fence,
      signal,
      logger,
      report,
      agents: agents.runner({ migrationId, datasetRef, fence, logger }),
    }),
  );
  return runs.map((run, index) => ({
    part: parts[index],
    run:
      runs.length > 1
        ? { ...run, together: runs.filter(other => other !== run) }
        : run,
  }));
}

/** The parts of a migration's plan, as of its contracts. */
export function partsOf(record: MigrationRecord): LocatedPart[] {
  const { sourceContract: from, targetContract: to } = record;
  return locatedParts({ ...record, from, to });
}

const inOrder: RunPhase[] = [
  'none',
  'prepared',
  'copied',
  'cut-over',
  'retired',
  'rolled-back',
  'cleaned-up',
];

/**
 * How far a migration got: as far as the object that is farthest behind. What
 * switches, switches all of them at once.
 */
export async function phaseOf(
  engine: Engine,
  runs: PartRun[],
): Promise<RunPhase> {
  let behind = inOrder.length - 1;
  for (const { run } of runs) {
    behind = Math.min(behind, inOrder.indexOf(await engine.phase(run)));
  }
  return inOrder[behind];
}
