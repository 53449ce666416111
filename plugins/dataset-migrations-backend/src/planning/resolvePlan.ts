import { InputError, NotFoundError } from '@backstage/errors';
import {
  Contract,
  MigrationPlan,
  objectsOf,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  CompatibilityGrades,
  createPlan,
  initPlanning,
  pairObjects,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import semver from 'semver';
import { AgentRegistry } from '../agents/AgentRegistry';
import { Located, locationsOf } from '../database/locations';
import { contractToLocate } from '../datasets/readDataset';
import { DatasetRecord } from '../datasets/types';

/** A dataset's way from its current version to another. */
export interface ResolvedPlan extends Located {
  from: Contract;
  to: Contract;
  plan: MigrationPlan;
}

/**
 * Finds contracts and document for a target version and makes the plan.
 *
 * @param grades - rules of compatibility that are graded otherwise than by default
 * @throws NotFoundError for a version without a contract; InputError when the
 *   dataset cannot be migrated as it is, or no plan can be made
 */
export async function resolvePlan(
  dataset: DatasetRecord,
  targetVersion: string,
  agents: AgentRegistry,
  grades?: CompatibilityGrades,
): Promise<ResolvedPlan> {
  const { entityRef, currentVersion, location, furtherLocations, contracts } =
    dataset;
  const problems = dataset.problems
    .map(problem => `${problem.path}: ${problem.message}`)
    .join('; ');
  const because = problems ? `: ${problems}` : '';

  if (!currentVersion) {
    throw new InputError(
      `${entityRef} has no current version, which needs one contract with status 'active'${because}`,
    );
  }
  const from = contracts.find(({ version }) => version === currentVersion);
  if (!from) {
    throw new InputError(
      `${entityRef} is at version ${currentVersion}, for which it has no usable contract${because}`,
    );
  }
  const to = contracts.find(({ version }) => version === targetVersion);
  if (!to) {
    throw new NotFoundError(
      `${entityRef} has no usable contract of version '${targetVersion}'${because}`,
    );
  }
  if (!semver.gt(to.version, from.version)) {
    throw new InputError(
      `${entityRef} is at version ${from.version} already; ${to.version} is not after it`,
    );
  }
  if (!location) {
    throw new InputError(
      `The data of ${entityRef} cannot be located${because}`,
    );
  }

  await initPlanning();
  const plan = createPlan({
    from,
    to,
    document: dataset.documents.find(
      document => document.from === from.version && document.to === to.version,
    ),
    agents: agents.definitions(dataset),
    grades,
  });
  return {
    ...reorder({ location, furtherLocations }, contracts, from),
    from,
    to,
    plan,
  };
}

/**
 * Where the objects of a version are, in its order: a dataset is located by one
 * of its contracts, and others may list their objects differently.
 */
function reorder(
  located: Located,
  contracts: Contract[],
  from: Contract,
): Located {
  const contract = contractToLocate(contracts)!;
  const objects = objectsOf(contract);
  const [location, ...furtherLocations] = pairObjects(from, contract).map(
    pair => locationsOf(located)[objects.indexOf(pair.to)],
  );
  return furtherLocations.length > 0
    ? { location, furtherLocations }
    : { location };
}
