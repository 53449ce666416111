import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import {
  authProvidersExtensionPoint,
  createProxyAuthenticator,
  createProxyAuthProviderFactory,
} from '@backstage/plugin-auth-node';

/**
 * Signs in as one of the users in `auth.providers.demo.users`, named by the
 * request's header `x-demo-user`; the first of them without one. No password:
 * without that list nobody gets in.
 */
const demoAuthenticator = createProxyAuthenticator({
  defaultProfileTransform: async () => ({ profile: {} }),
  initialize: ({ config }) => ({
    users: config
      .getConfigArray('users')
      .map(user => user.getString('entityRef')),
  }),
  async authenticate({ req }, { users }) {
    const entityRef = req.header('x-demo-user') ?? users[0];
    if (!users.includes(entityRef)) {
      throw new NotAllowedError(
        `'${entityRef}' is not among auth.providers.demo.users`,
      );
    }
    return { result: { entityRef } };
  },
});

/** The sign-in of the demo portal. */
export const demoProviderModule = createBackendModule({
  pluginId: 'auth',
  moduleId: 'demo-provider',
  register(env) {
    env.registerInit({
      deps: {
        config: coreServices.rootConfig,
        providers: authProvidersExtensionPoint,
      },
      async init({ config, providers }) {
        if (!config.has('auth.providers.demo')) return;
        providers.registerProvider({
          providerId: 'demo',
          factory: createProxyAuthProviderFactory({
            authenticator: demoAuthenticator,
            signInResolver: ({ result }, context) =>
              context.signInWithCatalogUser({ entityRef: result.entityRef }),
          }),
        });
      },
    });
  },
});
