import { dependentsOn } from './dependentsOn';
import { treeOf } from './readPartitions';
import { Queryable } from './readTable';
import { prepared } from '../connection/prepared';

const acl = (privileges: string, owner: string) =>
  `SELECT string_agg(concat_ws(' ', ${owner}, grantee, privilege_type, is_grantable), ',' ORDER BY ${owner}, grantee, privilege_type, is_grantable) FROM ${privileges}`;

/**
 * SQL that is true where an object depends on the table. A table may have
 * hundreds of partitions, so each looks up its own and goes through no catalog.
 */
const dependsOn = (catalog: string, object: string) =>
  `${object} IN (${dependentsOn(catalog, 'c.oid')})`;

/** SQL that is true for constraints of the table, and those that point to it. */
const ofTable = `c.oid IN (conrelid, confrelid) AND oid IN (
  SELECT k.oid FROM pg_constraint k WHERE k.conrelid = c.oid
  UNION ${dependentsOn('pg_constraint', 'c.oid')})`;

/** SQL of a constraint's definition, whether its rows were checked or not. */
const unvalidated = (constraint: string) =>
  `regexp_replace(pg_get_constraintdef(${constraint}), ' NOT VALID$', '')`;

/**
 * What there is to a table, and the SQL that puts each into words. Definitions
 * rather than ids, so that what is made and taken back again is no change.
 */
