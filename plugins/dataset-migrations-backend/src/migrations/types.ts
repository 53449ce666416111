import { About } from '../permissions/DatasetAuthorizer';
import { Initiator } from '../permissions/initiators';

/**
 * Asks anew whether somebody may migrate a dataset; called outside a request,
 * so without their token.
 */
export type MayStillMigrate = (
  initiator: Initiator,
  datasetRef: string,
  about?: About,
) => Promise<boolean>;

/** Called after every commit that a viewer of the migration would notice. */
export type MigrationListener = (migration: {
  migrationId: string;
  datasetRef: string;
  /** The campaign that started it, where it begins or its stages go on. */
  campaignId?: string;
}) => void;
