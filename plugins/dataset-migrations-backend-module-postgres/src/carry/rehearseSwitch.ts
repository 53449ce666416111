import { Session } from '../connection/Session';
import { runAll } from '../connection/sql';
import { RunState } from '../control/runs';
import { RunContext } from '../RunContext';
import { TableDefinition } from '../table/TableDefinition';
import { replaceTable } from '../shadow/replaceTable';
import { createSchema } from '../shadow/schemas';
import { alterAll } from './asAltered';
import { alterationOf, Companion } from './companions';

/**
 * Does with the empty shadow all that will be done with the full one, and takes
 * it back: so that what PostgreSQL refuses is refused before a row is copied.
 * The tables are only switched, and so locked, when something hangs on them.
 * Those that will be switched with them get their new columns meanwhile.
 */
export async function rehearseSwitch(
  session: Session,
  context: RunContext,
  made: Pick<RunState, 'finish' | 'sequences' | 'carried'>,
  { owner, partitioning }: TableDefinition,
  companions: Companion[],
): Promise<void> {
  const { next, old } = context;
  const { carried } = made;
  await runAll(session, ['SAVEPOINT skein_rehearsal', ...made.finish]);
  if (carried.old.detach.length + carried.new.attach.length > 0) {
    await createSchema(session, old, owner);
    await runAll(session, [
      ...carried.old.lock,
      ...alterAll(companions.map(alterationOf)),
    ]);
    await replaceTable(session, context, {
      incoming: next,
      aside: old,
      partitions: partitioning?.partitions,
      sequences: made.sequences,
      leaving: carried.old,
      entering: carried.new,
    });
  }
  await runAll(session, [
    'ROLLBACK TO SAVEPOINT skein_rehearsal',
    'RELEASE SAVEPOINT skein_rehearsal',
  ]);
}
