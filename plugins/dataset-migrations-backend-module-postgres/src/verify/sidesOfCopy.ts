import { ConflictError } from '@backstage/errors';
import { RunState } from '../control/runs';
import { Session } from '../connection/Session';
import { soleProjection } from '../emit/projection';
import { RunContext } from '../RunContext';
import { rowsOfBlocks } from '../rows/RowSelection';
import { rowWriterFor } from '../rows/RowWriter';
import { requireUnchangedSource } from '../steps/sourceChanges';
import { sourceFlag } from '../control/flags';
import { waitingKeys } from '../sync/dirtyRows';
import { isKeyed, KeyedState, rowsAmong, rowsBut } from '../sync/writtenRows';
import { layOut } from '../table/layout';
import { readTables } from '../table/readTable';
import { guaranteesOf } from './contractChecks';
import {
  ComparedColumn,
  comparedColumns,
  mappedRelation,
  targetRelation,
} from './relations';
import { keyOf, Sides } from './sides';

/**
 * The live table through the mapping, and the shadow.
 *
 * @throws SourceChangedError when the live table was written since `prepare`
 */
export async function sidesOfCopy(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<Sides> {
  const { run, live, place, next, shadow } = context;
  await requireUnchangedSource(session, context, state);
  const [table, made] = await readTables(session, [
    place,
    { schema: next, table: place.table },
  ]);
  if (!made) {
    throw new ConflictError(
      `The shadow of ${run.location.display} is gone; abandon the migration and start it again`,
    );
  }
  const columns = comparedColumns(layOut(run.mapping, table), made.columns);
  const target = targetRelation(shadow, columns);
  return {
    source: soleProjection(run.mapping)
      ? mappedRelation(live, run.mapping, state.columns, columns)
      : targetRelation(await runAgain(session, context, state), columns),
    target,
    columns,
    key: keyOf(columns, made),
    ...(isKeyed(state) && splitByWaiting(context, state, columns)),
    checked: { relation: target, guarantees: guaranteesOf(made) },
  };
}

function splitByWaiting(
  context: RunContext,
  state: KeyedState,
  columns: ComparedColumn[],
): Pick<Sides, 'waiting' | 'settled'> {
  const keys = waitingKeys(
    sourceFlag(state),
    state.identity.map(({ source }) => source),
  );
  return {
    waiting: rowsAmong(context, state, columns, keys),
    settled: rowsBut(context, state, columns, keys),
  };
}

/**
 * Imperative agents do their work a second time, into a table that goes with
 * the transaction; in batches of the first chunk's size, whatever sizes the
 * copied chunks had: an agent works row by row.
 */
async function runAgain(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<string> {
  const again = 'pg_temp.skein_again';
  await session.query(
    `CREATE TEMPORARY TABLE skein_again (LIKE ${context.shadow} INCLUDING GENERATED) ON COMMIT DROP`,
  );
  const writer = rowWriterFor(context, state.columns, again, session);
  const [{ blocks }] = await session.query(
    `SELECT coalesce(max(end_block), 0)::int AS blocks FROM skein.lanes WHERE migration_id = $1`,
    [context.run.migrationId],
  );
  for (
    let firstBlock = 0;
    firstBlock < blocks;
    firstBlock += state.chunkBlocks
  ) {
    const endBlock = Math.min(blocks, firstBlock + state.chunkBlocks);
    const write = await writer.prepare(
      rowsOfBlocks(state, firstBlock, endBlock),
    );
    await write(session);
  }
  return again;
}
