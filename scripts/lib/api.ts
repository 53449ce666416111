import { DatasetMigrationsClient } from '@skein/backstage-plugin-dataset-migrations-common';

/** The API of a portal, as the bearer of a token calls it. */
export function clientAt(url: string, token: string): DatasetMigrationsClient {
  return new DatasetMigrationsClient({
    discoveryApi: { getBaseUrl: async id => `${url}/api/${id}` },
    fetchApi: {
      fetch: (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set('Authorization', `Bearer ${token}`);
        return fetch(input, { ...init, headers });
      },
    },
  });
}

/**
 * The API of a demo portal, as one of its users calls it.
 *
 * @throws Error when the portal does not let the user in
 */
export async function clientOf(
  url: string,
  userRef: string,
): Promise<DatasetMigrationsClient> {
  return clientAt(url, await signIn(url, userRef));
}

/** A token of a demo user, as the sign-in page gets it. */
export async function signIn(url: string, userRef: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/demo/refresh`, {
    headers: {
      'x-demo-user': userRef,
      'x-requested-with': 'XMLHttpRequest',
    },
  });
  if (!response.ok) {
    throw new Error(
      `signing in as '${userRef}' failed: ${await response.text()}`,
    );
  }
  const { backstageIdentity } = await response.json();
  return backstageIdentity.token;
}
