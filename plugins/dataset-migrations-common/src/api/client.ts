import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import {
  ConsumedDataset,
  ConsumersResponse,
  Dataset,
  DatasetsResponse,
  Delivery,
  ListDatasetsRequest,
  ListDeliveriesRequest,
  ListMigrationsRequest,
  Migration,
  MigrationEvent,
  MigrationSummary,
  Page,
  PlanRequest,
  PlanResponse,
  PreflightReport,
  PreviewResponse,
  QueueStatus,
  StartMigrationRequest,
} from './types';

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
 * The REST API of the backend, typed. Every method throws a `ResponseError`
 * with the backend's message when the answer is not 2xx.
 *
 * @public
 */
export interface DatasetMigrationsApi {
  listDatasets(
    request?: ListDatasetsRequest,
    options?: RequestOptions,
  ): Promise<DatasetsResponse>;
  getDataset(datasetRef: string, options?: RequestOptions): Promise<Dataset>;
  getConsumers(
    datasetRef: string,
    request?: { targetVersion?: string; limit?: number },
    options?: RequestOptions,
  ): Promise<ConsumersResponse>;
  plan(
    datasetRef: string,
    request: PlanRequest,
    options?: RequestOptions,
  ): Promise<PlanResponse>;
  preview(
    datasetRef: string,
    request: { targetVersion: string; limit?: number },
    options?: RequestOptions,
  ): Promise<PreviewResponse>;
  startPreflight(
    datasetRef: string,
    request: { targetVersion: string },
    options?: RequestOptions,
  ): Promise<PreflightReport>;
  getPreflight(
    datasetRef: string,
    id: string,
    options?: RequestOptions,
  ): Promise<PreflightReport>;
  /** The datasets that an entity reads, with its verdicts. */
  getConsumedDatasets(
    entityRef: string,
    options?: RequestOptions,
  ): Promise<{ items: ConsumedDataset[] }>;
  startMigration(
    request: StartMigrationRequest,
    options?: RequestOptions & { idempotencyKey?: string },
  ): Promise<Migration>;
  listMigrations(
    request?: ListMigrationsRequest,
    options?: RequestOptions,
  ): Promise<Page<MigrationSummary>>;
  getMigration(id: string, options?: RequestOptions): Promise<Migration>;
  /** Oldest first; ask again with `nextCursor`, which is always present, for what came since. */
  listMigrationEvents(
    id: string,
    request?: { cursor?: string; limit?: number },
    options?: RequestOptions,
  ): Promise<{ items: MigrationEvent[]; nextCursor: string }>;
  cancelMigration(id: string, options?: RequestOptions): Promise<Migration>;
  retryMigration(id: string, options?: RequestOptions): Promise<Migration>;
  overrideMigration(
    id: string,
    request: { reason: string },
    options?: RequestOptions,
  ): Promise<Migration>;
  /** The way out of `blocked`: go on under policy `coexist`. */
  coexistMigration(id: string, options?: RequestOptions): Promise<Migration>;
  rollbackMigration(id: string, options?: RequestOptions): Promise<Migration>;
  /** Retires the old version that coexists. */
  retireMigration(id: string, options?: RequestOptions): Promise<Migration>;
  listDeliveries(
    request?: ListDeliveriesRequest,
    options?: RequestOptions,
  ): Promise<Page<Delivery>>;
  redeliver(id: string, options?: RequestOptions): Promise<Delivery>;
  getQueueStatus(options?: RequestOptions): Promise<QueueStatus>;
}

type Query = Record<string, string | number | string[] | undefined>;

/**
 * Calls the backend over HTTP; used by the frontend, the scaffolder actions and
 * the demo.
 *
 * @public
 */
export class DatasetMigrationsClient implements DatasetMigrationsApi {
  constructor(
    private readonly options: {
      discoveryApi: { getBaseUrl(pluginId: string): Promise<string> };
      fetchApi?: { fetch: typeof fetch };
    },
  ) {}

  listDatasets(request: ListDatasetsRequest = {}, options?: RequestOptions) {
    return this.get<DatasetsResponse>('/datasets', { ...request }, options);
  }

  getDataset(datasetRef: string, options?: RequestOptions) {
    return this.get<Dataset>(datasetPath(datasetRef), {}, options);
  }

  getConsumers(
    datasetRef: string,
    request: { targetVersion?: string; limit?: number } = {},
    options?: RequestOptions,
  ) {
    return this.get<ConsumersResponse>(
      `${datasetPath(datasetRef)}/consumers`,
      request,
      options,
    );
  }

  plan(datasetRef: string, request: PlanRequest, options?: RequestOptions) {
    return this.post<PlanResponse>(
      `${datasetPath(datasetRef)}/plan`,
      request,
      options,
    );
  }

