import { JsonObject } from '@backstage/types';

/**
 * Who started a migration, kept with it so that the pipeline can ask hours
 * later whether they still may.
 */
export interface Initiator {
  /** Entity ref of the user, or the subject of the service. */
  ref: string;
  kind: 'user' | 'service';
  /** What the check needs besides; never a token or another secret. */
  detail?: JsonObject;
}

/**
 * Asks anew whether somebody may migrate a dataset; called outside a request,
 * so without their token.
 */
export type MayStillMigrate = (
  initiator: Initiator,
  datasetRef: string,
) => Promise<boolean>;

/** Called after every commit that a viewer of the migration would notice. */
export type MigrationListener = (migration: {
  migrationId: string;
  datasetRef: string;
}) => void;
