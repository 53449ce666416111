import {
  BackstageCredentials,
  PermissionsRegistryService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { createConditionAuthorizer } from '@backstage/plugin-permission-node';
import { consumerAcknowledgePermission } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  consumerPermissionResourceRef,
  ConsumerPermissionResource,
} from './consumerRules';

/** Whether a caller may answer for a consumer. */
export class ConsumerAuthorizer {
  constructor(
    private readonly options: {
      permissions: PermissionsService;
      permissionsRegistry: PermissionsRegistryService;
      /** Undefined for who reads no dataset: no condition holds for it. */
      getResource(
        consumerRef: string,
      ): Promise<ConsumerPermissionResource | undefined>;
    },
  ) {}

  /** @throws NotAllowedError naming permission and consumer */
  async require(
    credentials: BackstageCredentials,
    consumerRef: string,
  ): Promise<void> {
    if (!(await this.allows(credentials, consumerRef))) {
      throw new NotAllowedError(
        `The permission '${consumerAcknowledgePermission.name}' is needed for '${consumerRef}'`,
      );
    }
  }

  /** The same without throwing. */
  async allows(
    credentials: BackstageCredentials,
    consumerRef: string,
  ): Promise<boolean> {
    const [decision] = await this.options.permissions.authorizeConditional(
      [{ permission: consumerAcknowledgePermission }],
      { credentials },
    );
    return this.holds(decision, consumerRef);
  }

  private async holds(
    decision: PolicyDecision,
    consumerRef: string,
  ): Promise<boolean> {
    if (decision.result !== AuthorizeResult.CONDITIONAL) {
      return decision.result === AuthorizeResult.ALLOW;
    }
    const ruleset = this.options.permissionsRegistry.getPermissionRuleset(
      consumerPermissionResourceRef,
    );
    return createConditionAuthorizer(ruleset)(
      decision,
      await this.options.getResource(consumerRef),
    );
  }
}