  preview(
    datasetRef: string,
    request: { targetVersion: string; limit?: number },
    options?: RequestOptions,
  ) {
    return this.post<PreviewResponse>(
      `${datasetPath(datasetRef)}/preview`,
      request,
      options,
    );
  }

  startPreflight(
    datasetRef: string,
    request: { targetVersion: string },
    options?: RequestOptions,
  ) {
    return this.post<PreflightReport>(
      `${datasetPath(datasetRef)}/preflight`,
      request,
      options,
    );
  }

  getPreflight(datasetRef: string, id: string, options?: RequestOptions) {
    return this.get<PreflightReport>(
      `${datasetPath(datasetRef)}/preflight/${encodeURIComponent(id)}`,
      {},
      options,
    );
  }

  getConsumedDatasets(entityRef: string, options?: RequestOptions) {
    return this.get<{ items: ConsumedDataset[] }>(
      `/consumers/${refPath(entityRef)}/datasets`,
      {},
      options,
    );
  }

  startMigration(
    request: StartMigrationRequest,
    options?: RequestOptions & { idempotencyKey?: string },
  ) {
    return this.post<Migration>(
      '/migrations',
      request,
      options,
      options?.idempotencyKey
        ? { 'Idempotency-Key': options.idempotencyKey }
        : {},
    );
  }

  listMigrations(
    request: ListMigrationsRequest = {},
    options?: RequestOptions,
  ) {
    return this.get<Page<MigrationSummary>>(
      '/migrations',
      { ...request },
      options,
    );
  }

  getMigration(id: string, options?: RequestOptions) {
    return this.get<Migration>(migrationPath(id), {}, options);
  }

  listMigrationEvents(
    id: string,
    request: { cursor?: string; limit?: number } = {},
    options?: RequestOptions,
  ) {
    return this.get<{ items: MigrationEvent[]; nextCursor: string }>(
      `${migrationPath(id)}/events`,
      request,
      options,
    );
  }

  cancelMigration(id: string, options?: RequestOptions) {
    return this.post<Migration>(`${migrationPath(id)}/cancel`, {}, options);
  }

  retryMigration(id: string, options?: RequestOptions) {
    return this.post<Migration>(`${migrationPath(id)}/retry`, {}, options);
  }

  overrideMigration(
    id: string,
    request: { reason: string },
    options?: RequestOptions,
  ) {
    return this.post<Migration>(
      `${migrationPath(id)}/override`,
      request,
      options,
    );
  }

  coexistMigration(id: string, options?: RequestOptions) {
    return this.post<Migration>(`${migrationPath(id)}/coexist`, {}, options);
  }

  rollbackMigration(id: string, options?: RequestOptions) {
    return this.post<Migration>(`${migrationPath(id)}/rollback`, {}, options);
  }

  retireMigration(id: string, options?: RequestOptions) {
    return this.post<Migration>(`${migrationPath(id)}/retire`, {}, options);
  }

  listDeliveries(
    request: ListDeliveriesRequest = {},
    options?: RequestOptions,
  ) {
    return this.get<Page<Delivery>>('/deliveries', { ...request }, options);
  }

  redeliver(id: string, options?: RequestOptions) {
    return this.post<Delivery>(
      `/deliveries/${encodeURIComponent(id)}/redeliver`,
      {},
      options,
    );
  }

  getQueueStatus(options?: RequestOptions) {
    return this.get<QueueStatus>('/queue', {}, options);
  }

  private get<T>(path: string, query: Query, options?: RequestOptions) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const item of Array.isArray(value) ? value : [value]) {
        if (item !== undefined) {
          search.append(name, String(item));
        }
      }
    }
    const suffix = search.size > 0 ? `?${search}` : '';
    return this.request<T>(`${path}${suffix}`, { method: 'GET' }, options);
  }

  private post<T>(
    path: string,
    body: object,
    options?: RequestOptions,
    headers: Record<string, string> = {},
  ) {
    return this.request<T>(
      path,
      {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'Content-Type': 'application/json', ...headers },
      },
      options,
    );
  }

  private async request<T>(
    path: string,
    init: RequestInit,
    options?: RequestOptions,
  ): Promise<T> {
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
    return response.json();
  }
}

/** The library's message is only `Request failed with 409`; people need the reason. */
async function refusal(response: Response): Promise<ResponseError> {
  const error = await ResponseError.fromResponse(response);
  error.message = error.cause.message;
  return error;
}

function refPath(entityRef: string): string {
  const { kind, namespace, name } = parseEntityRef(entityRef);
  return [kind.toLocaleLowerCase('en-US'), namespace, name]
    .map(encodeURIComponent)
    .join('/');
}

function datasetPath(datasetRef: string): string {
  return `/datasets/${refPath(datasetRef)}`;
}

function migrationPath(id: string): string {
  return `/migrations/${encodeURIComponent(id)}`;
}
