import { ConflictError } from '@backstage/errors';
import { Session } from '../connection/Session';
import { ident, literal, qualified } from '../connection/sql';
import { prepared } from '../connection/prepared';
import { Place, RunContext } from '../RunContext';
import { problemOfIdentifier } from '../table/identifiers';
import { findDependents } from '../table/obstacles';
import { Queryable, readTable } from '../table/readTable';
import { copyGrants } from './grants';
import { createVersionSchema, dropVersionSchema, setOwner } from './schemas';

/** The schema in which readers find one version: `public_v1_2_0`. */
export function versionSchema(schema: string, version: string): string {
  return `${schema}_v${version.replace(/[^0-9A-Za-z]+/g, '_')}`;
}

/** A view that shows one version of a table under the table's own name. */
export interface VersionView {
  version: string;
  /** Quoted table to read. */
  table: string;
  /** Names that the view shows, with the SQL of each; all columns by default. */
  columns?: Array<{ name: string; value: string }>;
  /** Whether those who may write the table may write through the view. */
  writable?: boolean;
}

/**
 * Gives one version a name that stays while the table's own name changes hands.
 * Readers of the table may read the view, with their own rights on what it
 * shows.
 *
 * @throws ConflictError when the name is too long, or somebody else's
 */
export async function createVersionView(
  session: Session,
  { place }: RunContext,
  { version, table, columns, writable = false }: VersionView,
): Promise<void> {
  const schema = versionSchema(place.schema, version);
  const problem = await problemOfVersionView(session, place, version);
  if (problem) {
    throw new ConflictError(problem);
  }
  const view = qualified({ ...place, schema });
  const base = (await readTable(session, place))!;
  await createVersionSchema(session, schema, base.owner);
  const shown =
    columns
      ?.map(({ name, value }) => `${value} AS ${ident(name)}`)
      .join(', ') ?? '*';
  await session.query(
    `CREATE OR REPLACE VIEW ${view} WITH (security_invoker = true) AS SELECT ${shown} FROM ${table} AS source`,
  );
  await session.query(
    `COMMENT ON VIEW ${view} IS ${literal(markOf(place, version))}`,
  );
  await copyGrants(session, {
    from: base.oid,
    to: view,
    columns: new Map(base.columns.map(({ name }) => [name, name])),
    only: writable ? ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] : ['SELECT'],
  });
  await grantUsage(session, base.oid, schema);
  await setOwner(session, view, base.owner);
}

/**
 * Takes away what {@link createVersionView} made, and nothing that somebody
 * else put under the same name.
 *
 * @throws ConflictError when something reads the view
 */
export async function dropVersionView(
  session: Session,
  { place }: RunContext,
  version: string,
): Promise<void> {
  const view = await findNamed(session, place, version);
  if (!view?.ours) {
    return;
  }
  const dependents = await findDependents(session, view.oid);
  const readers = dependents.filter(({ kind }) => kind === 'reader');
  if (readers.length > 0) {
    throw new ConflictError(
      `The view ${
        view.name
      }, which shows version ${version}, cannot go before ${readers
        .map(({ name }) => name)
        .join(', ')}; drop that first`,
    );
  }
  await session.query(`DROP VIEW ${view.name}`);
  await dropVersionSchema(session, versionSchema(place.schema, version));
}

/** Whether a version can be read under a name of its own. */
export async function hasVersionView(
  session: Session,
  { place }: RunContext,
  version: string,
): Promise<boolean> {
  return (await findNamed(session, place, version))?.ours ?? false;
}

/** What keeps a version from getting a name of its own, as a sentence. */
export async function problemOfVersionView(
  session: Queryable,
  place: Place,
  version: string,
): Promise<string | undefined> {
  const schema = versionSchema(place.schema, version);
  const problem = problemOfIdentifier(schema);
  if (problem) {
    return `The schema ${schema}, in which version ${version} would be found, ${problem}.`;
  }
  const found = await findNamed(session, place, version);
  return found && !found.ours
    ? `${found.name}, the name under which version ${version} would be found, is in use for something else; rename that first.`
    : undefined;
}

/** The relation under a version's name, whoever made it. */
async function findNamed(session: Queryable, place: Place, version: string) {
  const schema = versionSchema(place.schema, version);
  // As text: a longer name would be cut off to that of another schema.
  const [row] = await session.query(
    prepared(`SELECT c.oid::int8::text AS oid, c.relkind = 'v' AND obj_description(c.oid, 'pg_class') IS NOT DISTINCT FROM $3 AS ours
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname::text = $1 AND c.relname::text = $2`),
    [schema, place.table, markOf(place, version)],
  );
  return (
    row && {
      name: qualified({ ...place, schema }),
      oid: Number(row.oid),
      ours: row.ours as boolean,
    }
  );
}

/** The comment by which a view is known to be ours. */
function markOf(place: Place, version: string): string {
  return `skein: version ${version} of ${qualified(place)}`;
}

async function grantUsage(session: Session, table: number, schema: string) {
  const readers = await session.query(
    `SELECT DISTINCT a.grantee = 0 AS everybody,
       CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee) END AS grantee
     FROM pg_class c,
       LATERAL (SELECT * FROM aclexplode(c.relacl)
         UNION ALL SELECT x.* FROM pg_attribute t, aclexplode(t.attacl) x WHERE t.attrelid = c.oid) a
     WHERE c.oid = $1 AND a.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE') AND a.grantee <> c.relowner`,
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
