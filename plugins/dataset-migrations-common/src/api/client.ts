import { parseEntityRef } from '@backstage/catalog-model';
import { FailureGroup } from '../campaigns/types';
import { AcceptedChange } from '../changes/acceptedChanges';
import { CampaignsApi, CampaignsClient } from './campaigns';
import { DatasetMigrationsApi } from './DatasetMigrationsApi';
import { ClientOptions, RequestOptions, RestClient } from './RestClient';
import {
  AcceptChangeRequest,
  ListAcceptedChangesRequest,
} from './types/acceptedChanges';
import {
  ConsumedDataset,
  ConsumersResponse,
  Dataset,
  DatasetsResponse,
  ListDatasetsRequest,
  Subscription,
} from './types/datasets';
import { Delivery, ListDeliveriesRequest } from './types/deliveries';
import {
  ListMigrationsRequest,
  Migration,
  MigrationEvent,
  MigrationSummary,
  StartMigrationRequest,
} from './types/migrations';
import { Page } from './types/page';
import {
  PlanRequest,
  PlanResponse,
  PreflightReport,
  PreviewResponse,
} from './types/plans';
import {
  AcknowledgeRequest,
  BlockersResponse,
  Board,
  BoardRequest,
  MigrationDatesRequest,
  OverrideRequest,
} from './types/readiness';
import { QueueHistoryRequest, QueueSample, QueueStatus } from './types/queue';
import { ReachResponse } from './types/reach';
import { WebhookKey } from './types/webhooks';

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

  getReach(
    datasetRef: string,
    request: { targetVersion?: string } = {},
    options?: RequestOptions,
  ) {
    return this.rest.get<ReachResponse>(
      `${datasetPath(datasetRef)}/reach`,
      request,
      options,
    );
  }

  getSubscription(datasetRef: string, options?: RequestOptions) {
    return this.rest.get<Subscription>(
      `${datasetPath(datasetRef)}/subscription`,
      {},
      options,
    );
  }

  setSubscription(
    datasetRef: string,
    request: { following: boolean },
    options?: RequestOptions,
  ) {
    return this.rest.post<Subscription>(
      `${datasetPath(datasetRef)}/subscription`,
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

  listAcceptedChanges(
    datasetRef: string,
    request: ListAcceptedChangesRequest = {},
    options?: RequestOptions,
  ) {
    return this.rest.get<Page<AcceptedChange>>(
      `${datasetPath(datasetRef)}/accepted-changes`,
      { ...request },
      options,
    );
  }

  acceptChange(
    datasetRef: string,
    request: AcceptChangeRequest,
    options?: RequestOptions,
  ) {
    return this.rest.post<AcceptedChange>(
      `${datasetPath(datasetRef)}/accepted-changes`,
      request,
      options,
    );
  }

  withdrawAcceptedChange(
    datasetRef: string,
    id: string,
    options?: RequestOptions,
  ) {
    return this.rest.post<AcceptedChange>(
      `${datasetPath(datasetRef)}/accepted-changes/${encodeURIComponent(
        id,
      )}/withdraw`,
      {},
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
    return this.rest.get<{ items: ConsumedDataset[]; omitted?: number }>(
      `/consumers/${refPath(entityRef)}/datasets`,
      {},
      options,
    );
  }

  acknowledge(
    consumerRef: string,
    request: AcknowledgeRequest,
    options?: RequestOptions,
  ) {
    return this.rest.post<ConsumedDataset>(
      `/consumers/${refPath(consumerRef)}/acknowledgements`,
      request,
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
    request: OverrideRequest,
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

  setMigrationDates(
    id: string,
    request: MigrationDatesRequest,
    options?: RequestOptions,
  ) {
    return this.rest.post<Migration>(
      `${migrationPath(id)}/dates`,
      request,
      options,
    );
  }

  getBoard(id: string, request: BoardRequest = {}, options?: RequestOptions) {
    return this.rest.get<Board>(
      `${migrationPath(id)}/consumers`,
      { ...request },
      options,
    );
  }

  getBoardCsv(
    id: string,
    request: Omit<BoardRequest, 'cursor' | 'limit'> = {},
    options?: RequestOptions,
  ) {
    return this.rest.getText(
      `${migrationPath(id)}/consumers.csv`,
      { ...request },
      options,
    );
  }

  getBlockers(id: string, options?: RequestOptions) {
    return this.rest.get<BlockersResponse>(
      `${migrationPath(id)}/blockers`,
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

  getWebhookKeys(options?: RequestOptions) {
    return this.rest.get<{ keys: WebhookKey[] }>('/webhook-keys', {}, options);
  }

  getWebhookSecrets(consumerRef: string, options?: RequestOptions) {
    return this.rest.get<{ secrets: string[] }>(
      `/consumers/${refPath(consumerRef)}/webhook-secrets`,
      {},
      options,
    );
  }

  replaceWebhookSecrets(consumerRef: string, options?: RequestOptions) {
    return this.rest.post<{ secrets: string[] }>(
      `/consumers/${refPath(consumerRef)}/webhook-secrets/replace`,
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
