import { InputError } from '@backstage/errors';
import { ListMigrationsRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { fromMigrationRow, MigrationRecord } from '../../MigrationRecord';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/**
 * A page of migrations, newest first, by keyset: a row that comes meanwhile
 * moves no other to another page.
 *
 * @throws InputError for a cursor that no earlier page gave
 */
export async function listMigrations(
  knex: Knex,
  request: ListMigrationsRequest,
): Promise<{
  items: MigrationRecord[];
  nextCursor?: string;
  totalItems: number;
}> {
  const limit = Math.min(
    Math.max(Math.trunc(request.limit ?? DEFAULT_LIMIT), 1),
    MAX_LIMIT,
  );
  const matching = knex('migrations').where(filter => {
    if (request.datasetRef !== undefined) {
      filter.where('dataset_ref', request.datasetRef);
    }
    if (request.startedBy !== undefined) {
      filter.where('started_by', request.startedBy);
    }
    if (request.state?.length) {
      filter.whereIn('state', request.state);
    }
  });

  const page = matching
    .clone()
    // Milliseconds would lose the digits that tell two rows apart.
    .select('*', knex.raw('created_at::text AS position'))
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit + 1);
  if (request.cursor !== undefined) {
    const { createdAt, id } = parseCursor(request.cursor);
    page.whereRaw('(created_at, id) < (?::timestamptz, ?::uuid)', [
      createdAt,
      id,
    ]);
  }

  const [rows, [{ count }]] = await Promise.all([
    page,
    matching.clone().count({ count: '*' }),
  ]);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(fromMigrationRow),
    nextCursor: last && formatCursor(last.position, last.id),
    totalItems: Number(count),
  };
}

function formatCursor(createdAt: string, id: string): string {
  return Buffer.from(`${createdAt}|${id}`).toString('base64url');
}

function parseCursor(cursor: string): { createdAt: string; id: string } {
  const match =
    /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?[+-][\d:]+)\|([0-9a-f-]{36})$/.exec(
      Buffer.from(cursor, 'base64url').toString(),
    );
  if (!match) {
    throw new InputError(`'${cursor}' is not a cursor of this list`);
  }
  return { createdAt: match[1], id: match[2] };
}
