import { mockCredentials } from '@backstage/backend-test-utils';

import {
  AuthorizeResult,
  createPermission,
} from '@backstage/plugin-permission-common';
import {
  consumerAcknowledgePermission,
  datasetMigrationsPermissions,
  datasetReadPermission,
  lineageReportPermission,
  webhookSecretPermissions,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { decideDatasetPermission } from './policy';

const user = {
  credentials: mockCredentials.user('user:default/amelia'),
  info: {
    userEntityRef: 'user:default/amelia',
    ownershipEntityRefs: ['user:default/amelia', 'group:default/a'],
  },
};

describe('decideDatasetPermission', () => {
  it('lets everyone read, owners do the rest, and nobody nothing', () => {
    for (const permission of datasetMigrationsPermissions) {
      expect(decideDatasetPermission(permission)).toEqual({
        result: AuthorizeResult.DENY,
      });
      expect(decideDatasetPermission(permission, user)).toMatchObject(
        permission === datasetReadPermission
          ? { result: AuthorizeResult.ALLOW }
          : {
              result: AuthorizeResult.CONDITIONAL,
              pluginId: 'dataset-migrations',
              resourceType: 'dataset',
              conditions: {
                rule: 'IS_DATASET_OWNER',
                params: { claims: user.info.ownershipEntityRefs },
              },
            },
      );
    }
  });

  it('lets no user report lineage, which a policy may', () => {
    expect(decideDatasetPermission(lineageReportPermission, user)).toEqual({
      result: AuthorizeResult.DENY,
    });
  });

  it('lets who is signed in ask for the secrets of what they own', () => {
    for (const permission of webhookSecretPermissions) {
      expect(decideDatasetPermission(permission)).toEqual({
        result: AuthorizeResult.DENY,
      });
      expect(decideDatasetPermission(permission, user)).toEqual({
        result: AuthorizeResult.ALLOW,
      });
    }
  });

  it('lets owners of a consumer answer for it', () => {
    expect(decideDatasetPermission(consumerAcknowledgePermission)).toEqual({
      result: AuthorizeResult.DENY,
    });
    expect(
      decideDatasetPermission(consumerAcknowledgePermission, user),
    ).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'dataset-migrations',
      resourceType: 'dataset-consumer',
      conditions: {
        rule: 'IS_CONSUMER_OWNER',
        params: { claims: user.info.ownershipEntityRefs },
      },
    });
  });

  it('leaves other permissions to others', () => {
    expect(
      decideDatasetPermission(
        createPermission({ name: 'catalog.entity.create', attributes: {} }),
        user,
      ),
    ).toBeUndefined();
  });
});
