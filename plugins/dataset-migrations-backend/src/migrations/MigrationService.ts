import {
  BlockersResponse,
  ListMigrationsRequest,
  Migration,
  MigrationDatesRequest,
  MigrationEvent,
  MigrationSummary,
  OverrideRequest,
  Page,
  StartMigrationRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { DatasetScope } from '../permissions/filterDatasets';
import { Initiator } from '../permissions/initiators';

/** What the API does with migrations; permissions are the caller's to check. */
export interface MigrationService {
  /**
   * Writes the migration and its first job in one transaction.
   * @param options.idempotencyKey - of this initiator: the same key with the
   *   same request gives the same migration
   * @throws NotFoundError for an unknown dataset or version; InputError when
   *   no plan can be made; ConflictError when another migration is active, the
   *   dataset is at another version than expected, an old version still
   *   coexists, or the key was used for another request
   */
  start(options: {
    request: StartMigrationRequest;
    initiator: Initiator;
    idempotencyKey?: string;
  }): Promise<Migration>;
  /**
   * Whom an override would break now; nobody where all is over.
   * @throws NotFoundError
   */
  blockers(id: string): Promise<BlockersResponse>;
  /** @throws NotFoundError */
  get(id: string): Promise<Migration>;
  /**
   * @param scope - the datasets that the caller may see; see `whereDatasetInScope`
   * @throws InputError for a cursor that is none
   */
  list(
    request: ListMigrationsRequest,
    scope: DatasetScope,
  ): Promise<Page<MigrationSummary>>;
  /** Oldest first. `nextCursor` is always there, for what comes later. */
  events(
    id: string,
    request: { cursor?: string; limit?: number },
  ): Promise<{ items: MigrationEvent[]; nextCursor: string }>;
  /** All of these throw ConflictError when the state does not allow it. */
  cancel(id: string, by: Initiator): Promise<Migration>;
  retry(id: string, by: Initiator): Promise<Migration>;
  override(
    id: string,
    options: { by: Initiator } & OverrideRequest,
  ): Promise<Migration>;
  /**
   * Until when consumers are asked to be ready, and from when on the old version
   * may retire.
   * @throws InputError for a date that is past or none
   */
  setDates(
    id: string,
    options: { by: Initiator } & MigrationDatesRequest,
  ): Promise<Migration>;
  coexist(id: string, by: Initiator): Promise<Migration>;
  rollback(id: string, by: Initiator): Promise<Migration>;
  retire(id: string, by: Initiator): Promise<Migration>;
}
