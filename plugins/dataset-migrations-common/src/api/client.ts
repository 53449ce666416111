import { parseEntityRef } from '@backstage/catalog-model';
import { FailureGroup } from '../campaigns/types';
import { CampaignsApi, CampaignsClient } from './campaigns';
import { ClientOptions, RequestOptions, RestClient } from './RestClient';
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
  QueueHistoryRequest,
  QueueSample,
  QueueStatus,
  StartMigrationRequest,
} from './types';

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
  /** Oldest first, one sample per bucket of time. */
  getQueueHistory(
    request?: QueueHistoryRequest,
    options?: RequestOptions,
  ): Promise<{ items: QueueSample[] }>;
  /** Failed and blocked migrations by cause, most frequent first. */
  listFailures(
    request?: { campaignId?: string },
    options?: RequestOptions,
  ): Promise<{ items: FailureGroup[] }>;
  readonly campaigns: CampaignsApi;
}

/**
 * Calls the backend over HTTP; used by the frontend, the scaffolder actions and
 * the demo.
 *
 * @public
 */
export class DatasetMigrationsClient implements DatasetMigrationsApi {
  readonly campaigns: CampaignsApi;
  private readonly rest: RestClient;

  constructor(options: ClientOptions) {
    this.rest = new RestClient(options);
    this.campaigns = new CampaignsClient(this.rest);
  }

  listDatasets(request: ListDatasetsRequest = {}, options?: RequestOptions) {
    return this.rest.get<DatasetsResponse>(
      '/datasets',
      { ...request },
      options,
    );
  }

  getDataset(datasetRef: string, options?: RequestOptions) {
    return this.rest.get<Dataset>(datasetPath(datasetRef), {}, options);
  }

  getConsumers(
    datasetRef: string,
    request: { targetVersion?: string; limit?: number } = {},
    options?: RequestOptions,
  ) {
    return this.rest.get<ConsumersResponse>(
      `${datasetPath(datasetRef)}/consumers`,
      request,
      options,
    );
  }

  plan(datasetRef: string, request: PlanRequest, options?: RequestOptions) {
    return this.rest.post<PlanResponse>(
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
    return this.rest.post<PreviewResponse>(
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
    return this.rest.post<PreflightReport>(
      `${datasetPath(datasetRef)}/preflight`,
      request,
      options,
    );
  }

  getPreflight(datasetRef: string, id: string, options?: RequestOptions) {
    return this.rest.get<PreflightReport>(
      `${datasetPath(datasetRef)}/preflight/${encodeURIComponent(id)}`,
      {},
      options,
    );
  }

  getConsumedDatasets(entityRef: string, options?: RequestOptions) {
    return this.rest.get<{ items: ConsumedDataset[] }>(
      `/consumers/${refPath(entityRef)}/datasets`,
      {},
      options,
    );
  }

  startMigration(
    request: StartMigrationRequest,
    options?: RequestOptions & { idempotencyKey?: string },
  ) {
    return this.rest.post<Migration>('/migrations', request, options);
  }

  listMigrations(
    request: ListMigrationsRequest = {},
    options?: RequestOptions,
  ) {
    return this.rest.get<Page<MigrationSummary>>(
      '/migrations',
      { ...request },
      options,
    );
  }

  getMigration(id: string, options?: RequestOptions) {
    return this.rest.get<Migration>(migrationPath(id), {}, options);
  }

  listMigrationEvents(
    id: string,
    request: { cursor?: string; limit?: number } = {},
    options?: RequestOptions,
  ) {
    return this.rest.get<{ items: MigrationEvent[]; nextCursor: string }>(
      `${migrationPath(id)}/events`,
      request,
      options,
    );
  }

  cancelMigration(id: string, options?: RequestOptions) {
    return this.rest.post<Migration>(
      `${migrationPath(id)}/cancel`,
      {},
      options,
    );
  }

  retryMigration(id: string, options?: RequestOptions) {
    return this.rest.post<Migration>(`${migrationPath(id)}/retry`, {}, options);
  }

  overrideMigration(
    id: string,
    request: { reason: string },
    options?: RequestOptions,
  ) {
    return this.rest.post<Migration>(
      `${migrationPath(id)}/override`,
      request,
      options,
    );
  }

  coexistMigration(id: string, options?: RequestOptions) {
    return this.rest.post<Migration>(
      `${migrationPath(id)}/coexist`,
      {},
      options,
    );
  }

  rollbackMigration(id: string, options?: RequestOptions) {
    return this.rest.post<Migration>(
      `${migrationPath(id)}/rollback`,
      {},
      options,
    );
  }

  retireMigration(id: string, options?: RequestOptions) {
    return this.rest.post<Migration>(
      `${migrationPath(id)}/retire`,
      {},
      options,
    );
  }

  listDeliveries(
    request: ListDeliveriesRequest = {},
    options?: RequestOptions,
  ) {
    return this.rest.get<Page<Delivery>>(
      '/deliveries',
      { ...request },
      options,
    );
  }

  redeliver(id: string, options?: RequestOptions) {
    return this.rest.post<Delivery>(
      `/deliveries/${encodeURIComponent(id)}/redeliver`,
      {},
      options,
    );
  }

  getQueueStatus(options?: RequestOptions) {
    return this.rest.get<QueueStatus>('/queue', {}, options);
  }

  getQueueHistory(request: QueueHistoryRequest = {}, options?: RequestOptions) {
    return this.rest.get<{ items: QueueSample[] }>(
      '/queue/history',
      { ...request },
      options,
    );
  }

  listFailures(
    request: { campaignId?: string } = {},
    options?: RequestOptions,
  ) {
    return this.rest.get<{ items: FailureGroup[] }>(
      '/failures',
      request,
      options,
    );
  }
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
