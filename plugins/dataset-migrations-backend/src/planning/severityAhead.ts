import {
  ChangeEffect,
  Contract,
  MigrationDocument,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  CompatibilityGrades,
  createPlan,
  gravestEffect,
  initPlanning,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import semver from 'semver';
import { AgentRegistry } from '../agents/AgentRegistry';

/** What is looked at of a dataset. */
export interface Ahead {
  entityRef: string;
  owner?: string;
  currentVersion?: string;
  contracts: Contract[];
  documents: MigrationDocument[];
}

/**
 * The gravest change on the way from a dataset's current version to any later
 * one. A version to which no plan can be made counts as breaking: another
 * process, with other agents, might make one.
 *
 * @returns undefined without a current version, from which nothing is migrated
 */
export async function severityAhead(
  { entityRef, owner, currentVersion, contracts, documents }: Ahead,
  deps: { agents: AgentRegistry; grades?: CompatibilityGrades },
): Promise<ChangeEffect | undefined> {
  const from = contracts.find(({ version }) => version === currentVersion);
  if (!from) {
    return undefined;
  }
  await initPlanning();
  const plans = contracts
    .filter(({ version }) => semver.gt(version, from.version))
    .map(to => {
      const document = documents.find(
        one => one.from === from.version && one.to === to.version,
      );
      try {
        const agents = deps.agents.definitions({ entityRef, owner });
        return createPlan({ ...deps, from, to, document, agents });
      } catch {
        return undefined;
      }
    });
  return plans.includes(undefined)
    ? 'breaking'
    : gravestEffect(plans.flatMap(plan => plan?.changes ?? []));
}
