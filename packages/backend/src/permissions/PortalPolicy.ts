import {
  AuthorizeResult,
  isPermission,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  PermissionPolicy,
  PolicyQuery,
  PolicyQueryUser,
} from '@backstage/plugin-permission-node';
import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import {
  catalogEntityDeletePermission,
  catalogEntityRefreshPermission,
  catalogLocationCreatePermission,
  catalogLocationDeletePermission,
} from '@backstage/plugin-catalog-common/alpha';
import { decideDatasetPermission } from '@skein/backstage-plugin-dataset-migrations-backend';

/** The team that runs the portal. */
const PLATFORM_TEAM = 'group:default/platform';

/** What only the platform team does, as it concerns everybody. */
const PLATFORM_ONLY = [
  catalogLocationCreatePermission,
  catalogLocationDeletePermission,
];

/**
 * Who may do what in this portal:
 *
 * - the platform team may do everything;
 * - everybody who is signed in sees everything, migrates the datasets that
 *   their teams own and sees the values of these only;
 * - an entity is removed and refreshed by its owners;
 * - nobody else gets in.
 */
export class PortalPolicy implements PermissionPolicy {
  async handle(
    { permission }: PolicyQuery,
    user?: PolicyQueryUser,
  ): Promise<PolicyDecision> {
    if (!user) return { result: AuthorizeResult.DENY };

    const claims = user.info.ownershipEntityRefs;
    if (claims.includes(PLATFORM_TEAM)) {
      return { result: AuthorizeResult.ALLOW };
    }

    const aboutDataset = decideDatasetPermission(permission, user);
    if (aboutDataset) return aboutDataset;

    if (
      isPermission(permission, catalogEntityDeletePermission) ||
      isPermission(permission, catalogEntityRefreshPermission)
    ) {
      return createCatalogConditionalDecision(
        permission,
        catalogConditions.isEntityOwner({ claims }),
      );
    }

    const isPlatformOnly = PLATFORM_ONLY.some(only =>
      isPermission(permission, only),
    );
    return {
      result: isPlatformOnly ? AuthorizeResult.DENY : AuthorizeResult.ALLOW,
    };
  }
}