const aspects = {
  /** Another table under the same name. */
  identity: `concat_ws(' ', c.oid, c.relkind, c.relpersistence)`,
  /** Which TRUNCATE, CLUSTER and VACUUM FULL replace. */
  file: `pg_relation_filenode(c.oid)::text`,
  /** By what it is partitioned, and what goes into each of them. */
  partitions: `concat_ws(' ', pg_get_partkeydef(c.oid), (SELECT concat_ws(' ', inhparent::regclass, c.oid::regclass, inhdetachpending)
    FROM pg_inherits WHERE inhrelid = c.oid AND c.relispartition), pg_get_expr(c.relpartbound, c.oid))`,
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
    (SELECT string_agg(concat_ws(' ', attnum, attname, atttypid, atttypmod, attnotnull, attidentity, attgenerated, attcollation, attoptions), ',' ORDER BY attnum)
      FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped),
    (SELECT string_agg(concat_ws(' ', adnum, pg_get_expr(adbin, adrelid)), ',' ORDER BY adnum) FROM pg_attrdef WHERE adrelid = c.oid))`,
  constraints: `(SELECT string_agg(concat_ws(' ', conrelid::regclass, conname, ${unvalidated(
    'oid',
  )}, CASE WHEN contype <> 'f' THEN convalidated END), ',' ORDER BY conrelid::regclass::text, conname)
    FROM pg_constraint WHERE ${ofTable})`,
  /** What the engine itself changes after a switch. */
  'checked foreign keys': `(SELECT string_agg(concat_ws(' ', conrelid::regclass, conname, convalidated), ',' ORDER BY conrelid::regclass::text, conname)
    FROM pg_constraint WHERE contype = 'f' AND ${ofTable})`,
  indexes: `(SELECT string_agg(concat_ws(' ', pg_get_indexdef(indexrelid), indisvalid, indisreplident), ',' ORDER BY pg_get_indexdef(indexrelid)) FROM pg_index WHERE indrelid = c.oid)`,
  triggers: `(SELECT string_agg(concat_ws(' ', CASE WHEN NOT tgisinternal THEN pg_get_triggerdef(oid) END, tgenabled), ',' ORDER BY tgisinternal, tgname, tgenabled)
    FROM pg_trigger WHERE tgrelid = c.oid)`,
  rules: `(SELECT string_agg(pg_get_ruledef(oid), ',' ORDER BY rulename) FROM pg_rewrite WHERE ev_class = c.oid)`,
  'row security': `concat_ws(' ', c.relrowsecurity, c.relforcerowsecurity,
    (SELECT string_agg(concat_ws(' ', polrelid::regclass, polname, polcmd, polpermissive, polroles, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)), ',' ORDER BY polrelid::regclass::text, polname)
      FROM pg_policy p WHERE polrelid = c.oid OR (polrelid::regclass::text !~ '^skein_[0-9a-f]+_(next|old)[.]' AND ${dependsOn(
        'pg_policy',
        'p.oid',
      )})))`,
  views: `(SELECT string_agg(concat_ws(' ', v.oid::regclass, v.relkind, v.relowner, v.reloptions, pg_get_viewdef(v.oid)), ',' ORDER BY v.oid::regclass::text)
    FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class WHERE r.rulename = '_RETURN' AND ${dependsOn(
      'pg_rewrite',
      'r.oid',
    )} AND coalesce(obj_description(v.oid, 'pg_class'), '') NOT LIKE 'skein: version %')`,
  functions: `(SELECT string_agg(pg_get_functiondef(p.oid), ',' ORDER BY p.oid::regprocedure::text)
    FROM pg_proc p WHERE p.prosqlbody IS NOT NULL AND ${dependsOn(
      'pg_proc',
      'p.oid',
    )})`,
  'extended statistics': `(SELECT string_agg(concat_ws(' ', pg_get_statisticsobjdef(oid), stxowner, stxstattarget), ',' ORDER BY stxname, stxnamespace) FROM pg_statistic_ext WHERE stxrelid = c.oid)`,
  publications: `(SELECT string_agg(concat_ws(' ', p.pubname, r.prattrs, pg_get_expr(r.prqual, r.prrelid)), ',' ORDER BY p.pubname)
    FROM pg_publication p LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = c.oid
    WHERE p.puballtables OR r.oid IS NOT NULL
      OR EXISTS (SELECT FROM pg_publication_namespace s WHERE s.pnpubid = p.oid AND s.pnnspid = c.relnamespace))`,
  /** Uses of its row type, and what no other aspect speaks of. */
  'what depends on it': `(SELECT string_agg(d.name, ',' ORDER BY d.name) FROM (
    SELECT pg_describe_object(classid, objid, objsubid) AS name FROM pg_type t
      JOIN pg_depend ON refclassid = 'pg_type'::regclass AND refobjid IN (t.oid, t.typarray)
      WHERE t.oid = c.reltype AND deptype = 'n'
    UNION ALL SELECT 'inherits ' || inhrelid::regclass FROM pg_inherits WHERE inhrelid = c.oid OR inhparent = c.oid
    UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE tgconstrrelid = c.oid AND NOT tgisinternal AND ${dependsOn(
      'pg_trigger',
      't.oid',
    )}
    UNION ALL SELECT pg_get_ruledef(r.oid) FROM pg_rewrite r WHERE rulename <> '_RETURN' AND ${dependsOn(
      'pg_rewrite',
      'r.oid',
    )}) d)`,
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

/** Aspects that earlier releases knew nothing of, and had no use for. */
const late: Aspect[] = ['partitions'];

/**
 * Of a table with all its partitions.
 *
 * @param table - quoted
 */
export async function fingerprint(
  session: Queryable,
  table: string,
): Promise<Fingerprint> {
  const digests = names.map(
    name =>
      `encode(sha256(convert_to(string_agg(coalesce(${aspects[name]}, ''), E'\\n' ORDER BY c.oid), 'UTF8')), 'hex') AS "${name}"`,
  );
  const [row] = await session.query<Fingerprint>(
    prepared(`SELECT ${digests.join(', ')} FROM ${treeOf(
      'to_regclass($1)',
    )} AS tree
     JOIN pg_class c ON c.oid = tree.oid HAVING count(*) > 0`),
    [table],
  );
  return row ?? {};
}

/** The aspects in which a table is not what it was. */
export function changedAspects(
  before: Fingerprint,
  after: Fingerprint,
): Aspect[] {
  return names.filter(
    name =>
      before[name] !== after[name] &&
      !(late.includes(name) && before[name] === undefined),
  );
}
