import { FailureGroup } from '../campaigns/types';
import { AcceptedChange } from '../changes/acceptedChanges';
import { CampaignsApi } from './campaigns';
import { RequestOptions } from './RestClient';
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
  AcknowledgeRequest,
  BlockersResponse,
  Board,
  BoardRequest,
  MigrationDatesRequest,
  OverrideRequest,
} from './types/readiness';
import {
  PlanRequest,
  PlanResponse,
  PreflightReport,
  PreviewResponse,
} from './types/plans';
import { QueueHistoryRequest, QueueSample, QueueStatus } from './types/queue';
import { ReachResponse } from './types/reach';
import { WebhookKey } from './types/webhooks';

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
  /** Consumers, the datasets that they make, the consumers of these, and so on. */
  getReach(
    datasetRef: string,
    request?: { targetVersion?: string },
    options?: RequestOptions,
  ): Promise<ReachResponse>;
  /** Whether the caller follows a dataset: is told how its migrations go. */
  getSubscription(
    datasetRef: string,
    options?: RequestOptions,
  ): Promise<Subscription>;
  /** Follows a dataset, or no longer. */
  setSubscription(
    datasetRef: string,
    request: { following: boolean },
    options?: RequestOptions,
  ): Promise<Subscription>;
  plan(
    datasetRef: string,
    request: PlanRequest,
    options?: RequestOptions,
  ): Promise<PlanResponse>;
  /** What was ever accepted of the changes of a dataset, the last one first. */
  listAcceptedChanges(
    datasetRef: string,
    request?: ListAcceptedChangesRequest,
    options?: RequestOptions,
  ): Promise<Page<AcceptedChange>>;
  /** Accepts one change: readers that it touches are at risk, and do not block. */
  acceptChange(
    datasetRef: string,
    request: AcceptChangeRequest,
    options?: RequestOptions,
  ): Promise<AcceptedChange>;
  /** Takes that back; the change is as grave as it was. */
  withdrawAcceptedChange(
    datasetRef: string,
    id: string,
    options?: RequestOptions,
  ): Promise<AcceptedChange>;
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
  /**
   * The datasets that an entity reads, with its verdicts: at most 500, those first of
   * which something comes, and how many are left out of who reads more.
   */
  getConsumedDatasets(
    entityRef: string,
    options?: RequestOptions,
  ): Promise<{ items: ConsumedDataset[]; omitted?: number }>;
  /** Answers for a consumer; gives what is so of it and the dataset then. */
  acknowledge(
    consumerRef: string,
    request: AcknowledgeRequest,
    options?: RequestOptions,
  ): Promise<ConsumedDataset>;
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
    request: OverrideRequest,
    options?: RequestOptions,
  ): Promise<Migration>;
  /** The way out of `blocked`: go on under policy `coexist`. */
  coexistMigration(id: string, options?: RequestOptions): Promise<Migration>;
  rollbackMigration(id: string, options?: RequestOptions): Promise<Migration>;
  /** Retires the old version that coexists. */
  retireMigration(id: string, options?: RequestOptions): Promise<Migration>;
  setMigrationDates(
    id: string,
    request: MigrationDatesRequest,
    options?: RequestOptions,
  ): Promise<Migration>;
  /** The consumers of a migration, who stands in the way first. */
  getBoard(
    id: string,
    request?: BoardRequest,
    options?: RequestOptions,
  ): Promise<Board>;
  /** The same as CSV (RFC 4180), all pages. */
  getBoardCsv(
    id: string,
    request?: Omit<BoardRequest, 'cursor' | 'limit'>,
    options?: RequestOptions,
  ): Promise<string>;
  /** Whom an override of the migration would break now. */
  getBlockers(id: string, options?: RequestOptions): Promise<BlockersResponse>;
  listDeliveries(
    request?: ListDeliveriesRequest,
    options?: RequestOptions,
  ): Promise<Page<Delivery>>;
  redeliver(id: string, options?: RequestOptions): Promise<Delivery>;
  /** The public keys that callbacks are signed with. */
  getWebhookKeys(options?: RequestOptions): Promise<{ keys: WebhookKey[] }>;
  /**
   * The secrets that callbacks to a consumer are signed with, the newest first;
   * for its owners.
   */
  getWebhookSecrets(
    consumerRef: string,
    options?: RequestOptions,
  ): Promise<{ secrets: string[] }>;
  /**
   * Replaces them and gives the new ones; those before sign for another day. For the
   * consumer's owners.
   */
  replaceWebhookSecrets(
    consumerRef: string,
    options?: RequestOptions,
  ): Promise<{ secrets: string[] }>;
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
