import { LoggerService } from '@backstage/backend-plugin-api';
import { CatalogFilter } from '@skein/backstage-plugin-dataset-migrations-common';
import { ActionDependencies } from '../migrations/actions/dependencies';
import { MigrationService } from '../migrations/MigrationService';
import { Outbox } from '../notifications/types';
import { Initiator } from '../permissions/initiators';
import { Planner } from '../planning/Planner';
import { Fleet } from '../telemetry/Workers';
import { CampaignSettings } from './settings';
import { CampaignRecord } from './types';

/** Whether somebody may still migrate a dataset. */
export type MayMigrate = (datasetRef: string) => Promise<boolean>;

/** What campaigns work with. */
export interface CampaignDependencies extends ActionDependencies {
  logger: LoggerService;
  settings: CampaignSettings;
  migrations: MigrationService;
  planner: Planner;
  /** Refs of the datasets of the catalog that match one of the filters. */
  findDatasets(filters: CatalogFilter[]): Promise<string[]>;
  /** Asks once who they are now, for many datasets. */
  judgeInitiator(initiator: Initiator): Promise<MayMigrate>;
  /** Engines whose storage this process reaches. */
  availableEngines(): string[];
  /** Jobs that this process runs at a time; 0 where it answers requests alone. */
  slots: number;
  /** What the workers alive can take. */
  fleet(): Promise<Fleet>;
  outbox: Pick<Outbox, 'announceCampaign'>;
  /**
   * Tells who created it that it came to an end or a halt. Never rejects, and is not
   * waited for: whoever does not answer keeps no campaign.
   */
  tellCreator(campaign: CampaignRecord): Promise<void>;
}
