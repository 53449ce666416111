import {
  AuthorizeResult,
  isPermission,
  Permission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  createConditionExports,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  campaignManagePermission,
  consumerAcknowledgePermission,
  datasetMigrationsPermissions,
  datasetReadPermission,
  lineageReportPermission,
  webhookSecretPermissions,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  consumerPermissionResourceRef,
  consumerPermissionRules,
} from './consumerRules';
import { datasetPermissionResourceRef, datasetPermissionRules } from './rules';

const { conditions, createConditionalDecision } = createConditionExports({
  resourceRef: datasetPermissionResourceRef,
  rules: datasetPermissionRules,
});

const ofConsumers = createConditionExports({
  resourceRef: consumerPermissionResourceRef,
  rules: consumerPermissionRules,
});

/**
 * Conditions for permission policies on those who read datasets:
 * `isConsumerOwner({ claims })`.
 *
 * @public
 */
export const datasetConsumersConditions = ofConsumers.conditions;

/**
 * Wraps conditions on consumers into the decision that a permission policy returns.
 *
 * @public
 */
export const createConsumerConditionalDecision =
  ofConsumers.createConditionalDecision;

/**
 * Conditions for permission policies: `isDatasetOwner({ claims })`,
 * `hasDatasetEngine({ engines })`, `hasSeverity({ severities })`.
 *
 * @public
 */
export const datasetMigrationsConditions = conditions;

/**
 * Wraps conditions into the decision that a permission policy returns.
 *
 * @public
 */
export const createDatasetConditionalDecision = createConditionalDecision;

/**
 * The decision that most portals want, ready to be called from a policy:
 * everyone who is signed in sees datasets; their owners see values, start,
 * override and send again; owners of consumers answer for these, and get and
 * replace their secrets. Campaigns and lineage are left to whom the policy allows them
 * before it comes here: the team that runs the fleet. Services, which no policy is
 * asked about, may report lineage.
 *
 * @returns undefined when the permission is not one of this plugin
 * @public
 */
export function decideDatasetPermission(
  permission: Permission,
  user?: PolicyQueryUser,
): PolicyDecision | undefined {
  const known = datasetMigrationsPermissions.find(candidate =>
    isPermission(permission, candidate),
  );
  const ofConsumer = isPermission(permission, consumerAcknowledgePermission);
  const ofTeams = [campaignManagePermission, lineageReportPermission].some(
    candidate => isPermission(permission, candidate),
  );
  const ofSecrets = webhookSecretPermissions.some(candidate =>
    isPermission(permission, candidate),
  );
  if (!known && !ofConsumer && !ofSecrets) {
    return ofTeams ? { result: AuthorizeResult.DENY } : undefined;
  }
  if (!user) {
    return { result: AuthorizeResult.DENY };
  }
  // Whoever asks must own the consumer, whatever a policy says.
  if (ofSecrets) {
    return { result: AuthorizeResult.ALLOW };
  }
  const claims = user.info.ownershipEntityRefs;
  if (!known) {
    return createConsumerConditionalDecision(
      consumerAcknowledgePermission,
      datasetConsumersConditions.isConsumerOwner({ claims }),
    );
  }
  if (isPermission(permission, datasetReadPermission)) {
    return { result: AuthorizeResult.ALLOW };
  }
  return createDatasetConditionalDecision(
    known,
    datasetMigrationsConditions.isDatasetOwner({ claims }),
  );
}
