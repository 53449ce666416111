import {
  Campaign,
  CampaignDatasetState,
  CampaignDryRun,
  CampaignLimits,
  CampaignState,
  CreateCampaignRequest,
  Policy,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Initiator } from '../permissions/initiators';

/** A request with all its defaults. */
export type CampaignRequest = Omit<
  CreateCampaignRequest,
  'limits' | 'policy' | 'windows' | 'autoStart'
> &
  Pick<Campaign, 'policy' | 'windows' | 'autoStart'> & {
    limits: CampaignLimits;
  };

/** Failures and waves that a person let through by resuming. */
export interface Accepted {
  failed: number;
  ended: number;
  wave: number;
}

/** A row of `campaigns`. */
export interface CampaignRecord {
  id: string;
  title: string;
  description?: string;
  state: CampaignState;
  reason?: string;
  createdBy: string;
  initiator: Initiator;
  request: CampaignRequest;
  total: number;
  selectedAt?: Date;
  dryRun?: CampaignDryRun;
  currentWave: number;
  accepted?: Accepted;
  dispatchable: number;
  /** Whether it was told that only blocked datasets are left. */
  toldBlocked: boolean;
  opensAt?: Date;
  createdAt: Date;
  startedAt?: Date;
  finishedAt?: Date;
  /** How often owners were told of it: it may be retried, and end again. */
  timesTold: number;
}

/** What the dry run says of one dataset. */
export interface PlannedDataset {
  fromVersion: string;
  toVersion: string;
  policy: Policy;
  changes: number;
  breaking: boolean;
  strategy: 'metadata-only' | 'shadow-copy';
  rows?: number;
  bytes?: number;
  verdicts: Record<Verdict, number>;
  /** At most 20. */
  blockedBy: string[];
}

/** A row of `campaign_datasets`, with what goes before it. */
export interface CampaignDatasetRecord {
  datasetRef: string;
  position: number;
  level: number;
  wave?: number;
  state: CampaignDatasetState;
  reason?: string;
  title?: string;
  owner?: string;
  engine?: string;
  connection?: string;
  planned?: PlannedDataset;
  migrationId?: string;
  startedAt?: Date;
  finishedAt?: Date;
}
