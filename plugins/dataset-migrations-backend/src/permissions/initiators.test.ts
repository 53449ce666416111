import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  Change,
  ChangeEffect,
  datasetMigratePermission,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { DatasetAuthorizer } from './DatasetAuthorizer';
import { Initiators } from './initiators';
import {
  createDatasetConditionalDecision,
  datasetMigrationsConditions,
} from './policy';
import { aboutMigration, datasetPermissionRules } from './rules';

const flights = 'resource:default/flights';
const ref = 'user:default/amelia';
const rules = Object.values(datasetPermissionRules);
const { hasSeverity, isDatasetOwner } = datasetMigrationsConditions;

const user = (...groups: string[]): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name: 'amelia' },
  relations: groups.map(targetRef => ({ type: 'memberOf', targetRef })),
});

const decide = (conditions: any): PolicyDecision =>
  createDatasetConditionalDecision(datasetMigratePermission, conditions);

function initiators(owner: string, entities: Entity[]) {
  const authorizer = new DatasetAuthorizer({
    permissions: mockServices.permissions(),
    permissionsRegistry: mockServices.permissionsRegistry.mock({
      getPermissionRuleset: () =>
        ({
          getRuleByName: (name: string) => rules.find(r => r.name === name),
        } as any),
    }),
    getResource: async entityRef => ({
      entityRef,
      owner,
      severity: 'breaking',
    }),
  });
  return new Initiators({
    auth: mockServices.auth(),
    catalog: catalogServiceMock({ entities }),
    authorizer,
  });
}

/** Captured while amelia was in team a and b, judged in another world. */
async function still(
  conditions: any,
  now: { owner: string; entities: Entity[] },
): Promise<boolean> {
  const then = initiators('group:default/a', [
    user('group:default/a', 'group:default/b'),
  ]);
  const captured = await then.capture(
    mockCredentials.user(ref),
    decide(conditions),
  );
  return initiators(now.owner, now.entities).mayStillMigrate(
    // As it comes back from the database.
    JSON.parse(JSON.stringify(captured)),
    flights,
  );
}

describe('Initiators', () => {
  const both = isDatasetOwner({
    claims: [ref, 'group:default/a', 'group:default/b'],
  });
  const inBoth = user('group:default/a', 'group:default/b');

  it('lets an owner go on, also under another owner that is theirs', async () => {
    for (const owner of ['group:default/a', 'group:default/b', ref]) {
      expect(await still(both, { owner, entities: [inBoth] })).toBe(true);
    }
  });

  it('stops who owns it no more', async () => {
    const owner = 'group:default/strangers';
    expect(await still(both, { owner, entities: [inBoth] })).toBe(false);
  });

  it('stops who left the group that allowed it', async () => {
    const entities = [user('group:default/b')];
    expect(await still(both, { owner: 'group:default/a', entities })).toBe(
      false,
    );
    expect(await still(both, { owner: 'group:default/b', entities })).toBe(
      true,
    );
  });

  it('stops who left the catalog', async () => {
    const owner = 'group:default/a';
    expect(await still(both, { owner, entities: [] })).toBe(false);
  });

  it('does not turn a lost group into a permission by a negation', async () => {
    const notTheirs = { not: both };
    const world = { owner: 'group:default/a', entities: [user()] };
    expect(await still(notTheirs, world)).toBe(false);
    expect(await still({ anyOf: [notTheirs, both] }, world)).toBe(false);
    expect(await still({ allOf: [both] }, world)).toBe(false);
  });

  it('keeps claims that the catalog never knew', async () => {
    const claims = ['group:default/from-the-token'];
    expect(
      await still(isDatasetOwner({ claims }), {
        owner: claims[0],
        entities: [inBoth],
      }),
    ).toBe(true);
  });

  it('tells of many who still may', async () => {
    const owner = 'group:default/a';
    const then = initiators(owner, [inBoth]);
    const captured = await Promise.all(
      ['amelia', 'bessie', 'Amelia'].map(async name => ({
        ...(await then.capture(
          mockCredentials.user(ref),
          decide(isDatasetOwner({ claims: [owner] })),
        )),
        subject: `user:default/${name}`,
      })),
    );
    const service = await then.capture(mockCredentials.service('ci'), {
      result: AuthorizeResult.ALLOW,
    });
    const denied = { ...service, decision: { result: AuthorizeResult.DENY } };
    const all = [...captured, service, denied as typeof service];
    const may = (entities: Entity[], now = owner) =>
      initiators(now, entities)
        .thoseWhoStillMay(all, flights)
        .then(those => those.map(({ subject }) => subject));
    expect(await may([inBoth])).toEqual([
      'user:default/amelia',
      'user:default/Amelia',
      'ci',
    ]);
    expect(await may([user()])).toEqual(['ci']);
    expect(await may([inBoth], 'group:default/strangers')).toEqual(['ci']);
    expect(await initiators(owner, []).thoseWhoStillMay([], flights)).toEqual(
      [],
    );
  });

  it('judges the changes of the migration that is spoken of, not what is ahead', async () => {
    const all = initiators('group:default/a', []);
    const service = await all.capture(
      mockCredentials.service('ci'),
      decide(hasSeverity({ severities: ['compatible', 'risky'] })),
    );
    const may = (...effects: ChangeEffect[]) =>
      all.mayStillMigrate(
        service,
        flights,
        aboutMigration(effects.map(effect => ({ effect } as Change))),
      );
    expect(await all.mayStillMigrate(service, flights)).toBe(false);
    expect(await may()).toBe(true);
    expect(await may('compatible', 'risky')).toBe(true);
    expect(await may('compatible', 'breaking')).toBe(false);
  });

  it('takes services and refuses nobody', async () => {
    const all = initiators('group:default/a', []);
    const decision: PolicyDecision = { result: AuthorizeResult.ALLOW };
    const service = await all.capture(mockCredentials.service('ci'), decision);
    expect(service).toEqual({ kind: 'service', subject: 'ci', decision });
    expect(await all.mayStillMigrate(service, flights)).toBe(true);
    await expect(all.capture(mockCredentials.none(), decision)).rejects.toThrow(
      'Only users and services',
    );
  });
});
