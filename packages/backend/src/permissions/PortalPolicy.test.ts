import {
  AuthorizeResult,
  Permission,
} from '@backstage/plugin-permission-common';
import { PolicyQueryUser } from '@backstage/plugin-permission-node';
import {
  catalogEntityDeletePermission,
  catalogEntityReadPermission,
  catalogLocationCreatePermission,
} from '@backstage/plugin-catalog-common/alpha';
import {
  campaignManagePermission,
  datasetDataReadPermission,
  datasetMigratePermission,
  datasetOverridePermission,
  datasetReadPermission,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { PortalPolicy } from './PortalPolicy';

function user(...ownershipEntityRefs: string[]): PolicyQueryUser {
  return {
    info: { userEntityRef: ownershipEntityRefs[0], ownershipEntityRefs },
  } as PolicyQueryUser;
}

const amelia = user('user:default/amelia', 'group:default/flight-data');
const grace = user('user:default/grace', 'group:default/platform');

describe('PortalPolicy', () => {
  const policy = new PortalPolicy();
  const decide = (permission: Permission, who?: PolicyQueryUser) =>
    policy.handle({ permission }, who);

  it('lets everybody who is signed in see datasets', async () => {
    expect(await decide(datasetReadPermission, amelia)).toEqual({
      result: AuthorizeResult.ALLOW,
    });
  });

  it.each([
    datasetMigratePermission,
    datasetOverridePermission,
    datasetDataReadPermission,
  ])('G11: leaves $name to the owners of the dataset', async permission => {
    expect(await decide(permission, amelia)).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      conditions: {
        rule: 'IS_DATASET_OWNER',
        params: {
          claims: ['user:default/amelia', 'group:default/flight-data'],
        },
      },
    });
  });

  it('leaves removing an entity to its owners', async () => {
    expect(await decide(catalogEntityDeletePermission, amelia)).toMatchObject({
      result: AuthorizeResult.CONDITIONAL,
      conditions: { rule: 'IS_ENTITY_OWNER' },
    });
  });

  it('leaves registering entities to the platform team', async () => {
    expect(await decide(catalogLocationCreatePermission, amelia)).toEqual({
      result: AuthorizeResult.DENY,
    });
    expect(await decide(catalogLocationCreatePermission, grace)).toEqual({
      result: AuthorizeResult.ALLOW,
    });
  });

  it('leaves campaigns to the platform team', async () => {
    expect(await decide(campaignManagePermission, amelia)).toEqual({
      result: AuthorizeResult.DENY,
    });
    expect(await decide(campaignManagePermission, grace)).toEqual({
      result: AuthorizeResult.ALLOW,
    });
  });

  it('lets the platform team migrate and override everywhere', async () => {
    for (const permission of [
      datasetMigratePermission,
      datasetOverridePermission,
    ]) {
      expect(await decide(permission, grace)).toEqual({
        result: AuthorizeResult.ALLOW,
      });
    }
  });

  it.each([datasetReadPermission, catalogEntityReadPermission])(
    'refuses $name to who is not signed in',
    async permission => {
      expect(await decide(permission)).toEqual({
        result: AuthorizeResult.DENY,
      });
    },
  );
});
