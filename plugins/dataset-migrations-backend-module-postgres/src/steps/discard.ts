import { deleteRun, StoredRun } from '../control/runs';
import { stopWatchingWrites } from '../control/writeFlags';
import { Session } from '../connection/Session';
import { ident } from '../connection/sql';
import { prepared } from '../connection/prepared';
import { dropQuarantine } from '../quarantine/quarantineTable';
import { dropSchema } from '../shadow/schemas';
import { namesOf, RunContext } from '../RunContext';
import { sourceFlag } from '../control/flags';

/**
 * Takes away what runs that did not cut over left beside this table, of this
 * migration and of earlier ones that were never given up: the fence says that
 * none of them is alive.
 *
 * @param options.others - earlier migrations' too
 */
export async function discardPrepared(
  session: Session,
  context: RunContext,
  options: { others: boolean },
): Promise<void> {
  const { run, live } = context;
  const found = await session.query<
    Pick<StoredRun, 'state'> & { migration_id: string }
  >(
    prepared(`SELECT migration_id, state FROM skein.runs
     WHERE place = $1 AND phase IN ('prepared', 'copied') AND (migration_id = $2 OR $3)
     FOR UPDATE`),
    [live, run.migrationId, options.others],
  );
  for (const { migration_id: migrationId, state } of found) {
    const names = namesOf(migrationId);
    await stopWatchingWrites(session, sourceFlag(state));
    await session.query(
      `DROP TABLE IF EXISTS ${ident(names.next)}.${ident(context.place.table)}`,
    );
    await dropSchema(session, names.next);
    await dropQuarantine(session, migrationId, state.quarantine);
    await deleteRun(session, migrationId);
  }
}
