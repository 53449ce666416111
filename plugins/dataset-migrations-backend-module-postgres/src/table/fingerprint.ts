import { Queryable } from './readTable';

/**
 * A digest of everything about a table that a copy of it takes for granted:
 * columns, constraints, indexes, triggers, grants and the file that holds its
 * rows (which TRUNCATE, CLUSTER and VACUUM FULL replace).
 *
 * @param table - quoted
 * @returns undefined when there is no such table
 */
export async function fingerprint(
  session: Queryable,
  table: string,
): Promise<string | undefined> {
  const [row] = await session.query(
    `SELECT encode(sha256(convert_to(concat_ws(E'\\n',
       c.oid, c.relkind, pg_relation_filenode(c.oid), c.relrowsecurity, c.relacl, c.reloptions, c.relowner,
       (SELECT string_agg(concat_ws(' ', attnum, attname, atttypid, atttypmod, attnotnull, attisdropped, attidentity, attgenerated, attcollation, attacl), ',' ORDER BY attnum)
          FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0),
       (SELECT string_agg(concat_ws(' ', adnum, adbin), ',' ORDER BY adnum) FROM pg_attrdef WHERE adrelid = c.oid),
       (SELECT string_agg(concat_ws(' ', oid, conname, convalidated), ',' ORDER BY oid) FROM pg_constraint WHERE conrelid = c.oid OR confrelid = c.oid),
       (SELECT string_agg(concat_ws(' ', indexrelid, indisvalid), ',' ORDER BY indexrelid) FROM pg_index WHERE indrelid = c.oid),
       (SELECT string_agg(concat_ws(' ', oid, tgenabled), ',' ORDER BY oid) FROM pg_trigger WHERE tgrelid = c.oid),
       (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_rewrite WHERE ev_class = c.oid),
       (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_policy WHERE polrelid = c.oid)
     ), 'UTF8')), 'hex') AS digest
     FROM pg_class c WHERE c.oid = to_regclass($1)`,
    [table],
  );
  return row?.digest;
}
