import { ResponseError } from '@backstage/errors';
import {
  AcceptedChange,
  BlockersResponse,
  Board,
  BoardRequest,
  Campaign,
  campaignActions,
  CampaignsApi,
  ComingVersion,
  ConsumedDataset,
  ConsumerVerdict,
  DatasetMigrationsApi,
  DatasetsResponse,
  DatasetSummary,
  Migration,
  Page,
  QueueStatus,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  campaignDatasets,
  failureGroups,
  finishedCampaign,
  pausedCampaign,
  plannedCampaign,
  queueHistory,
  runningCampaign,
} from './campaigns';
import { flightConsumers } from './consumers';
import {
  FLIGHTS,
  flightsDataset,
  flightsPlan,
  flightsPreview,
} from './flights';
import {
  ago,
  blockedMigration,
  failedMigration,
  campaignDeliveries,
  flightDeliveries,
  flightEvents,
  flightsMigration,
  succeededMigration,
} from './migrations';
import { flightReach } from './reach';

/**
 * The error that the client throws for an answer that is not 2xx.
 *
 * @param further - what else the backend tells of it
 */
export async function responseError(
  status: number,
  name: string,
  message: string,
  further: Record<string, unknown> = {},
): Promise<ResponseError> {
  const body = {
    error: { name, message, ...further },
    response: { statusCode: status },
  };
  return ResponseError.fromResponse({
    ok: false,
    status,
    statusText: name,
    headers: new Headers({ 'content-type': 'application/json' }),
    text: async () => JSON.stringify(body),
    json: async () => body,
  } as Response);
}

export const idleQueue: QueueStatus = {
  depth: 0,
  eligibleBacklog: 0,
  oldestAgeSeconds: 0,
  running: 1,
  failed: 0,
  workersAlive: 2,
  workers: [1, 2].map(id => ({
    id: `worker-${id}`,
    hostname: 'portal',
    pid: 4000 + id,
    slots: 4,
    running: id - 1,
    state: 'working' as const,
    engines: ['duckdb', 'postgres'],
    startedAt: ago(7_200),
    lastSeenAt: ago(1),
  })),
};

/** A page of a list by a cursor that is an offset. */
export function pageOf<T>(
  all: T[],
  request: { cursor?: string; limit?: number } = {},
): Page<T> {
  const offset = Number(request.cursor ?? 0);
  const end = offset + (request.limit ?? 50);
  return {
    items: all.slice(offset, end),
    nextCursor: end < all.length ? String(end) : undefined,
    totalItems: all.length,
  };
}

/** Datasets of many owners, some with a next version, some active, some with problems. */
export function manyDatasets(count: number): DatasetSummary[] {
  return Array.from({ length: count }, (_, index) => {
    const { contracts: _contracts, ...summary } = flightsDataset();
    const name = `dataset-${String(index).padStart(4, '0')}`;
    const upgradable = index % 3 === 0;
    return {
      ...summary,
      entityRef: `resource:default/${name}`,
      title: name,
      owner: `group:default/team-${index % 40}`,
      engine: index % 2 === 0 ? 'postgres' : 'duckdb',
      nextVersion: upgradable ? '2.0.0' : undefined,
      consumerCount: (index * 37) % 1_900,
      activeMigration:
        index % 9 === 0
          ? { id: '01jdq7f3', state: 'running', stage: 'transform' }
          : undefined,
      problems:
        index % 7 === 1
          ? [
              {
                path: 'spec.contracts[1].version',
                message: 'is missing',
              },
            ]
          : [],
    };
  });
}

/** A page of datasets, and the engines of a backend that has two. */
export function datasetsOf(
  all: DatasetSummary[],
  request: { cursor?: string; limit?: number } = {},
): DatasetsResponse {
  return { ...pageOf(all, request), engines: ['duckdb', 'postgres'] };
}

const fixtures: Migration[] = [
  flightsMigration(),
  blockedMigration(),
  succeededMigration(),
  failedMigration(),
];

const campaigns: Campaign[] = [
  runningCampaign(),
  plannedCampaign(),
  pausedCampaign(),
  finishedCampaign(),
];

