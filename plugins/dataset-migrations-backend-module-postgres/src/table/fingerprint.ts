import { Queryable } from './readTable';

const acl = (privileges: string, owner: string) =>
  `SELECT string_agg(concat_ws(' ', ${owner}, grantee, privilege_type, is_grantable), ',' ORDER BY ${owner}, grantee, privilege_type, is_grantable) FROM ${privileges}`;

/**
 * What there is to a table, and the SQL that puts each into words. Definitions
 * rather than ids, so that what is made and taken back again is no change.
 */
const aspects = {
  /** Another table under the same name. */
  identity: `concat_ws(' ', c.oid, c.relkind, c.relpersistence)`,
  /** Which TRUNCATE, CLUSTER and VACUUM FULL replace. */
  file: `pg_relation_filenode(c.oid)::text`,
  owner: `c.relowner::text`,
  grants: `concat_ws(E'\\n',
    (${acl(
      `aclexplode(coalesce(c.relacl, acldefault('r', c.relowner)))`,
      '0',
    )}),
    (${acl(
      'pg_attribute a, aclexplode(a.attacl) WHERE a.attrelid = c.oid AND NOT a.attisdropped',
      'a.attnum',
    )}))`,
  'storage parameters': `c.reloptions::text`,
  columns: `concat_ws(E'\\n',
    (SELECT string_agg(concat_ws(' ', attnum, attname, atttypid, atttypmod, attnotnull, attidentity, attgenerated, attcollation), ',' ORDER BY attnum)
      FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped),
    (SELECT string_agg(concat_ws(' ', adnum, pg_get_expr(adbin, adrelid)), ',' ORDER BY adnum) FROM pg_attrdef WHERE adrelid = c.oid))`,
  constraints: `(SELECT string_agg(concat_ws(' ', conrelid, conname, convalidated, pg_get_constraintdef(oid)), ',' ORDER BY conrelid, conname)
    FROM pg_constraint WHERE conrelid = c.oid OR confrelid = c.oid)`,
  indexes: `(SELECT string_agg(concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid), ',' ORDER BY pg_get_indexdef(indexrelid)) FROM pg_index WHERE indrelid = c.oid)`,
  triggers: `(SELECT string_agg(concat_ws(' ', oid, tgenabled), ',' ORDER BY oid) FROM pg_trigger WHERE tgrelid = c.oid)`,
  rules: `(SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_rewrite WHERE ev_class = c.oid)`,
  'row security': `concat_ws(' ', c.relrowsecurity, c.relforcerowsecurity,
    (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_policy WHERE polrelid = c.oid))`,
  comments: `(SELECT string_agg(concat_ws(' ', objsubid, description), ',' ORDER BY objsubid)
    FROM pg_description WHERE classoid = 'pg_class'::regclass AND objoid = c.oid)`,
} satisfies Record<string, string>;

/** One side of a table's definition, in a word for people. */
export type Aspect = keyof typeof aspects;

/**
 * A digest of everything about a table that a copy of it takes for granted, by
 * aspect; empty for a table that is not there.
 */
export type Fingerprint = Partial<Record<Aspect, string>>;

const names = Object.keys(aspects) as Aspect[];

/** @param table - quoted */
export async function fingerprint(
  session: Queryable,
  table: string,
): Promise<Fingerprint> {
  const digests = names.map(
    name =>
      `encode(sha256(convert_to(coalesce(${aspects[name]}, ''), 'UTF8')), 'hex') AS "${name}"`,
  );
  const [row] = await session.query<Fingerprint>(
    `SELECT ${digests.join(
      ', ',
    )} FROM pg_class c WHERE c.oid = to_regclass($1)`,
    [table],
  );
  return row ?? {};
}

/** The aspects in which a table is not what it was. */
export function changedAspects(
  before: Fingerprint,
  after: Fingerprint,
): Aspect[] {
  return names.filter(name => before[name] !== after[name]);
}
