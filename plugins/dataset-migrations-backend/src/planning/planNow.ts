import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { CompatibilityGrades } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { AgentRegistry } from '../agents/AgentRegistry';
import { MigrationRecord } from '../database/MigrationRecord';
import { DatasetRecord } from '../datasets/types';
import { JudgedPlan, judgedPlanOf } from './judge';
import { resolvePlan } from './resolvePlan';

/** Stages that come before, or are, the one that plans anew. */
const unplanned: ReadonlySet<Stage | undefined> = new Set<Stage | undefined>([
  undefined,
  'discover',
  'validate',
]);

/**
 * What the consumers of a migration are to be judged by: what the stage that it goes
 * on with will plan from the dataset as it is, or the plan that it has, once the data
 * were transformed by that.
 *
 * @param getDataset - asked only in the first case
 * @throws as `resolvePlan` does
 */
export async function planNow(
  deps: { agents: AgentRegistry; grades?: CompatibilityGrades },
  record: MigrationRecord,
  getDataset: (entityRef: string) => Promise<DatasetRecord>,
): Promise<JudgedPlan> {
  if (!unplanned.has(record.stage)) {
    return judgedPlanOf(record);
  }
  const dataset = await getDataset(record.datasetRef);
  return resolvePlan(dataset, record.toVersion, deps.agents, deps.grades);
}
