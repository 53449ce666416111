import {
  BackstageCredentials,
  BackstageServicePrincipal,
} from '@backstage/backend-plugin-api';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import { BasicPermission } from '@backstage/plugin-permission-common';
import {
  webhookSecretReadPermission,
  webhookSecretReplacePermission,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  ApiContext,
  ApiRouter,
  audited,
  callerOf,
  refInPath,
} from './ApiContext';

/** Path of the public keys; anybody may read them, as receivers have no token. */
export const WEBHOOK_KEYS_PATH = '/webhook-keys';

/** What receivers of callbacks need to verify them. */
export function addWebhookRoutes(router: ApiRouter, context: ApiContext): void {
  const { webhookSigning, secretGenerations } = context;
  const { masterKeys, privateKeys } = webhookSigning;

  router.get(WEBHOOK_KEYS_PATH, async (_req, res) => {
    res.set('cache-control', 'public, max-age=300');
    res.json({ keys: privateKeys.map(({ publicKey }) => publicKey) });
  });

  const newestOf = async (consumerRef: string) => {
    const [newest] = await secretGenerations.signingFor(consumerRef);
    return {
      secrets: masterKeys.map(key => key.secretOf(consumerRef, newest)),
    };
  };

  router.get(
    '/consumers/:kind/:namespace/:name/webhook-secrets',
    async (req, res) => {
      const credentials = await callerOf(context, req);
      const consumerRef = refInPath(req.params);
      await audited(
        context,
        {
          eventId: 'webhook-secret-read',
          severityLevel: 'medium',
          request: req,
          meta: { consumerRef },
        },
        () =>
          requireOwner(
            context,
            credentials,
            webhookSecretReadPermission,
            consumerRef,
          ),
      );
      res.set('cache-control', 'no-store');
      res.json(await newestOf(consumerRef));
    },
  );

  router.post(
    '/consumers/:kind/:namespace/:name/webhook-secrets/replace',
    async (req, res) => {
      const credentials = await callerOf(context, req);
      const consumerRef = refInPath(req.params);
      await audited(
        context,
        {
          eventId: 'webhook-secret-replace',
          severityLevel: 'high',
          request: req,
          meta: { consumerRef },
        },
        async () => {
          await requireOwner(
            context,
            credentials,
            webhookSecretReplacePermission,
            consumerRef,
          );
          await secretGenerations.raise(consumerRef);
        },
      );
      res.set('cache-control', 'no-store');
      res.json(await newestOf(consumerRef));
    },
  );
}

/**
 * A secret lets its holder speak as the plugin to the consumer, so no policy that
 * is too generous gives it to others than who owns the consumer.
 *
 * @throws NotAllowedError; NotFoundError for what is no consumer, and where no
 *   secrets are derived
 */
async function requireOwner(
  context: ApiContext,
  credentials: BackstageCredentials,
  permission: BasicPermission,
  consumerRef: string,
): Promise<void> {
  const { auth, authorizer, consumers, userInfo, webhookSigning } = context;
  await authorizer.requireBasic(credentials, permission);
  const [consumed] = await consumers.ofEntity(consumerRef, 1);
  if (!consumed) {
    throw new NotFoundError(`'${consumerRef}' is no consumer of a dataset`);
  }
  if (auth.isPrincipal(credentials, 'user')) {
    const { ownershipEntityRefs } = await userInfo.getUserInfo(credentials);
    const { owner } = consumed.consumer;
    if (owner === undefined || !ownershipEntityRefs.includes(owner)) {
      throw new NotAllowedError(
        `Only its owners get the secrets of '${consumerRef}'`,
      );
    }
  }
  if (auth.isPrincipal(credentials, 'service')) {
    requireMeantForSecrets(credentials.principal, permission);
  }
  if (webhookSigning.masterKeys.length === 0) {
    throw new NotFoundError(
      'Consumers have no secrets of their own, as datasetMigrations.notifications.webhooks.masterKeys is not set',
    );
  }
}

/**
 * No policy is asked about services: every plugin of the portal is one, and so is
 * whoever has a static token. The secrets are for those alone to whom the operator
 * gave this very permission, by the token's access restrictions.
 *
 * @throws NotAllowedError
 */
export function requireMeantForSecrets(
  { subject, accessRestrictions }: BackstageServicePrincipal,
  { name }: BasicPermission,
): void {
  if (!accessRestrictions?.permissionNames?.includes(name)) {
    throw new NotAllowedError(
      `'${subject}' gets no secrets: its access restrictions do not name the permission '${name}'`,
    );
  }
}
