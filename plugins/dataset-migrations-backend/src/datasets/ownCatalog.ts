import { AuthService, DiscoveryService } from '@backstage/backend-plugin-api';
import {
  CatalogClient,
  GetEntitiesByRefsRequest,
  GetEntitiesByRefsResponse,
  StreamEntitiesRequest,
} from '@backstage/catalog-client';
import { Entity } from '@backstage/catalog-model';

/** What the read model asks the catalog, as the plugin itself. */
export interface OwnCatalog {
  getEntityByRef(ref: string): Promise<Entity | undefined>;
  getEntitiesByRefs(
    request: GetEntitiesByRefsRequest,
  ): Promise<GetEntitiesByRefsResponse>;
  streamEntities(request: StreamEntitiesRequest): AsyncIterable<Entity[]>;
}

/** How long a token is used, in milliseconds: much less than it is valid. */
const TOKEN_MS = 60_000;

/**
 * The catalog for the read model, which asks it for each migration. The platform's
 * service has a token signed for each question, and answers packed by the portal and
 * unpacked here; this one keeps a token for a minute, and has answers sent as they are.
 */
export function createOwnCatalog(options: {
  discovery: DiscoveryService;
  auth: AuthService;
}): OwnCatalog {
  const client = new CatalogClient({
    discoveryApi: options.discovery,
    fetchApi: { fetch: fetchUnpacked },
  });
  let known: { token: string; until: number } | undefined;
  async function token(): Promise<string> {
    if (!known || performance.now() > known.until) {
      const until = performance.now() + TOKEN_MS;
      known = { token: await newToken(options.auth), until };
    }
    return known.token;
  }
  /** Perhaps it is the token that is not taken. */
  function forget(error: unknown): never {
    known = undefined;
    throw error;
  }
  return {
    async getEntityByRef(ref) {
      const asked = client.getEntityByRef(ref, { token: await token() });
      return asked.catch(forget);
    },
    async getEntitiesByRefs(request) {
      const asked = client.getEntitiesByRefs(request, { token: await token() });
      return asked.catch(forget);
    },
    async *streamEntities(request) {
      try {
        yield* client.streamEntities(request, { token: await token() });
      } catch (error) {
        forget(error);
      }
    },
  };
}

async function newToken(auth: AuthService): Promise<string> {
  const { token } = await auth.getPluginRequestToken({
    onBehalfOf: await auth.getOwnServiceCredentials(),
    targetPluginId: 'catalog',
  });
  return token;
}

function fetchUnpacked(
  input: Parameters<typeof fetch>[0],
  init?: RequestInit,
): Promise<Response> {
  const headers = new Headers(init?.headers);
  headers.set('Accept-Encoding', 'identity');
  return fetch(input, { ...init, headers });
}
