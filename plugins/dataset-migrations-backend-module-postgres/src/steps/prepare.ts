import { ConflictError, InputError } from '@backstage/errors';
import { nothingCarried } from '../carry/carryOver';
import { readRun, RunState, StoredRun, writeRun } from '../control/runs';
import { watchWrites } from '../control/writeFlags';
import { ensureControlSchema } from '../control/controlSchema';
import { requireOneName } from '../control/oneName';
import { Session } from '../connection/Session';
import { qualified } from '../connection/sql';
import { sqlStateOf } from '../connection/sqlState';
import { soleProjection } from '../emit/projection';
import { planTable, TablePlan } from '../plan/planTable';
import { Place, RunContext } from '../RunContext';
import { createQuarantine } from '../quarantine/quarantineTable';
import { createShadow } from '../shadow/createShadow';
import { withdrawWritten } from '../sync/catchUp';
import { findIdentity } from '../sync/rowIdentity';
import { changedAspects, Fingerprint, fingerprint } from '../table/fingerprint';
import { Layout } from '../table/layout';
import { TableDefinition } from '../table/TableDefinition';
import { discardPrepared } from './discard';
import { laneBounds } from './laneBounds';
import { changeOfSource } from './sourceChanges';
import { sizeOfSource, SourceSize } from './sourceSize';
import { newWatch, sourceFlag } from '../control/flags';
import { withTableLock } from './tableLock';

const emptyState: Omit<RunState, 'strategy' | 'watch' | 'location'> = {
  fingerprint: {},
  published: {},
  columns: [],
  made: [],
  chunkBlocks: 0,
  finish: [],
  finished: 0,
  hadVersionView: false,
  joined: false,
  undo: [],
  widened: [],
  sequences: [],
  carried: nothingCarried,
};

/**
 * Creates the shadow, the watch for writes, the lanes and the run, in one
 * transaction. Creating the triggers waits for earlier writers, so every row
 * that the lanes will not see is noted as a write.
 *
 * A run that is prepared already stays as it is, unless its source has changed
 * since: then it begins anew.
 */
export async function prepare(context: RunContext): Promise<void> {
  await ensureControlSchema(context.warehouse);
  await withTableLock(context, async session => {
    const stored = await readRun(session, context.run.migrationId, {
      forUpdate: true,
    });
    if (stored && (await isUsable(session, context, stored))) {
      return;
    }
    await requireOneName(session, context);
    await discardPrepared(session, context, { others: true });
    const plan = await requirePlan(session, context);
    if (plan.strategy === 'metadata-only') {
      await writeRun(session, context.run.migrationId, {
        phase: 'prepared',
        place: context.live,
        state: {
          ...emptyState,
          strategy: plan.strategy,
          location: context.run.location.key,
          watch: newWatch(context),
          columns: columnsOf(plan.table, plan.layout),
        },
      });
    } else {
      await prepareCopy(session, context, plan);
    }
  });
}

async function isUsable(
  session: Session,
  context: RunContext,
  stored: StoredRun,
): Promise<boolean> {
  if (stored.phase === 'rolled-back' || stored.phase === 'cleaned-up') {
    throw new ConflictError(
      `The migration ${context.run.migrationId} is over (${stored.phase}) and cannot be prepared again`,
    );
  }
  const mayHaveChanged =
    stored.state.strategy === 'shadow-copy' &&
    (stored.phase === 'prepared' || stored.phase === 'copied');
  return (
    !mayHaveChanged ||
    (await changeOfSource(session, context, stored.state)) === undefined
  );
}

type CompletePlan = TablePlan & Required<Pick<TablePlan, 'table' | 'layout'>>;

/** @throws InputError with the reasons why the plan must not be carried out */
export async function requirePlan(
  session: Session,
  { run, place, settings, limits }: RunContext,
): Promise<CompletePlan> {
  const plan = await planTable(session, {
    ...run,
    place,
    display: run.location.display,
    chunkRows: settings.chunkRows,
    maxDatabaseBytes: limits.maxDatabaseBytes,
  });
  if (plan.refusals.length > 0 || !plan.table || !plan.layout) {
    throw new InputError(plan.refusals.join(' '));
  }
  return plan as CompletePlan;
}

