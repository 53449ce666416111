import { Session } from '../connection/Session';
import { ident } from '../connection/sql';

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

/** Fails when anything is left in it. */
export async function dropSchema(
  session: Session,
  name: string,
): Promise<void> {
  await session.query(`DROP SCHEMA IF EXISTS ${ident(name)}`);
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
  const [row] = await session.query('SELECT current_user = $1 AS self', [role]);
  return row.self;
}