/** The routes of campaigns out of fixtures; what a test is about it overrides. */
export function fakeCampaigns(
  overrides: Partial<CampaignsApi> = {},
): CampaignsApi {
  const find = async (id: string) => {
    const campaign = campaigns.find(item => item.id === id);
    if (!campaign) {
      throw await responseError(404, 'NotFoundError', `No campaign '${id}'`);
    }
    return campaign;
  };
  return {
    create: async request =>
      plannedCampaign({
        title: request.title,
        state: 'planning',
        actions: ['cancel'],
      }),
    list: async request =>
      pageOf(
        campaigns.filter(
          item => !request?.state || request.state.includes(item.state),
        ),
        request,
      ),
    get: find,
    listDatasets: async (_, request) =>
      pageOf(
        campaignDatasets(30).filter(
          item =>
            (!request?.state || request.state.includes(item.state)) &&
            item.datasetRef.includes(request?.search ?? ''),
        ),
        request,
      ),
    getDatasetsCsv: async () => 'dataset,state\r\n',
    act: async (id, action) => ({
      ...(await find(id)),
      state: campaignActions[action].to,
      actions: [],
    }),
    ...overrides,
  };
}

/** What the delay dashboard reads. */
export function consumedFlights(
  overrides: Partial<ConsumedDataset> = {},
): ConsumedDataset {
  return {
    dataset: flightsDataset(),
    constraint: '^1.0.0',
    fields: ['date', 'delay'],
    coming: [comingFlights()],
    mayAcknowledge: true,
    ...overrides,
  };
}

/** What 2.0.0 means for it. */
export function comingFlights(
  overrides: Partial<ComingVersion> = {},
): ComingVersion {
  return {
    version: '2.0.0',
    fromVersion: '1.0.0',
    verdict: flightConsumers[0],
    concerns: ['`delay` renamed to `arrival_delay` (breaking)'],
    concernsId: 'delay-renamed',
    declaration: `spec:
  consumesDatasets:
    - dataset: resource:default/flights
      version: ^1.0.0 || ^2.0.0
      fields: [date, arrival_delay]`,
    ...overrides,
  };
}

/** What was accepted of the way to 2.0.0. */
export function acceptedChange(
  overrides: Partial<AcceptedChange> = {},
): AcceptedChange {
  return {
    id: 'accepted-1',
    datasetRef: FLIGHTS,
    fromVersion: '1.0.0',
    toVersion: '2.0.0',
    rule: 'field-renamed',
    field: 'delay',
    summary: 'renamed to `arrival_delay`',
    effect: 'breaking',
    reason: 'it reads by position',
    by: 'user:default/amelia',
    at: ago(60),
    ...overrides,
  };
}

/** Whom an override breaks, under a name that any other list would not have. */
export function blockersOf(items: ConsumerVerdict[]): BlockersResponse {
  const refs = items.map(({ consumer }) => consumer.entityRef);
  return { items, concernsId: `loses:${refs.join()}` };
}

/** A page of a board, by a cursor that is an offset. */
export function boardOf(
  consumers: ConsumerVerdict[],
  request: BoardRequest = {},
): Board {
  const counts = { ready: 0, breaks: 0, unknown: 0 };
  for (const { verdict } of consumers) {
    counts[verdict] += 1;
  }
  const matching = consumers.filter(
    ({ verdict, answer, consumer }) =>
      (request.verdict?.includes(verdict) ?? true) &&
      (request.answer?.includes(answer?.kind ?? 'none') ?? true) &&
      consumer.entityRef.includes(request.search ?? ''),
  );
  return {
    ...pageOf(matching, request),
    items: pageOf(matching, request).items.map(item => ({
      ...item,
      asked: item.blocking ? ('adapt' as const) : ('nothing' as const),
      until: item.blocking ? '2026-12-24T23:59:59Z' : undefined,
      overridden: false,
    })),
    counts,
    blockingCount: consumers.filter(({ blocking }) => blocking).length,
    current: false,
  };
}

/**
 * A backend out of fixtures. Typed, so that it cannot drift from the API; what
 * a test is about it overrides.
 */
