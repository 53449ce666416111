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

/**
 * How long a token is used, in milliseconds, which is valid for an hour: to sign one
 * takes as long as the question.
 */
const TOKEN_MS = 60_000;

/**
 * The catalog for who asks it once for every migration. Otherwise as the platform's
 * service: for that each question has a token of its own, and its answers are packed,
 * which takes more than to send them as they are from one pod to the other.
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
  return {
    async getEntityByRef(ref) {
      return client.getEntityByRef(ref, { token: await token() });
    },
    async getEntitiesByRefs(request) {
      return client.getEntitiesByRefs(request, { token: await token() });
    },
    async *streamEntities(request) {
      yield* client.streamEntities(request, { token: await token() });
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
