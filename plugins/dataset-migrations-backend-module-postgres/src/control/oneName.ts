import { ConflictError } from '@backstage/errors';
import { Session } from '../connection/Session';
import { prepared } from '../connection/prepared';
import { RunContext } from '../RunContext';

/**
 * The plugin's lease knows a table by the spelling of its host. Connections that
 * spell one server in two ways meet here, beside the data (G1).
 *
 * @throws ConflictError when a run under another spelling is not over
 */
export async function requireOneName(
  session: Session,
  { run, live }: RunContext,
): Promise<void> {
  const [other] = await session.query(
    prepared(`SELECT migration_id AS id FROM skein.runs
     WHERE place = $1 AND phase IN ('prepared', 'copied') AND migration_id <> $2
       AND state ->> 'location' <> $3`),
    [live, run.migrationId, run.location.key],
  );
  if (other) {
    throw new ConflictError(
      `${run.location.display} is being migrated by ${other.id} through a connection that spells the same database in another way; finish or cancel that, and spell host, port and database alike in every connection`,
    );
  }
}
