import { Verdict } from '../compatibility/types';
import { Policy } from '../plan/types';

/**
 * - `planning`: the datasets are selected and planned, the dry run
 * - `planned`: the dry run is done; a person starts it
 * - `running`: migrations are started, or waited for
 * - `paused`: no more are started; those that run go on
 * - `cancelling`, `cancelled`: those that run are cancelled too
 * - `finished`: nothing is left that could go on
 * - `failed`: the datasets could not be selected
 *
 * @public
 */
export type CampaignState =
  | 'planning'
  | 'planned'
  | 'running'
  | 'paused'
  | 'cancelling'
  | 'cancelled'
  | 'finished'
  | 'failed';

/**
 * How far a campaign is with one of its datasets.
 *
 * - `pending`: not planned yet
 * - `excluded`: the dry run says that it cannot be migrated, and why
 * - `waiting`: for its turn
 * - `active`: its migration is queued or runs
 * - `blocked`: its migration waits until its consumers are ready
 * - `skipped`: a dataset that it depends on did not succeed
 *
 * @public
 */
export type CampaignDatasetState =
  | 'pending'
  | 'excluded'
  | 'waiting'
  | 'active'
  | 'blocked'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'skipped';

/**
 * What a person may do with a campaign.
 *
 * @public
 */
export type CampaignAction =
  | 'start'
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'retry-failed';

/**
 * Which datasets a campaign is about: exactly one of the three.
 *
 * @public
 */
export interface CampaignSelection {
  /** Entity refs. */
  datasets?: string[];
  /**
   * A filter of the catalog, as its API takes it: all keys must match, each one
   * of its values; of several filters, one. `{ 'spec.owner': 'group:default/a' }`.
   */
  filter?: CatalogFilter | CatalogFilter[];
  /** The filters of `GET /datasets`. */
  query?: {
    search?: string;
    owner?: string;
    engine?: string;
    status?: 'upgradable';
  };
}

/** @public */
export type CatalogFilter = Record<string, string | string[]>;

/** @public */
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/**
 * A time of the week in which migrations may start. What runs when it closes
 * goes on.
 *
 * @public
 */
export interface TimeWindow {
  /** All days when absent. A window over midnight belongs to the day on which it opens. */
  days?: Weekday[];
  /** `HH:MM`, 24 hours. */
  from: string;
  /** `HH:MM`; before or at `from` means on the next day. */
  to: string;
  /** IANA name: `Europe/Berlin`. */
  timeZone: string;
}

/** How much of a campaign runs at a time. @public */
export interface CampaignLimits {
  /** Migrations started in one go. */
  batchSize: number;
  /** Migrations that are queued or run at a time. */
  maxInFlight: number;
  /** Absent for no limit, as with the others below. */
  startsPerMinute?: number;
  /** At a time for one connection of an engine. */
  maxInFlightPerConnection?: number;
  /** At a time for datasets of one owner. */
  maxInFlightPerOwner?: number;
}

/**
 * Share by share: a wave begins when all of the one before have ended, and not
 * more than the allowed share of them failed.
 *
 * @public
 */
export interface CampaignWaves {
  /** Datasets of the first wave. */
  canary: number;
  /** How much is done after each wave that follows, rising: `[0.1, 0.5, 1]`. */
  shares: number[];
  /** From 0 to 1; a wave with more failures pauses the campaign. */
  maxFailureRate: number;
}

/** When a campaign pauses by itself; whichever is reached first. @public */
export interface CampaignStopRule {
  failures?: number;
  /** From 0 to 1, of the migrations that ended, once 20 have. */
  failureRate?: number;
}

/** `POST /campaigns`. @public */
export interface CreateCampaignRequest {
  title: string;
  description?: string;
  selection: CampaignSelection;
  /**
   * A range of versions, of which each dataset gets the highest that it has a
   * contract for: `2.x`. Default: the next version of each dataset.
   */
  targetVersion?: string;
  /**
   * `proposed` takes what the plan of each dataset proposes: `coexist` where a
   * consumer would break. Default: `switch`.
   */
  policy?: Policy | 'proposed';
  /** Defaults: batches of 100, 1000 in flight. */
  limits?: Partial<CampaignLimits>;
  waves?: CampaignWaves;
  /** Default: at any time. The owners' own windows hold besides. */
  windows?: TimeWindow[];
  stop?: CampaignStopRule;
  /** Cancels a migration that takes longer, in minutes; it counts as failed. */
  timeoutMinutes?: number;
  /** Goes on by itself after the dry run. Default: false. */
  autoStart?: boolean;
}

