import {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { ConflictError, NotAllowedError } from '@backstage/errors';
import { PolicyDecision } from '@backstage/plugin-permission-common';
import {
  datasetReadPermission,
  Subscription,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Follower } from '../followers/FollowerStore';
import {
  ApiContext,
  ApiRouter,
  audited,
  callerOf,
  refInPath,
} from './ApiContext';

/** People follow datasets without reading them. */
export function addSubscriptionRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  const { auth, directory, followers, tellsPeople } = context;
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
    const decision = await stillMayRead(context, req, datasetRef);
    await directory.getDataset(datasetRef);
    const subscription = await describe(credentials, datasetRef);
    if (subscription.following) {
      // What allows it now counts from now on, also where it is less.
      await followers.renew(
        datasetRef,
        await followerOf(context, credentials, decision),
      );
    }
    res.json(subscription);
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
 * What allows the caller to read a dataset. Who follows it and may not any more is found
 * out here, as a policy that became stricter tells nobody, and follows it no longer.
 *
 * @throws NotAllowedError
 */
async function stillMayRead(
  context: ApiContext,
  request: Parameters<typeof callerOf>[1],
  datasetRef: string,
): Promise<PolicyDecision> {
  const { auth, authorizer, datasets, followers } = context;
  const credentials = await callerOf(context, request);
  try {
    return await authorizer.require(
      credentials,
      datasetReadPermission,
      datasetRef,
    );
  } catch (error) {
    if (
      error instanceof NotAllowedError &&
      auth.isPrincipal(credentials, 'user') &&
      // Of one that is not there now nobody can say.
      (await datasets.find(datasetRef)) &&
      (await followers.follows(datasetRef, credentials.principal.userEntityRef))
    ) {
      const { userEntityRef } = credentials.principal;
      await audited(
        context,
        {
          eventId: 'dataset-unfollow',
          severityLevel: 'low',
          request,
          meta: { datasetRef },
        },
        () => followers.remove(datasetRef, userEntityRef),
      );
    }
    throw error;
  }
}

/**
 * @throws NotAllowedError; NotFoundError; ConflictError where nobody would be told
 */
async function follow(
  context: ApiContext,
  credentials: BackstageCredentials<BackstageUserPrincipal>,
  datasetRef: string,
): Promise<void> {
  const { authorizer, directory, followers, tellsPeople } = context;
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
  await followers.add(
    datasetRef,
    await followerOf(context, credentials, decision),
  );
}

async function followerOf(
  { initiators }: ApiContext,
  credentials: BackstageCredentials,
  decision: PolicyDecision,
): Promise<Follower> {
  return { ...(await initiators.capture(credentials, decision)), kind: 'user' };
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
