import {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { ConflictError, NotAllowedError } from '@backstage/errors';
import {
  datasetReadPermission,
  Subscription,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  ApiContext,
  ApiRouter,
  audited,
  callerOf,
  readableDataset,
  refInPath,
} from './ApiContext';

/** People follow datasets without reading them. */
export function addSubscriptionRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  const { auth, followers, tellsPeople } = context;
  const path = '/datasets/:kind/:namespace/:name/subscription';

  const describe = async (
    credentials: BackstageCredentials,
    datasetRef: string,
  ): Promise<Subscription> => {
    if (!auth.isPrincipal(credentials, 'user')) {
      return { following: false, available: false };
    }
    const { userEntityRef } = credentials.principal;
    return {
      following: await followers.follows(datasetRef, userEntityRef),
      available: tellsPeople,
    };
  };

  router.get(path, async (req, res) => {
    const credentials = await callerOf(context, req);
    const datasetRef = refInPath(req.params);
    await readableDataset(context, credentials, datasetRef);
    res.json(await describe(credentials, datasetRef));
  });

  router.post(path, async (req, res) => {
    const credentials = await callerOf(context, req);
    const datasetRef = refInPath(req.params);
    const { following } = req.body;
    await audited(
      context,
      {
        eventId: following ? 'dataset-follow' : 'dataset-unfollow',
        severityLevel: 'low',
        request: req,
        meta: { datasetRef },
      },
      async () => {
        const user = requireUser(context, credentials);
        if (following) {
          await follow(context, user, datasetRef);
        } else {
          // Also of a dataset that one may not see any more, or that is gone.
          await followers.remove(datasetRef, user.principal.userEntityRef);
        }
      },
    );
    res.json(await describe(credentials, datasetRef));
  });
}

/**
 * @throws NotAllowedError; NotFoundError; ConflictError where nobody would be told
 */
async function follow(
  context: ApiContext,
  credentials: BackstageCredentials<BackstageUserPrincipal>,
  datasetRef: string,
): Promise<void> {
  const { authorizer, directory, followers, initiators, tellsPeople } = context;
  const decision = await authorizer.require(
    credentials,
    datasetReadPermission,
    datasetRef,
  );
  await directory.getDataset(datasetRef);
  if (!tellsPeople) {
    throw new ConflictError(
      'Nobody is told here, as datasetMigrations.notifications.owners is false',
    );
  }
  await followers.add(datasetRef, {
    ...(await initiators.capture(credentials, decision)),
    kind: 'user',
  });
}

/** @throws NotAllowedError */
function requireUser(
  { auth }: ApiContext,
  credentials: BackstageCredentials,
): BackstageCredentials<BackstageUserPrincipal> {
  if (!auth.isPrincipal(credentials, 'user')) {
    throw new NotAllowedError(
      'Only people follow datasets; systems subscribe to the events, or declare a webhook',
    );
  }
  return credentials;
}