/** A row of `GET /campaigns`. @public */
export interface CampaignSummary {
  id: string;
  title: string;
  state: CampaignState;
  /** Why it is paused, or failed. */
  reason?: string;
  /** Entity ref of who created it. */
  createdBy: string;
  createdAt: string;
  startedAt?: string;
  finishedAt?: string;
  /** Datasets that were selected. */
  total: number;
  counts: Record<CampaignDatasetState, number>;
  /** The wave that runs, from 1; absent without waves. */
  wave?: { current: number; count: number };
  /** Migrations that ended in the last five minutes, per minute. */
  endedPerMinute?: number;
  /** Until nothing is waiting or active, at that pace. */
  secondsLeft?: number;
  /** When it may start migrations again; absent while it may. */
  opensAt?: string;
}

/** `GET /campaigns/:id`. @public */
export interface Campaign extends CampaignSummary {
  description?: string;
  selection: CampaignSelection;
  targetVersion?: string;
  policy: Policy | 'proposed';
  limits: CampaignLimits;
  waves?: CampaignWaves;
  windows: TimeWindow[];
  stop?: CampaignStopRule;
  timeoutMinutes?: number;
  autoStart: boolean;
  /** Of the dry run, over the datasets that can be migrated. */
  dryRun?: CampaignDryRun;
  /** What the caller may do now. */
  actions: CampaignAction[];
  /** What happened to it, newest first, the last 50. */
  events: CampaignEvent[];
}

/** What the dry run says of all datasets together. @public */
export interface CampaignDryRun {
  /** Datasets of which somebody would break. */
  breaking: number;
  verdicts: Record<Verdict, number>;
  metadataOnly: number;
  /** Rows and bytes to copy, as far as the engines know. */
  rows: number;
  bytes: number;
  /** Cycles among the datasets, each as the refs along it. */
  cycles: string[][];
}

/** @public */
export interface CampaignEvent {
  at: string;
  level: 'info' | 'warn' | 'error';
  message: string;
}

/** A row of `GET /campaigns/:id/datasets`, and of its CSV. @public */
export interface CampaignDataset {
  datasetRef: string;
  title: string;
  owner?: string;
  engine?: string;
  state: CampaignDatasetState;
  /** Why it is excluded, skipped, blocked, failed, or what it waits for. */
  reason?: string;
  /** From 1; absent without waves. */
  wave?: number;
  /** Longest way from a dataset that depends on no other of the campaign. */
  level: number;
  fromVersion?: string;
  toVersion?: string;
  policy?: Policy;
  changes?: number;
  breaking?: boolean;
  strategy?: 'metadata-only' | 'shadow-copy';
  rows?: number;
  bytes?: number;
  verdicts?: Record<Verdict, number>;
  /** Entity refs of consumers that would break or are not known, at most 20. */
  blockedBy: string[];
  /** Datasets of the campaign that go first. */
  upstreams: string[];
  migrationId?: string;
  startedAt?: string;
  finishedAt?: string;
}

/** Filters of `GET /campaigns`. @public */
export interface ListCampaignsRequest {
  state?: CampaignState[];
  cursor?: string;
  limit?: number;
}

/** Filters of `GET /campaigns/:id/datasets`. @public */
export interface ListCampaignDatasetsRequest {
  state?: CampaignDatasetState[];
  /** Part of the entity ref. */
  search?: string;
  owner?: string;
  cursor?: string;
  limit?: number;
}

/**
 * Failed or blocked migrations with the same cause: `GET /failures`.
 *
 * @public
 */
export interface FailureGroup {
  state: 'failed' | 'blocked';
  /** Stage in which it happened. */
  stage?: string;
  /** `name` of the error. */
  name: string;
  /** The message, with names and numbers replaced by `…`. */
  cause: string;
  count: number;
  /** The latest of them, at most five. */
  latest: Array<{ migrationId: string; datasetRef: string; message: string }>;
}
