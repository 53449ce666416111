import { Session } from '../connection/Session';
import { ident, literal } from '../connection/sql';
import { prepared } from '../connection/prepared';

/** A schema that a table's owner may own tables in. */
export async function createSchema(
  session: Session,
  name: string,
  owner: string,
): Promise<void> {
  await session.query(`CREATE SCHEMA IF NOT EXISTS ${ident(name)}`);
  if (!(await isSelf(session, owner))) {
    await session.query(
      `GRANT USAGE, CREATE ON SCHEMA ${ident(name)} TO ${ident(owner)}`,
    );
  }
}

/** @param table - quoted; exists */
export async function ownerOf(
  session: Session,
  table: string,
): Promise<string> {
  const [{ owner }] = await session.query(
    prepared(
      'SELECT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE oid = $1::regclass',
    ),
    [table],
  );
  return owner;
}

/** Fails when anything is left in it. */
export async function dropSchema(
  session: Session,
  name: string,
): Promise<void> {
  await session.query(`DROP SCHEMA IF EXISTS ${ident(name)}`);
}

/** The comment by which a schema of versions is known to be ours. */
const VERSIONS = 'skein: tables by their version';

/** As {@link createSchema}; one that is there already stays whose it is. */
export async function createVersionSchema(
  session: Session,
  name: string,
  owner: string,
): Promise<void> {
  const [{ there }] = await session.query(
    prepared(
      'SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1) AS there',
    ),
    [name],
  );
  await createSchema(session, name, owner);
  if (!there) {
    await session.query(
      `COMMENT ON SCHEMA ${ident(name)} IS ${literal(VERSIONS)}`,
    );
  }
}

/** Drops it when it is ours and the last version is gone from it. */
export async function dropVersionSchema(
  session: Session,
  name: string,
): Promise<void> {
  const [{ done }] = await session.query(
    prepared(`SELECT EXISTS (SELECT FROM pg_namespace n WHERE nspname = $1
       AND obj_description(n.oid, 'pg_namespace') = $2
       AND NOT EXISTS (SELECT FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = n.oid)) AS done`),
    [name, VERSIONS],
  );
  if (done) {
    await dropSchema(session, name);
  }
}

/** @param relation - quoted table or view, in a schema of {@link createSchema} */
export async function setOwner(
  session: Session,
  relation: string,
  owner: string,
): Promise<void> {
  if (!(await isSelf(session, owner))) {
    await session.query(`ALTER TABLE ${relation} OWNER TO ${ident(owner)}`);
  }
}

async function isSelf(session: Session, role: string): Promise<boolean> {
  const [row] = await session.query(
    prepared('SELECT current_user = $1 AS self'),
    [role],
  );
  return row.self;
}
