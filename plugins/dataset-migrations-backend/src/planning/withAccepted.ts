import {
  AcceptedChange,
  acceptChanges,
  MigrationPlan,
} from '@skein/backstage-plugin-dataset-migrations-common';

/**
 * A plan with what is accepted of its changes now, whatever was when it was made. What
 * is done to the data, and what version is needed, stays the same.
 *
 * @param accepted - of the dataset, between whichever versions
 */
export function withAccepted(
  plan: MigrationPlan,
  accepted: readonly AcceptedChange[],
): MigrationPlan {
  const { fromVersion, toVersion } = plan;
  return {
    ...plan,
    changes: acceptChanges(
      plan.changes,
      accepted.filter(
        one => one.fromVersion === fromVersion && one.toVersion === toVersion,
      ),
    ),
  };
}
