import { ConfigApi } from '@backstage/core-plugin-api';

/** Somebody the portal lets you be. */
export interface DemoUser {
  entityRef: string;
  name: string;
  role: string;
}

/** Reads `auth.providers.demo.users`. */
export function readDemoUsers(config: ConfigApi): DemoUser[] {
  const users =
    config.getOptionalConfigArray('auth.providers.demo.users') ?? [];
  return users.map(user => ({
    entityRef: user.getString('entityRef'),
    name: user.getString('name'),
    role: user.getString('role'),
  }));
}

const KEY = 'skein.demoUser';

/** The choice of this browser tab, which survives a reload. */
export const chosenUser = {
  get: () => window.sessionStorage.getItem(KEY) ?? undefined,
  set: (entityRef: string) => window.sessionStorage.setItem(KEY, entityRef),
  forget: () => window.sessionStorage.removeItem(KEY),
};
