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
import { MigrationRecord } from '../database/MigrationRecord';
import { listEvents } from '../database/operations/events/listEvents';
import { getMigration } from '../database/operations/migrations/getMigration';
import { listMigrations } from '../database/operations/migrations/listMigrations';
import { listStages } from '../database/operations/stages/listStages';
import { DatasetScope } from '../permissions/filterDatasets';
import { Initiator } from '../permissions/initiators';
import { cancelMigration } from './actions/cancel';
import { coexistMigration } from './actions/coexist';
import {
  listBlockers,
  overrideMigration,
  OverrideDependencies,
} from './actions/override';
import { retireMigration } from './actions/retire';
import { retryMigration } from './actions/retry';
import { rollbackMigration } from './actions/rollback';
import { setMigrationDates } from './actions/setDates';
import { startMigration } from './actions/start';
import { MigrationService } from './MigrationService';
import { toApi, toApiSummary } from './toApi';

/** The actions and lists, as the API shows what they give. */
export class DatabaseMigrationService implements MigrationService {
  constructor(private readonly deps: OverrideDependencies) {}

  async start(options: {
    request: StartMigrationRequest;
    initiator: Initiator;
    idempotencyKey?: string;
  }): Promise<Migration> {
    return this.show(await startMigration(this.deps, options));
  }

  async get(id: string): Promise<Migration> {
    return this.show(await getMigration(this.deps.knex, id));
  }

  async list(
    request: ListMigrationsRequest,
    scope: DatasetScope,
  ): Promise<Page<MigrationSummary>> {
    const page = await listMigrations(this.deps.knex, request, scope);
    return { ...page, items: page.items.map(toApiSummary) };
  }

  async events(
    id: string,
    request: { cursor?: string; limit?: number },
  ): Promise<{ items: MigrationEvent[]; nextCursor: string }> {
    await getMigration(this.deps.knex, id);
    return listEvents(this.deps.knex, id, request);
  }

  async cancel(id: string, by: Initiator): Promise<Migration> {
    return this.show(await cancelMigration(this.deps, id, by));
  }

  async retry(id: string, by: Initiator): Promise<Migration> {
    return this.show(await retryMigration(this.deps, id, by));
  }

  async override(
    id: string,
    options: { by: Initiator } & OverrideRequest,
  ): Promise<Migration> {
    return this.show(await overrideMigration(this.deps, id, options));
  }

  blockers(id: string): Promise<BlockersResponse> {
    return listBlockers(this.deps, id);
  }

  async setDates(
    id: string,
    options: { by: Initiator } & MigrationDatesRequest,
  ): Promise<Migration> {
    return this.show(await setMigrationDates(this.deps, id, options));
  }

  async coexist(id: string, by: Initiator): Promise<Migration> {
    return this.show(await coexistMigration(this.deps, id, by));
  }

  async rollback(id: string, by: Initiator): Promise<Migration> {
    return this.show(await rollbackMigration(this.deps, id, by));
  }

  async retire(id: string, by: Initiator): Promise<Migration> {
    return this.show(await retireMigration(this.deps, id, by));
  }

  private async show(record: MigrationRecord): Promise<Migration> {
    return toApi(record, await listStages(this.deps.knex, record.id));
  }
}
