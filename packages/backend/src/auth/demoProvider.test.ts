import {
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import authPlugin from '@backstage/plugin-auth-backend';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { demoProviderModule } from './demoProvider';

function userEntity(name: string, team: string) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name, namespace: 'default' },
    spec: { memberOf: [team] },
    relations: [{ type: 'memberOf', targetRef: `group:default/${team}` }],
  };
}

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

async function startBackend() {
  const knex = await databases.init('POSTGRES_18');
  const { server } = await startTestBackend({
    features: [
      authPlugin,
      demoProviderModule,
      mockServices.database.factory({ knex }),
      catalogServiceMock.factory({
        entities: [
          userEntity('amelia', 'flight-data'),
          userEntity('grace', 'platform'),
          userEntity('root', 'platform'),
        ],
      }),
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://localhost' },
          auth: {
            providers: {
              demo: {
                users: [
                  { entityRef: 'user:default/amelia' },
                  { entityRef: 'user:default/grace' },
                ],
              },
            },
          },
        },
      }),
    ],
  });
  const { port } = server.address() as { port: number };
  return (headers: Record<string, string>) =>
    fetch(`http://localhost:${port}/api/auth/demo/refresh`, { headers });
}

describe('the demo sign-in', () => {
  it('signs in as a listed user, the first by default, and nobody else', async () => {
    const signIn = await startBackend();

    const amelia = await (await signIn({})).json();
    expect(amelia.backstageIdentity.identity).toMatchObject({
      userEntityRef: 'user:default/amelia',
      ownershipEntityRefs: expect.arrayContaining([
        'group:default/flight-data',
      ]),
    });

    const grace = await signIn({ 'x-demo-user': 'user:default/grace' });
    expect((await grace.json()).backstageIdentity.identity).toMatchObject({
      userEntityRef: 'user:default/grace',
    });

    const refused = await signIn({ 'x-demo-user': 'user:default/root' });
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain(
      "'user:default/root' is not among auth.providers.demo.users",
    );
  });
});
