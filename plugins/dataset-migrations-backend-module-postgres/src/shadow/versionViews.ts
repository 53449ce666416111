import { ConflictError } from '@backstage/errors';
import { Session } from '../connection/Session';
import { ident, literal } from '../connection/sql';
import { RunContext } from '../RunContext';
import { findDependents } from '../table/obstacles';
import { readTable } from '../table/readTable';
import { copyGrants } from './grants';
import { createSchema, setOwner } from './schemas';

/** The schema in which readers find one version: `public_v1_2_0`. */
export function versionSchema(schema: string, version: string): string {
  const name = `${schema}_v${version.replace(/[^0-9A-Za-z]+/g, '_')}`;
  return name.slice(0, 63);
}

/** A view that shows one version of a table under the table's own name. */
export interface VersionView {
  version: string;
  /** Quoted table to read. */
  table: string;
  /** Names that the view shows, with the SQL of each; all columns by default. */
  columns?: Array<{ name: string; value: string }>;
}

/**
 * Gives one version a name that stays while the table's own name changes hands.
 * Readers of the table may read the view, with their own rights on what it
 * shows; nobody is given the right to write through it.
 */
export async function createVersionView(
  session: Session,
  { place, live }: RunContext,
  { version, table, columns }: VersionView,
): Promise<void> {
  const schema = versionSchema(place.schema, version);
  const view = `${ident(schema)}.${ident(place.table)}`;
  const base = (await readTable(session, place))!;
  await createSchema(session, schema, base.owner);
  const shown =
    columns
      ?.map(({ name, value }) => `${value} AS ${ident(name)}`)
      .join(', ') ?? '*';
  await session.query(
    `CREATE OR REPLACE VIEW ${view} WITH (security_invoker = true) AS SELECT ${shown} FROM ${table} AS source`,
  );
  await session.query(
    `COMMENT ON VIEW ${view} IS ${literal(
      `skein: version ${version} of ${live}`,
    )}`,
  );
  await copyGrants(session, {
    from: base.oid,
    to: view,
    columns: new Map(base.columns.map(({ name }) => [name, name])),
    only: ['SELECT'],
  });
  await grantUsage(session, base.oid, schema);
  await setOwner(session, view, base.owner);
}

/** @throws ConflictError when something reads the view */
export async function dropVersionView(
  session: Session,
  { place }: RunContext,
  version: string,
): Promise<void> {
  const schema = versionSchema(place.schema, version);
  const view = await readTable(session, { ...place, schema });
  const dependents = view ? await findDependents(session, view.oid) : [];
  const readers = dependents.filter(({ kind }) => kind === 'reader');
  if (readers.length > 0) {
    throw new ConflictError(
      `The view ${schema}.${
        place.table
      }, which shows version ${version}, cannot go before ${readers
        .map(({ name }) => name)
        .join(', ')}; drop that first`,
    );
  }
  await session.query(
    `DROP VIEW IF EXISTS ${ident(schema)}.${ident(place.table)}`,
  );
  const [{ empty }] = await session.query(
    `SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1) AS empty`,
    [schema],
  );
  if (empty) {
    await session.query(`DROP SCHEMA IF EXISTS ${ident(schema)}`);
  }
}

/** Whether a version can be read under a name of its own. */
export async function hasVersionView(
  session: Session,
  { place }: RunContext,
  version: string,
): Promise<boolean> {
  const [{ there }] = await session.query(
    `SELECT to_regclass($1) IS NOT NULL AS there`,
    [`${ident(versionSchema(place.schema, version))}.${ident(place.table)}`],
  );
  return there;
}

async function grantUsage(session: Session, table: number, schema: string) {
  const readers = await session.query(
    `SELECT DISTINCT a.grantee = 0 AS everybody,
       CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END AS grantee
     FROM pg_class c,
       LATERAL (SELECT * FROM aclexplode(c.relacl)
         UNION ALL SELECT x.* FROM pg_attribute t, aclexplode(t.attacl) x WHERE t.attrelid = c.oid) a
     WHERE c.oid = $1 AND a.privilege_type = 'SELECT' AND a.grantee <> c.relowner`,
    [table],
  );
  for (const { everybody, grantee } of readers) {
    await session.query(
      `GRANT USAGE ON SCHEMA ${ident(schema)} TO ${
        everybody ? 'PUBLIC' : ident(grantee)
      }`,
    );
  }
}
