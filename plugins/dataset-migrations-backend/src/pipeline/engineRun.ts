import { LoggerService } from '@backstage/backend-plugin-api';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { AgentRegistry } from '../agents/AgentRegistry';
import { MigrationRecord } from '../database/MigrationRecord';

/** What an engine needs to know of a migration. */
export function engineRun(
  { agents }: { agents: AgentRegistry },
  options: {
    record: MigrationRecord;
    fence: number;
    signal: AbortSignal;
    logger: LoggerService;
    report?: EngineRun['report'];
  },
): EngineRun {
  const { record, fence, signal, logger, report } = options;
  const { id: migrationId, datasetRef } = record;
  return {
    migrationId,
    location: record.location,
    fromVersion: record.fromVersion,
    toVersion: record.toVersion,
    policy: record.policy,
    mapping: record.plan.mapping,
    sourceContract: record.sourceContract,
    targetContract: record.targetContract,
    fence,
    signal,
    logger,
    report,
    agents: agents.runner({ migrationId, datasetRef, fence, logger }),
  };
}