export function fakeApi(
  overrides: Partial<DatasetMigrationsApi> = {},
): DatasetMigrationsApi {
  const find = async (id: string) => {
    const migration = fixtures.find(item => item.id === id);
    if (!migration) {
      throw await responseError(404, 'NotFoundError', `No migration '${id}'`);
    }
    return migration;
  };
  const counts = (verdict: Verdict) =>
    flightConsumers.filter(item => item.verdict === verdict).length;
  return {
    listDatasets: async request => datasetsOf(manyDatasets(3), request),
    getDataset: async () => flightsDataset(),
    getConsumers: async (_, request) => ({
      fromVersion: '1.0.0',
      targetVersion: request?.targetVersion ?? '2.0.0',
      items: flightConsumers.slice(0, request?.limit),
      counts: {
        ready: counts('ready'),
        breaks: counts('breaks'),
        unknown: counts('unknown'),
      },
    }),
    getReach: async (_, request) => ({
      ...flightReach,
      targetVersion: request?.targetVersion ?? '2.0.0',
    }),
    getSubscription: async () => ({ following: false, available: true }),
    setSubscription: async (_, { following }) => ({
      following,
      available: true,
    }),
    plan: async (_, { targetVersion }) =>
      flightsPlan({ toVersion: targetVersion }),
    listAcceptedChanges: async () => ({ items: [], totalItems: 0 }),
    acceptChange: async (datasetRef, request) =>
      acceptedChange({ datasetRef, ...request }),
    withdrawAcceptedChange: async (datasetRef, id) =>
      acceptedChange({
        datasetRef,
        id,
        withdrawnBy: 'user:default/amelia',
        withdrawnAt: ago(0),
      }),
    preview: async () => flightsPreview,
    startPreflight: async () => ({ id: 'p1', state: 'queued', findings: [] }),
    getPreflight: async (_, id) => ({
      id,
      state: 'done',
      rowsScanned: 3_000_000,
      findings: [],
    }),
    getConsumedDatasets: async () => ({ items: [consumedFlights()] }),
    acknowledge: async (_, { version, answer, date, reason }) =>
      consumedFlights({
        coming: [
          comingFlights({
            version,
            verdict: {
              ...flightConsumers[0],
              ...(answer !== 'withdrawn' && {
                answer: {
                  kind: answer,
                  date,
                  reason,
                  by: 'user:default/bessie',
                  at: ago(0),
                },
              }),
            },
          }),
        ],
      }),
    startMigration: async request =>
      flightsMigration({
        state: 'queued',
        stage: undefined,
        ...request,
        toVersion: request.targetVersion,
      }),
    listMigrations: async request =>
      pageOf(
        fixtures.filter(
          item => !request?.state || request.state.includes(item.state),
        ),
        request,
      ),
    getMigration: find,
    listMigrationEvents: async (id, request) => {
      const events = flightEvents(id === blockedMigration().id ? 0 : 12).slice(
        Number(request?.cursor ?? 0),
      );
      return {
        items: events,
        nextCursor: String(Number(request?.cursor ?? 0) + events.length),
      };
    },
    cancelMigration: async id => ({
      ...(await find(id)),
      state: 'cancelling',
      actions: [],
    }),
    retryMigration: async id => ({
      ...(await find(id)),
      state: 'queued',
      actions: ['cancel'],
    }),
    overrideMigration: async (id, { reason }) => ({
      ...(await find(id)),
      state: 'queued',
      override: {
        by: 'user:default/amelia',
        reason,
        at: ago(0),
        covers: [],
      },
      actions: ['cancel'],
    }),
    coexistMigration: async id => ({
      ...(await find(id)),
      state: 'queued',
      policy: 'coexist',
      actions: ['cancel'],
    }),
    rollbackMigration: async id => ({
      ...(await find(id)),
      state: 'rolling-back',
      stage: 'rollback',
      actions: [],
    }),
    retireMigration: async id => ({
      ...(await find(id)),
      oldVersionState: 'retired',
      actions: [],
    }),
    setMigrationDates: async (id, { deadline, retirement }) => ({
      ...(await find(id)),
      deadline: deadline ?? undefined,
      retirement: retirement ?? undefined,
    }),
    getBoard: async (_, request) => boardOf(flightConsumers, request),
    getBoardCsv: async () => 'consumer,verdict\r\n',
    getBlockers: async () =>
      blockersOf(flightConsumers.filter(({ blocking }) => blocking)),
    listDeliveries: async request =>
      pageOf(
        [...flightDeliveries, ...campaignDeliveries].filter(
          item =>
            item.migrationId === request?.migrationId &&
            item.campaignId === request?.campaignId,
        ),
        request,
      ),
    redeliver: async id => ({
      ...flightDeliveries.find(item => item.id === id)!,
      state: 'pending',
    }),
    getWebhookKeys: async () => ({ keys: [] }),
    getWebhookSecrets: async () => ({ secrets: [] }),
    replaceWebhookSecrets: async () => ({ secrets: [] }),
    getQueueStatus: async () => idleQueue,
    getQueueHistory: async request => ({
      items: queueHistory(60, request?.hours),
    }),
    listFailures: async () => ({ items: failureGroups }),
    campaigns: fakeCampaigns(),
    ...overrides,
  };
}