async function prepareCopy(
  session: Session,
  context: RunContext,
  { table, layout }: CompletePlan,
): Promise<void> {
  const { run, live, shadow } = context;
  const watch = newWatch(context);
  const flag = sourceFlag({ watch });
  const identity = findIdentity(run.mapping, table, layout);
  // Before writers have to wait; nothing of the table may change until then.
  const planned = await fingerprint(session, live);
  const made = await createShadow(
    session,
    context,
    table,
    layout,
    identity,
  ).catch(error => {
    throw explain(error, context);
  });
  const quarantine =
    run.mapping.setAside &&
    (await createQuarantine(session, context, table, identity));
  await session.query(`LOCK TABLE ${live} IN SHARE ROW EXCLUSIVE MODE`);
  const size = await sizeOfSource(session, context, {
    columns: columnsOf(table, layout),
    table,
  });
  await requireAsPlanned(session, context, { planned, table, size });
  await watchWrites(session, {
    table: live,
    partitions: size.partitions?.map(qualified),
    flag,
    key: identity?.map(({ source }) => source),
  });
  const chunkBlocks = Math.max(
    1,
    Math.floor(rowsPerChunk(context) / size.density),
  );
  const lanes = laneBounds(size.blocks, {
    lanes: context.limits.lanes,
    chunkBlocks,
  });
  await writeRun(session, run.migrationId, {
    phase: 'prepared',
    place: live,
    state: {
      ...emptyState,
      ...made,
      finish: [
        ...(identity
          ? [withdrawWritten(run.mapping, identity, flag, shadow)]
          : []),
        ...made.finish,
      ],
      identity,
      quarantine,
      strategy: 'shadow-copy',
      location: run.location.key,
      watch,
      columns: size.columns,
      partitions: size.partitions,
      fingerprint: await fingerprint(session, live),
      rowsTotal: size.rows,
      chunkBlocks,
    },
  });
  for (const [lane, { from, to }] of lanes.entries()) {
    await session.query(
      `INSERT INTO skein.lanes (migration_id, lane, next_block, end_block) VALUES ($1, $2, $3, $4)`,
      [run.migrationId, lane, from, to],
    );
  }
}

/** @throws ConflictError when the table was altered while the copy was made */
async function requireAsPlanned(
  session: Session,
  { run, live }: RunContext,
  before: { planned: Fingerprint; table: TableDefinition; size: SourceSize },
): Promise<void> {
  const altered: string[] = changedAspects(
    before.planned,
    await fingerprint(session, live),
  );
  const names = (partitions: Place[] = []) => partitions.map(qualified).join();
  // The plan was made a moment before the fingerprint was taken.
  const { partitioning } = before.table;
  if (names(partitioning?.partitions) !== names(before.size.partitions)) {
    altered.push('partitions');
  }
  if (altered.length > 0) {
    throw new ConflictError(
      `${
        run.location.display
      } was altered while its migration was prepared (${altered.join(
        ', ',
      )}); retry it`,
    );
  }
}

/** Rows that go through JavaScript are held in memory, a chunk at a time. */
function rowsPerChunk({ run, settings }: RunContext): number {
  return soleProjection(run.mapping)
    ? settings.chunkRows
    : Math.min(settings.chunkRows, settings.agentBatchRows);
}

function columnsOf(
  table: TableDefinition,
  layout: Layout,
): RunState['columns'] {
  return table.columns.map(({ name, type, generated }) => ({
    name,
    type,
    generated: generated !== '',
    computes: generated
      ? layout.columns.find(({ from }) => from?.name === name)?.name
      : undefined,
  }));
}

/** What PostgreSQL refuses about the definition is the plan's fault, not its own. */
function explain(error: any, { run }: RunContext): Error {
  return sqlStateOf(error)?.startsWith('42')
    ? new InputError(
        `The definition of ${run.location.display} does not go with version ${run.toVersion}: ${error.message}`,
      )
    : error;
}
