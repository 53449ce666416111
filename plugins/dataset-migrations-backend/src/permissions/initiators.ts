import {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import { RELATION_MEMBER_OF } from '@backstage/catalog-model';
import { NotAllowedError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  PermissionCondition,
  PermissionCriteria,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  isAndCriteria,
  isNotCriteria,
  isOrCriteria,
} from '@backstage/plugin-permission-node';
import { Initiator } from '../migrations/types';
import { DatasetAuthorizer } from './DatasetAuthorizer';
import { isDatasetOwner } from './rules';

/**
 * What is kept of an initiator besides who it is: a blocked migration may go on
 * days later, when the starter's token is long gone, so the decision is kept
 * and judged again against what has changed since.
 */
interface InitiatorDetail {
  /** The policy's decision at the start. */
  decision: PolicyDecision;
  /** Groups of the user at the start; absent when the catalog has no such user. */
  groups?: string[];
}

/** Makes initiators of credentials, and judges them again. */
export class Initiators {
  constructor(
    private readonly options: {
      auth: AuthService;
      catalog: CatalogService;
      authorizer: DatasetAuthorizer;
    },
  ) {}

  /** @throws NotAllowedError for callers that are neither a user nor a service */
  async capture(
    credentials: BackstageCredentials,
    decision: PolicyDecision,
  ): Promise<Initiator> {
    const { auth } = this.options;
    if (auth.isPrincipal(credentials, 'service')) {
      const { subject } = credentials.principal;
      return initiator('service', subject, { decision });
    }
    if (!auth.isPrincipal(credentials, 'user')) {
      throw new NotAllowedError('Only users and services start migrations');
    }
    const { userEntityRef } = credentials.principal;
    const groups = await this.groupsOf(userEntityRef);
    return initiator('user', userEntityRef, { decision, groups });
  }

  /**
   * Whether an initiator may still migrate a dataset: a user must still be in
   * the catalog, the dataset's owner may have changed, and groups that the user
   * has left since count no longer.
   */
  async mayStillMigrate(
    { ref, detail }: Initiator,
    datasetRef: string,
  ): Promise<boolean> {
    const then = detail as unknown as InitiatorDetail;
    let { decision } = then;
    if (then.groups) {
      const groups = await this.groupsOf(ref);
      if (!groups) {
        return false;
      }
      const left = then.groups.filter(group => !groups.includes(group));
      decision = withoutClaims(decision, left);
    }
    return this.options.authorizer.holds(decision, datasetRef);
  }

  private async groupsOf(userRef: string): Promise<string[] | undefined> {
    const user = await this.options.catalog.getEntityByRef(userRef, {
      credentials: await this.options.auth.getOwnServiceCredentials(),
    });
    return user?.relations
      ?.filter(relation => relation.type === RELATION_MEMBER_OF)
      .map(relation => relation.targetRef);
  }
}

function initiator(
  kind: Initiator['kind'],
  ref: string,
  detail: InitiatorDetail,
): Initiator {
  // JSON, as it is stored with the migration.
  return { kind, ref, detail: JSON.parse(JSON.stringify(detail)) };
}

function withoutClaims(
  decision: PolicyDecision,
  claims: string[],
): PolicyDecision {
  if (decision.result !== AuthorizeResult.CONDITIONAL || !claims.length) {
    return decision;
  }
  const lost = new Set(claims);
  return { ...decision, conditions: narrow(decision.conditions, lost) };
}

/** Removes lost claims where they allow; inside a `not` fewer would allow more. */
function narrow(
  criteria: PermissionCriteria<PermissionCondition>,
  lost: Set<string>,
): PermissionCriteria<PermissionCondition> {
  if (isAndCriteria(criteria)) {
    const [first, ...rest] = criteria.allOf;
    return {
      allOf: [narrow(first, lost), ...rest.map(child => narrow(child, lost))],
    };
  }
  if (isOrCriteria(criteria)) {
    const [first, ...rest] = criteria.anyOf;
    return {
      anyOf: [narrow(first, lost), ...rest.map(child => narrow(child, lost))],
    };
  }
  if (isNotCriteria(criteria) || criteria.rule !== isDatasetOwner.name) {
    return criteria;
  }
  const claims = (criteria.params?.claims ?? []) as string[];
  return {
    ...criteria,
    params: { ...criteria.params, claims: claims.filter(c => !lost.has(c)) },
  };
}
