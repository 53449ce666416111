import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { DatasetAuthorizer } from '../permissions/DatasetAuthorizer';
import { Initiators } from '../permissions/initiators';
import { Memberships } from '../permissions/Memberships';
import { Followers } from './Followers';
import { FollowerStore } from './FollowerStore';

const flights = 'resource:default/flights';
/** After whatever happens in a test. */
const NOW = new Date('2999-01-01');
const userRef = (name: string) => `user:default/${name}`;
const groupRef = (name: string) => `group:default/${name}`;

const entity = (
  kind: 'User' | 'Group',
  name: string,
  type: string,
  ...groups: string[]
): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name },
  relations: groups.map(group => ({ type, targetRef: groupRef(group) })),
});
const user = (name: string, ...groups: string[]) =>
  entity('User', name, 'memberOf', ...groups);
const group = (name: string, ...parents: string[]) =>
  entity('Group', name, 'childOf', ...parents);

describe('Followers', () => {
  const database = useTestDatabase();

  function world(...entities: Entity[]) {
    const options = {
      auth: mockServices.auth(),
      catalog: catalogServiceMock({ entities }),
    };
    const store = new FollowerStore(database());
    const initiators = new Initiators({
      ...options,
      authorizer: new DatasetAuthorizer({
        permissions: mockServices.permissions(),
        permissionsRegistry: mockServices.permissionsRegistry.mock(),
        getResource: async () => undefined,
      }),
    });
    const memberships = new Memberships(options);
    return {
      store,
      catalog: options.catalog,
      followers: new Followers({ store, initiators, memberships }),
    };
  }

  const follow = (
    store: FollowerStore,
    name: string,
    groups?: string[],
    result:
      | AuthorizeResult.ALLOW
      | AuthorizeResult.DENY = AuthorizeResult.ALLOW,
  ) =>
    store.add(flights, {
      kind: 'user',
      subject: userRef(name),
      decision: { result },
      groups,
    });

  it('are told unless they are told as owners, also in a group of groups', async () => {
    const { store, followers } = world(
      user('amelia', 'pilots'),
      user('bessie', 'apps'),
      user('carl'),
      group('pilots', 'crew'),
      group('crew', 'airline'),
      // Above each other, as no catalog should have it.
      group('airline', 'pilots'),
      group('apps'),
    );
    for (const name of ['amelia', 'bessie', 'carl']) {
      await follow(store, name, []);
    }
    const told = (...owners: string[]) =>
      followers.toTell(flights, { told: owners, followedBy: NOW });
    const all = ['amelia', 'bessie', 'carl'].map(userRef);
    expect(await told()).toEqual(all);
    expect(await told(groupRef('strangers'))).toEqual(all);
    for (const owner of ['pilots', 'crew', 'airline'].map(groupRef)) {
      expect(await told(owner)).toEqual(['bessie', 'carl'].map(userRef));
    }
    expect(await told(userRef('carl'), groupRef('apps'))).toEqual([
      userRef('amelia'),
    ]);
    expect(
      await followers.toTell('resource:default/other', {
        told: [],
        followedBy: NOW,
      }),
    ).toEqual([]);
  });

  it('are asked for in one request, but for groups above theirs', async () => {
    const { store, followers, catalog } = world(
      user('amelia', 'pilots'),
      group('pilots'),
    );
    await follow(store, 'amelia', [groupRef('pilots')]);
    const asked = jest.spyOn(catalog, 'getEntitiesByRefs');
    await followers.toTell(flights, {
      told: [groupRef('apps')],
      followedBy: NOW,
    });
    expect(asked.mock.calls.map(([{ entityRefs }]) => entityRefs)).toEqual([
      [userRef('amelia')],
      [groupRef('pilots')],
    ]);
  });

  it('are told of what happened since they follow', async () => {
    const { store, followers } = world(user('amelia'), user('bessie'));
    await follow(store, 'amelia', []);
    const { rows } = await database().raw('SELECT now() AS now');
    await database()('dataset_followers').update({
      followed_at: new Date(rows[0].now.getTime() - 60_000),
    });
    await follow(store, 'bessie', []);
    const toTell = (followedBy: Date) =>
      followers.toTell(flights, { told: [], followedBy });
    expect(await toTell(new Date(rows[0].now.getTime() - 1_000))).toEqual([
      userRef('amelia'),
    ]);
    expect(await toTell(new Date(rows[0].now.getTime() + 60_000))).toEqual(
      ['amelia', 'bessie'].map(userRef),
    );
  });

  it('are noted when they have left the catalog, until they are back', async () => {
    const { store, followers } = world(user('amelia'));
    for (const name of ['amelia', 'bessie']) {
      await follow(store, name, []);
    }
    await follow(store, 'guest');
    const gone = async (of: Followers) => {
      await of.toTell(flights, { told: [], followedBy: NOW });
      return database()('dataset_followers')
        .whereNotNull('follower_gone_at')
        .pluck('follower_ref');
    };
    expect(await gone(followers)).toEqual([userRef('bessie')]);
    expect(await gone(followers)).toEqual([userRef('bessie')]);
    const later = world(user('amelia'), user('bessie'));
    expect(await gone(later.followers)).toEqual([]);
  });

  it('are not told when they may read it no longer, or left the catalog', async () => {
    const { store, followers } = world(user('amelia'), user('bessie'));
    await follow(store, 'amelia', []);
    await follow(store, 'bessie', [], AuthorizeResult.DENY);
    await follow(store, 'carl', []);
    // The catalog never knew this one.
    await follow(store, 'guest');
    expect(
      await followers.toTell(flights, {
        told: [groupRef('apps')],
        followedBy: NOW,
      }),
    ).toEqual(['amelia', 'guest'].map(userRef));
  });

  it('are known once, by what allows it now', async () => {
    const { store } = world();
    await Promise.all(
      Array.from({ length: 5 }, (_, n) => follow(store, 'amelia', [`g${n}`])),
    );
    await follow(store, 'amelia', ['last']);
    expect(await store.ofDataset(flights)).toEqual([
      {
        kind: 'user',
        subject: userRef('amelia'),
        decision: { result: AuthorizeResult.ALLOW },
        groups: ['last'],
      },
    ]);
    await Promise.all(
      [1, 2].map(() => store.remove(flights, userRef('amelia'))),
    );
    expect(await store.follows(flights, userRef('amelia'))).toBe(false);
  });
});
