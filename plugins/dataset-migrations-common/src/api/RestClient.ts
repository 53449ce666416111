import { ResponseError } from '@backstage/errors';

/**
 * Options of every call: a token where the caller has no fetch that adds one,
 * and a signal to give up.
 *
 * @public
 */
export interface RequestOptions {
  token?: string;
  signal?: AbortSignal;
}

/**
 * What finds the backend and calls it.
 *
 * @public
 */
export interface ClientOptions {
  discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
  fetchApi?: { fetch: typeof fetch };
}

type Query = Record<string, string | number | string[] | undefined>;

/** Requests of the REST API; each fails with the backend's own message. */
export class RestClient {
  constructor(private readonly options: ClientOptions) {}

  async get<T>(
    path: string,
    query: Query,
    options?: RequestOptions,
  ): Promise<T> {
    return (await this.ask(path, query, options)).json();
  }

  async getText(
    path: string,
    query: Query,
    options?: RequestOptions,
  ): Promise<string> {
    return (await this.ask(path, query, options)).text();
  }

  async post<T>(
    path: string,
    body: object,
    options?: RequestOptions & { idempotencyKey?: string },
  ): Promise<T> {
    const response = await this.request(
      path,
      {
        method: 'POST',
        body: JSON.stringify(body),
        headers: {
          'Content-Type': 'application/json',
          ...(options?.idempotencyKey
            ? { 'Idempotency-Key': options.idempotencyKey }
            : {}),
        },
      },
      options,
    );
    return response.json();
  }

  private ask(
    path: string,
    query: Query,
    options?: RequestOptions,
  ): Promise<Response> {
    const search = searchParams(query);
    const suffix = search.size > 0 ? `?${search}` : '';
    return this.request(`${path}${suffix}`, { method: 'GET' }, options);
  }

  private async request(
    path: string,
    init: RequestInit,
    options?: RequestOptions,
  ): Promise<Response> {
    const baseUrl = await this.options.discoveryApi.getBaseUrl(
      'dataset-migrations',
    );
    const fetchImpl = this.options.fetchApi?.fetch ?? fetch;
    const response = await fetchImpl(`${baseUrl}${path}`, {
      ...init,
      headers: {
        ...init.headers,
        ...(options?.token ? { Authorization: `Bearer ${options.token}` } : {}),
      },
      signal: options?.signal,
    });
    if (!response.ok) {
      throw await refusal(response);
    }
    return response;
  }
}

/** The library's message is only `Request failed with 409`; people need the reason. */
async function refusal(response: Response): Promise<ResponseError> {
  const error = await ResponseError.fromResponse(response);
  error.message = error.cause.message;
  return error;
}

function searchParams(query: Query): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) {
        search.append(name, String(item));
      }
    }
  }
  return search;
}
