import { ConflictError, InputError } from '@backstage/errors';
import { nothingCarried } from '../carry/carryOver';
import {
  PartitionState,
  readRun,
  RunState,
  StoredRun,
  writeRun,
} from '../control/runs';
import { watchWrites } from '../control/writeFlags';
import { ensureControlSchema } from '../control/controlSchema';
import { requireOneName } from '../control/oneName';
import { Session } from '../connection/Session';
import { qualified } from '../connection/sql';
import { sqlStateOf } from '../connection/sqlState';
import { soleProjection } from '../emit/projection';
import { planTable, TablePlan } from '../plan/planTable';
import { RunContext } from '../RunContext';
import { createQuarantine } from '../quarantine/quarantineTable';
import { rowsOfBlocks } from '../rows/RowSelection';
import { createShadow } from '../shadow/createShadow';
import { withdrawWritten } from '../sync/catchUp';
import { findIdentity } from '../sync/rowIdentity';
import {
  Aspect,
  changedAspects,
  Fingerprint,
  fingerprint,
} from '../table/fingerprint';
import { Layout } from '../table/layout';
import { readPartitions } from '../table/readPartitions';
import { Partition, TableDefinition } from '../table/TableDefinition';
import { discardPrepared } from './discard';
import { laneBounds } from './laneBounds';
import { changeOfSource } from './sourceChanges';
import { newWatch, sourceFlag } from '../control/flags';
import { withTableLock } from './tableLock';

/** Blocks whose rows are counted to learn how many go into one. */
const SAMPLED_BLOCKS = 64;

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
  await requireAsPlanned(session, context, planned);
  const columns = columnsOf(table, layout);
  const partitions = await partitionsOf(session, context, table);
  await watchWrites(session, {
    table: live,
    partitions: partitions?.map(qualified),
    flag,
    key: identity?.map(({ source }) => source),
  });
  const blocks = partitions
    ? partitions.reduce((sum, partition) => sum + partition.blocks, 0)
    : await countBlocks(session, live);
  const density = await rowsPerBlock(session, live, blocks, {
    columns,
    partitions,
  });
  const chunkBlocks = Math.max(1, Math.floor(rowsPerChunk(context) / density));
  const lanes = laneBounds(blocks, {
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
      columns,
      partitions,
      fingerprint: await fingerprint(session, live),
      rowsTotal: estimateRows(table, blocks, density),
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
  planned: Fingerprint,
): Promise<void> {
  const altered = changedAspects(planned, await fingerprint(session, live));
  if (altered.length > 0) {
    throw alteredMeanwhile(run, altered);
  }
}

function alteredMeanwhile(
  { location }: RunContext['run'],
  altered: Aspect[],
): ConflictError {
  return new ConflictError(
    `${
      location.display
    } was altered while its migration was prepared (${altered.join(
      ', ',
    )}); retry it`,
  );
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

/** Counted under the lock: `pg_class` may be out of date. */
async function countBlocks(session: Session, live: string): Promise<number> {
  const [row] = await session.query(
    `SELECT pg_relation_size($1::regclass) / current_setting('block_size')::int AS blocks`,
    [live],
  );
  return Number(row.blocks);
}

/**
 * As {@link countBlocks}, of each partition.
 *
 * @throws ConflictError when they are not the ones that were planned for
 */
async function partitionsOf(
  session: Session,
  { run }: RunContext,
  { oid, partitioning }: TableDefinition,
): Promise<PartitionState[] | undefined> {
  const found = partitioning && (await readPartitions(session, oid));
  const spell = (partitions?: Partition[]) =>
    JSON.stringify(partitions?.map(({ oid: id, bound }) => [id, bound]));
  if (spell(found) !== spell(partitioning?.partitions)) {
    throw alteredMeanwhile(run, ['partitions']);
  }
  return found?.map(({ schema, table: name, blocks }) => ({
    schema,
    table: name,
    blocks,
  }));
}

async function rowsPerBlock(
  session: Session,
  live: string,
  blocks: number,
  source: Pick<RunState, 'columns' | 'partitions'>,
): Promise<number> {
  if (blocks === 0) {
    return 1;
  }
  const sampled = Math.min(blocks, SAMPLED_BLOCKS);
  const { relation, clause, values } = rowsOfBlocks(source, 0, sampled);
  const [row] = await session.query(
    `SELECT count(*) AS rows FROM ${relation ?? live} AS source ${clause}`,
    values,
  );
  return Math.max(1, Number(row.rows) / sampled);
}

function estimateRows(
  table: TableDefinition,
  blocks: number,
  density: number,
): number {
  return blocks <= SAMPLED_BLOCKS
    ? Math.round(blocks * density)
    : table.rows ?? Math.round(blocks * density);
}

/** What PostgreSQL refuses about the definition is the plan's fault, not its own. */
function explain(error: any, { run }: RunContext): Error {
  return sqlStateOf(error)?.startsWith('42')
    ? new InputError(
        `The definition of ${run.location.display} does not go with version ${run.toVersion}: ${error.message}`,
      )
    : error;
}
