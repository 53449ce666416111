import {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  BasicPermission,
  PolicyDecision,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  createConditionAuthorizer,
  createConditionTransformer,
} from '@backstage/plugin-permission-node';
import { DatasetScope } from './filterDatasets';
import {
  datasetPermissionResourceRef,
  DatasetPermissionResource,
} from './rules';

export type DatasetPermission = ResourcePermission<'dataset'>;

/** See {@link aboutMigration}. */
export type About = Pick<DatasetPermissionResource, 'severity'>;

/**
 * The one place where the API asks whether a caller may. Decisions are asked
 * for once and applied here, so a single dataset and a list of them are judged
 * by the same rules.
 */
export class DatasetAuthorizer {
  constructor(
    private readonly options: {
      permissions: PermissionsService;
      permissionsRegistry: PermissionsRegistryService;
      /** Undefined for a dataset that does not exist: no condition holds for it. */
      getResource(
        datasetRef: string,
      ): Promise<DatasetPermissionResource | undefined>;
    },
  ) {}

  /**
   * @param about - see {@link DatasetAuthorizer.holds}
   * @returns the decision, for being judged again later
   * @throws NotAllowedError naming permission and dataset
   */
  async require(
    credentials: BackstageCredentials,
    permission: DatasetPermission,
    datasetRef: string,
    about?: About,
  ): Promise<PolicyDecision> {
    const decision = await this.decide(credentials, permission);
    if (!(await this.holds(decision, datasetRef, about))) {
      throw new NotAllowedError(
        `The permission '${permission.name}' is needed for '${datasetRef}'`,
      );
    }
    return decision;
  }

  /** The same without throwing. */
  async allows(
    credentials: BackstageCredentials,
    permission: DatasetPermission,
    datasetRef: string,
    about?: About,
  ): Promise<boolean> {
    const decision = await this.decide(credentials, permission);
    return this.holds(decision, datasetRef, about);
  }

  /** Which datasets a list may show to the caller. */
  async scope(
    credentials: BackstageCredentials,
    permission: DatasetPermission,
  ): Promise<DatasetScope> {
    const decision = await this.decide(credentials, permission);
    switch (decision.result) {
      case AuthorizeResult.ALLOW:
        return { kind: 'all' };
      case AuthorizeResult.DENY:
        return { kind: 'none' };
      default:
        return {
          kind: 'some',
          criteria: createConditionTransformer(this.ruleset())(
            decision.conditions,
          ),
        };
    }
  }

  /**
   * Whether a decision allows a dataset as it is now.
   *
   * @param about - what the question is about, if not the dataset alone
   */
  async holds(
    decision: PolicyDecision,
    datasetRef: string,
    about?: About,
  ): Promise<boolean> {
    const [holds] = await this.eachHolds([decision], datasetRef, about);
    return holds;
  }

  /** The same of several decisions, for which the dataset is looked at once. */
  async eachHolds(
    decisions: readonly PolicyDecision[],
    datasetRef: string,
    about?: About,
  ): Promise<boolean[]> {
    const isConditional = decisions.some(
      ({ result }) => result === AuthorizeResult.CONDITIONAL,
    );
    if (!isConditional) {
      return decisions.map(({ result }) => result === AuthorizeResult.ALLOW);
    }
    const found = await this.options.getResource(datasetRef);
    const resource = found && { ...found, ...about };
    const isAuthorized = createConditionAuthorizer(this.ruleset());
    return decisions.map(decision => isAuthorized(decision, resource));
  }

  /**
   * The same as a list needs it.
   *
   * @throws NotAllowedError for who may see no dataset at all
   */
  async someScope(
    credentials: BackstageCredentials,
    permission: DatasetPermission,
  ): Promise<DatasetScope> {
    const scope = await this.scope(credentials, permission);
    if (scope.kind === 'none') {
      throw new NotAllowedError(
        `The permission '${permission.name}' is needed for some dataset`,
      );
    }
    return scope;
  }

  /** Whether the caller has a permission that is on no dataset. */
  async allowsBasic(
    credentials: BackstageCredentials,
    permission: BasicPermission,
  ): Promise<boolean> {
    const [{ result }] = await this.options.permissions.authorize(
      [{ permission }],
      { credentials },
    );
    return result === AuthorizeResult.ALLOW;
  }

  /** @throws NotAllowedError naming the permission */
  async requireBasic(
    credentials: BackstageCredentials,
    permission: BasicPermission,
  ): Promise<void> {
    if (!(await this.allowsBasic(credentials, permission))) {
      throw new NotAllowedError(
        `The permission '${permission.name}' is needed`,
      );
    }
  }

  /** What the policy says, to be judged for any number of datasets. */
  async decide(
    credentials: BackstageCredentials,
    permission: DatasetPermission,
  ): Promise<PolicyDecision> {
    const [decision] = await this.options.permissions.authorizeConditional(
      [{ permission }],
      { credentials },
    );
    return decision;
  }

  private ruleset() {
    return this.options.permissionsRegistry.getPermissionRuleset(
      datasetPermissionResourceRef,
    );
  }
}
