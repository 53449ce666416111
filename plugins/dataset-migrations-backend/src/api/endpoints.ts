import {
  AcceptChangeRequest,
  AcceptedChange,
  AcknowledgeRequest,
  BlockersResponse,
  Board,
  BoardRequest,
  Campaign,
  CampaignDataset,
  CampaignSummary,
  ConsumedDataset,
  ConsumersResponse,
  CreateCampaignRequest,
  Dataset,
  DatasetsResponse,
  Delivery,
  FailureGroup,
  LineageResponse,
  ListAcceptedChangesRequest,
  ListCampaignDatasetsRequest,
  ListCampaignsRequest,
  ListDatasetsRequest,
  ListDeliveriesRequest,
  ListMigrationsRequest,
  Migration,
  MigrationDatesRequest,
  MigrationEvent,
  MigrationSummary,
  OverrideRequest,
  Page,
  PlanRequest,
  PlanResponse,
  PreflightReport,
  PreviewResponse,
  QueueHistoryRequest,
  QueueSample,
  QueueStatus,
  ReachResponse,
  StartMigrationRequest,
  Subscription,
  WebhookKey,
} from '@skein/backstage-plugin-dataset-migrations-common';

type EntityPath = { kind: string; namespace: string; name: string };
type IdPath = { id: string };
type Target = { targetVersion: string };
type Change<TBody extends object = {}> = {
  path: IdPath;
  body: TBody;
  response: Migration;
};

type CampaignChange = { path: IdPath; body: {}; response: Campaign };

/**
 * The routes of `openapi.yaml` in the types of the common package, so that
 * handlers and client speak of the same things.
 */
export type Endpoints = {
  '#get|/datasets': {
    query: ListDatasetsRequest;
    response: DatasetsResponse;
  };
  '#get|/datasets/{kind}/{namespace}/{name}': {
    path: EntityPath;
    response: Dataset;
  };
  '#get|/datasets/{kind}/{namespace}/{name}/consumers': {
    path: EntityPath;
    query: Partial<Target> & { limit?: number };
    response: ConsumersResponse;
  };
  '#get|/datasets/{kind}/{namespace}/{name}/accepted-changes': {
    path: EntityPath;
    query: ListAcceptedChangesRequest;
    response: Page<AcceptedChange>;
  };
  '#post|/datasets/{kind}/{namespace}/{name}/accepted-changes': {
    path: EntityPath;
    body: AcceptChangeRequest;
    response: AcceptedChange;
  };
  '#post|/datasets/{kind}/{namespace}/{name}/accepted-changes/{id}/withdraw': {
    path: EntityPath & IdPath;
    body: {};
    response: AcceptedChange;
  };
  '#get|/datasets/{kind}/{namespace}/{name}/reach': {
    path: EntityPath;
    query: Partial<Target>;
    response: ReachResponse;
  };
  '#get|/datasets/{kind}/{namespace}/{name}/subscription': {
    path: EntityPath;
    response: Subscription;
  };
  '#post|/datasets/{kind}/{namespace}/{name}/subscription': {
    path: EntityPath;
    body: { following: boolean };
    response: Subscription;
  };
  '#post|/datasets/{kind}/{namespace}/{name}/plan': {
    path: EntityPath;
    body: PlanRequest;
    response: PlanResponse;
  };
  '#post|/datasets/{kind}/{namespace}/{name}/preview': {
    path: EntityPath;
    body: Target & { limit?: number };
    response: PreviewResponse;
  };
  '#post|/datasets/{kind}/{namespace}/{name}/preflight': {
    path: EntityPath;
    body: Target;
    response: PreflightReport;
  };
  '#get|/datasets/{kind}/{namespace}/{name}/preflight/{id}': {
    path: EntityPath & IdPath;
    response: PreflightReport;
  };
  '#post|/consumers/{kind}/{namespace}/{name}/lineage': {
    path: EntityPath;
    body: object;
    response: LineageResponse;
  };
  '#get|/consumers/{kind}/{namespace}/{name}/datasets': {
    path: EntityPath;
    response: { items: ConsumedDataset[] };
  };
  '#post|/consumers/{kind}/{namespace}/{name}/acknowledgements': {
    path: EntityPath;
    body: AcknowledgeRequest;
    response: ConsumedDataset;
  };
  '#get|/migrations': {
    query: ListMigrationsRequest;
    response: Page<MigrationSummary>;
  };
  '#post|/migrations': { body: StartMigrationRequest; response: Migration };
  '#get|/migrations/{id}': { path: IdPath; response: Migration };
  '#get|/migrations/{id}/events': {
    path: IdPath;
    query: { cursor?: string; limit?: number };
    response: { items: MigrationEvent[]; nextCursor: string };
  };
  '#post|/migrations/{id}/cancel': Change;
  '#post|/migrations/{id}/retry': Change;
  '#get|/migrations/{id}/consumers': {
    path: IdPath;
    query: BoardRequest;
    response: Board;
  };
  '#get|/migrations/{id}/consumers.csv': {
    path: IdPath;
    query: Omit<BoardRequest, 'cursor' | 'limit'>;
  };
  '#get|/migrations/{id}/blockers': {
    path: IdPath;
    response: BlockersResponse;
  };
  '#post|/migrations/{id}/dates': Change<MigrationDatesRequest>;
  '#post|/migrations/{id}/override': Change<OverrideRequest>;
  '#post|/migrations/{id}/coexist': Change;
  '#post|/migrations/{id}/rollback': Change;
  '#post|/migrations/{id}/retire': Change;
  '#get|/campaigns': {
    query: ListCampaignsRequest;
    response: Page<CampaignSummary>;
  };
  '#post|/campaigns': { body: CreateCampaignRequest; response: Campaign };
  '#get|/campaigns/{id}': { path: IdPath; response: Campaign };
  '#get|/campaigns/{id}/datasets': {
    path: IdPath;
    query: ListCampaignDatasetsRequest;
    response: Page<CampaignDataset>;
  };
  '#get|/campaigns/{id}/datasets.csv': { path: IdPath };
  '#post|/campaigns/{id}/start': CampaignChange;
  '#post|/campaigns/{id}/pause': CampaignChange;
  '#post|/campaigns/{id}/resume': CampaignChange;
  '#post|/campaigns/{id}/cancel': CampaignChange;
  '#post|/campaigns/{id}/retry-failed': CampaignChange;
  '#get|/failures': {
    query: { campaignId?: string };
    response: { items: FailureGroup[] };
  };
  '#get|/deliveries': {
    query: ListDeliveriesRequest;
    response: Page<Delivery>;
  };
  '#post|/deliveries/{id}/redeliver': { path: IdPath; response: Delivery };
  '#get|/consumers/{kind}/{namespace}/{name}/webhook-secrets': {
    path: EntityPath;
    response: { secrets: string[] };
  };
  '#post|/consumers/{kind}/{namespace}/{name}/webhook-secrets/replace': {
    path: EntityPath;
    response: { secrets: string[] };
  };
  '#get|/webhook-keys': { response: { keys: WebhookKey[] } };

  '#get|/queue': { response: QueueStatus };
  '#get|/queue/history': {
    query: QueueHistoryRequest;
    response: { items: QueueSample[] };
  };
};
