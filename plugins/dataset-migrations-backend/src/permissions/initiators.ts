import {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
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
import { About, DatasetAuthorizer } from './DatasetAuthorizer';
import { Memberships } from './Memberships';
import { isDatasetOwner } from './rules';

/**
 * Who started a migration and what allowed it, stored with the migration. A
 * blocked one may go on days later, when the starter's token is long gone, so
 * the decision is kept and judged again against what has changed since.
 */
export interface Initiator {
  kind: 'user' | 'service';
  /** Entity ref of the user, or the service's subject. */
  subject: string;
  /** The policy's decision at the start. */
  decision: PolicyDecision;
  /** Groups of the user at the start; absent when the catalog has no such user. */
  groups?: string[];
}

/** Makes initiators of credentials, and judges them again. */
export class Initiators {
  private readonly memberships: Memberships;

  constructor(
    private readonly options: {
      auth: AuthService;
      catalog: CatalogService;
      authorizer: DatasetAuthorizer;
    },
  ) {
    this.memberships = new Memberships(options);
  }

  /** @throws NotAllowedError for callers that are neither a user nor a service */
  async capture(
    credentials: BackstageCredentials,
    decision: PolicyDecision,
  ): Promise<Initiator> {
    const subject = this.subjectOf(credentials);
    if (this.options.auth.isPrincipal(credentials, 'service')) {
      return { kind: 'service', subject, decision };
    }
    const groups = (await this.memberships.direct([subject])).get(subject);
    return { kind: 'user', subject, decision, groups };
  }

  /**
   * Entity ref of a user, or the subject of a service.
   *
   * @throws NotAllowedError for callers that are neither
   */
  subjectOf(credentials: BackstageCredentials): string {
    const { auth } = this.options;
    if (auth.isPrincipal(credentials, 'service')) {
      return credentials.principal.subject;
    }
    if (auth.isPrincipal(credentials, 'user')) {
      return credentials.principal.userEntityRef;
    }
    throw new NotAllowedError('Only users and services start migrations');
  }

  /**
   * Whether an initiator may still migrate a dataset: a user must still be in
   * the catalog, the dataset's owner may have changed, and groups that the user
   * has left since count no longer.
   */
  async mayStillMigrate(
    initiator: Initiator,
    datasetRef: string,
    about?: About,
  ): Promise<boolean> {
    return (await this.judge(initiator))(datasetRef, about);
  }

  /** The same for many datasets: who they are now is asked once. */
  async judge(
    initiator: Initiator,
  ): Promise<(datasetRef: string, about?: About) => Promise<boolean>> {
    const { authorizer } = this.options;
    const [decision] = await this.decisionsNow([initiator]);
    return (datasetRef, about) => authorizer.holds(decision, datasetRef, about);
  }

  /**
   * Those of many initiators who may still do what they did with one dataset.
   *
   * @param groups - of the users, where they have been asked for
   */
  async thoseWhoStillMay<T extends Initiator>(
    initiators: readonly T[],
    datasetRef: string,
    groups?: ReadonlyMap<string, string[]>,
  ): Promise<T[]> {
    const decisions = await this.decisionsNow(initiators, groups);
    const holding = await this.options.authorizer.eachHolds(
      decisions,
      datasetRef,
    );
    return initiators.filter((_, index) => holding[index]);
  }

  /** The decisions with what is left of them; none allows who left the catalog. */
  private async decisionsNow(
    initiators: readonly Initiator[],
    given?: ReadonlyMap<string, string[]>,
  ): Promise<PolicyDecision[]> {
    const known = initiators.filter(
      ({ kind, groups }) => kind === 'user' && groups,
    );
    const now =
      given ??
      (await this.memberships.direct(known.map(({ subject }) => subject)));
    return initiators.map(({ kind, subject, decision, groups }) => {
      if (kind !== 'user' || !groups) {
        return decision;
      }
      const current = now.get(subject);
      return current
        ? withoutClaims(
            decision,
            groups.filter(group => !current.includes(group)),
          )
        : { result: AuthorizeResult.DENY };
    });
  }
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
