import { Page } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { decodeCursor, encodeCursor, TIMESTAMP, UUID } from '../api/cursors';

/**
 * A page of rows with `created_at` and `id`, newest first, by keyset: a row that
 * comes meanwhile moves no other to another page.
 *
 * @param options.list - names the list in its cursors
 * @param options.matching - all rows that the list has
 * @throws InputError for a cursor that no earlier page of the list gave
 */
export async function pageNewestFirst<T>(
  knex: Knex,
  options: {
    list: string;
    matching: Knex.QueryBuilder;
    limit: number;
    cursor?: string;
    fromRow(row: any): T;
  },
): Promise<Page<T>> {
  const { list, matching, limit, cursor, fromRow } = options;
  const page = matching
    .clone()
    // Milliseconds would lose the digits that tell two rows apart.
    .select('*', knex.raw('created_at::text AS keyset_position'))
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit + 1);
  if (cursor !== undefined) {
    page.whereRaw(
      '(created_at, id) < (?::timestamptz, ?::uuid)',
      decodeCursor(list, [TIMESTAMP, UUID], cursor),
    );
  }
  const [rows, [{ count }]] = await Promise.all([
    page,
    matching.clone().count({ count: '*' }),
  ]);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(fromRow),
    nextCursor: last && encodeCursor(list, [last.keyset_position, last.id]),
    totalItems: Number(count),
  };
}
