import { columnName } from '@skein/backstage-plugin-dataset-migrations-common';
import { SourceChangedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { RunState } from '../control/runs';
import { Session } from '../connection/Session';
import { emitProjection, soleProjection } from '../emit/projection';
import { RunContext } from '../RunContext';
import { createVersionView, dropVersionView } from '../shadow/versionViews';
import { alterStatements, undoStatements } from '../table/alterStatements';
import { Layout, layOut, sourceColumns } from '../table/layout';
import { surroundingsOf } from '../table/obstacles';
import { readTable } from '../table/readTable';
import { chooseStrategy } from '../table/strategy';
import { TableDefinition } from '../table/TableDefinition';
import { refuseObstacles } from './sourceChanges';

/** Alters the live table, which the caller has locked. */
export async function alterLive(
  session: Session,
  context: RunContext,
): Promise<Pick<RunState, 'undo' | 'widened'>> {
  const { table, layout } = await requireSameLayout(session, context);
  const strategy = 'metadata-only';
  const { obstacles } = await surroundingsOf(session, table, {
    strategy,
    layout,
    policy: context.run.policy,
    mapping: context.run.mapping,
  });
  refuseObstacles(context, obstacles);
  for (const statement of alterStatements(context.live, layout, {
    empty: false,
  })) {
    await session.query(statement);
  }
  return {
    undo: undoStatements(context.live, layout, table),
    widened: layout.columns.flatMap(({ from, newType, name }) =>
      from && newType ? [{ column: name, before: from.type }] : [],
    ),
  };
}

/** The new version is a view of the live table, so it never lags behind. */
export async function publishBeside(
  session: Session,
  context: RunContext,
): Promise<Partial<RunState>> {
  const { run, live } = context;
  const { table, layout } = await requireSameLayout(session, context);
  const emitted = emitProjection(soleProjection(run.mapping)!, {
    relation: 'source',
    columns: sourceColumns(run.mapping.source, table.columns),
  });
  await createVersionView(session, context, {
    version: run.fromVersion,
    table: live,
    writable: true,
  });
  await createVersionView(session, context, {
    version: run.toVersion,
    table: live,
    writable: true,
    columns: emitted.map(({ projected: { field }, value }) => {
      const name = columnName(field);
      const { newType } = layout.columns.find(column => column.name === name)!;
      return { name, value: newType ? `(${value})::${newType}` : value };
    }),
  });
  return {};
}

/** The live table itself becomes what the view of the new version showed. */
export async function retireInPlace(
  session: Session,
  context: RunContext,
): Promise<void> {
  const { run, live } = context;
  await dropVersionView(session, context, run.fromVersion);
  await dropVersionView(session, context, run.toVersion);
  await alterLive(session, context);
  await createVersionView(session, context, {
    version: run.toVersion,
    table: live,
    writable: true,
  });
}

/** @throws SourceChangedError when the change is not one of metadata any more */
export async function requireSameLayout(
  session: Session,
  { run, place }: RunContext,
): Promise<{ table: TableDefinition; layout: Layout }> {
  const table = await readTable(session, place);
  const layout = table && layOut(run.mapping, table);
  if (!layout || chooseStrategy(run.mapping, layout) !== 'metadata-only') {
    throw new SourceChangedError(
      `${run.location.display} was altered since the migration began, so that it would have to be copied; nothing was switched`,
    );
  }
  return { table, layout };
}
