import { InputError } from '@backstage/errors';
import { MigrationEvent } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/**
 * The log of a migration, oldest first.
 *
 * @throws InputError for a cursor that no earlier page gave
 */
export async function listEvents(
  knex: Knex,
  migrationId: string,
  request: { cursor?: string; limit?: number },
): Promise<{ items: MigrationEvent[]; nextCursor: string }> {
  const cursor = request.cursor ?? '0';
  if (!/^\d{1,18}$/.test(cursor)) {
    throw new InputError(`'${cursor}' is not a cursor of this log`);
  }
  const rows = await knex('migration_events')
    .where({ migration_id: migrationId })
    .where('id', '>', cursor)
    .orderBy('id')
    .limit(
      Math.min(
        Math.max(Math.trunc(request.limit ?? DEFAULT_LIMIT), 1),
        MAX_LIMIT,
      ),
    );
  return {
    items: rows.map(row => ({
      id: String(row.id),
      at: row.at.toISOString(),
      level: row.level,
      stage: row.stage ?? undefined,
      message: row.message,
      data: row.data ?? undefined,
    })),
    nextCursor: rows.length ? String(rows[rows.length - 1].id) : cursor,
  };
}
