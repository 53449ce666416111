import { InputError } from '@backstage/errors';
import { Db } from 'pg-boss';

/** `insufficient_privilege` of PostgreSQL. */
const DENIED = '42501';
/** `unique_violation`: another process made it at the same moment. */
const MADE_BY_ANOTHER = '23505';

/**
 * Makes the schema of the queue where it is not there. The library would try in
 * any case, which needs a privilege on the database even where it is there.
 *
 * @param schema - a plain lower case identifier
 * @throws InputError saying what an administrator has to do
 */
export async function ensureSchema(db: Db, schema: string): Promise<void> {
  const { rows } = await db.executeSql(
    `SELECT to_regnamespace($1) IS NOT NULL AS there, current_user AS role,
       current_database() AS database`,
    [schema],
  );
  const [{ there, role, database }] = rows;
  if (there) {
    return;
  }
  try {
    await db.executeSql(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === MADE_BY_ANOTHER) {
      return;
    }
    if (code !== DENIED) {
      throw error;
    }
    throw new InputError(
      `The role ${role} may not create the schema of the queue in the database ${database}. Let an administrator run there: CREATE SCHEMA ${schema} AUTHORIZATION ${role}`,
      error,
    );
  }
}
