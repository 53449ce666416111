import {
  Mapping,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { exprFields } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { claimChanges, KeyColumn } from '../control/changeLog';
import { RunState } from '../control/runs';
import { Session } from '../connection/Session';
import { ident } from '../connection/sql';
import { EmitScope } from '../emit/emitExpression';
import { emitProjection, soleProjection } from '../emit/projection';
import { insertStatement } from '../rows/projectionRowWriter';
import { RunContext } from '../RunContext';
import { targetFlag } from '../steps/sourceChanges';
import { columnName, sourceColumns } from '../table/layout';
import { comparable } from '../verify/relations';
import { keysRelation } from './dirtyRows';
import { mappedKey, sameKey } from './rowIdentity';
import { isKeyed, KeyedState } from './writtenRows';

/** How what is written to the new version comes back to the old one. */
export interface WayBack {
  state: KeyedState;
  inverse: Mapping;
  /** The fields of the old version, each from those of the new one. */
  fields: ProjectedField[];
  /** The columns of the new version by which written rows are found. */
  key: KeyColumn[];
}

/** Undefined where the mapping has no inverse, or rows no identity. */
export function wayBackOf(
  { run }: RunContext,
  state: RunState,
): WayBack | undefined {
  const { inverse } = run.mapping;
  const fields = inverse && soleProjection(inverse);
  return fields && isKeyed(state)
    ? {
        state,
        inverse,
        fields,
        key: state.identity.map(({ target }) => target),
      }
    : undefined;
}

/**
 * Brings a number of writes that were made to the new version back into the
 * kept old one. A value of the old version stays where what it became in the
 * new one has not been changed since, so nothing is lost that the new version
 * cannot hold; only the others are computed back.
 *
 * @returns the number of entries that were taken off the log
 */
export async function bringBackSome(
  session: Session,
  context: RunContext,
  way: WayBack,
  limit: number,
): Promise<number> {
  const { live, kept } = context;
  const { state, key } = way;
  const { keys, entries } = await claimChanges(
    session,
    targetFlag(state),
    key,
    limit,
  );
  if (entries === 0) {
    return 0;
  }
  const dirty = keysRelation(key);
  const names = key.map((_, index) => `k${index}`);
  const ofFresh = sameKey(
    'fresh',
    key,
    names.map(name => `dirty.${name}`),
  );
  const ofBefore = (relation: 'fresh' | 'dirty') =>
    sameKey(
      'before',
      state.identity.map(({ source }) => source),
      keyBack(way, relation),
    );
  await session.execute(
    `DELETE FROM ${kept} AS before USING ${dirty} AS dirty
     WHERE ${ofBefore(
       'dirty',
     )} AND NOT EXISTS (SELECT FROM ${live} AS fresh WHERE ${ofFresh})`,
    keys,
  );
  const changes = changedValues(context, way);
  if (changes.length > 0) {
    await session.execute(
      `UPDATE ${kept} AS before SET ${changes.join(', ')}
       FROM ${live} AS fresh JOIN ${dirty} AS dirty ON ${ofFresh} WHERE ${ofBefore(
        'fresh',
      )}`,
      keys,
    );
  }
  const values = emitProjection(way.fields, freshScope(way, 'fresh'));
  await session.execute(
    insertStatement(
      kept,
      values.map(({ projected }) => columnName(projected.field)),
      `SELECT ${values
        .map(({ value }) => value)
        .join(', ')} FROM ${live} AS fresh JOIN ${dirty} AS dirty ON ${ofFresh}
       WHERE NOT EXISTS (SELECT FROM ${kept} AS before WHERE ${ofBefore(
        'fresh',
      )})`,
    ),
    keys,
  );
  return entries;
}

/** The new version's columns, as the expressions of the inverse read them. */
export function freshScope(
  { inverse, state }: WayBack,
  relation: string,
): EmitScope {
  return { relation, columns: sourceColumns(inverse.source, state.made) };
}

/** SQL of the old version's key, of a row of the new one or of its key. */
export function keyBack(
  { inverse, state }: WayBack,
  relation: string,
): string[] {
  const identity = state.identity.map(({ source, target }) => ({
    source: target,
    target: source,
  }));
  return mappedKey(inverse, identity, relation, (name, index) =>
    relation === 'dirty' ? `k${index}` : name,
  );
}

/** `column = value` for every column that can have been written. */
function changedValues({ run }: RunContext, way: WayBack): string[] {
  const forward = soleProjection(run.mapping)!;
  const before = {
    relation: 'before',
    columns: sourceColumns(run.mapping.source, way.state.columns),
  };
  const differs = (name: string) => {
    const projected = forward.find(({ field }) => field.name === name)!;
    const column = columnName(projected.field);
    const { type } = way.state.made.find(made => made.name === column)!;
    const [{ value }] = emitProjection([projected], before);
    return `${comparable(
      `(${value})::${type}`,
      type,
    )} IS DISTINCT FROM ${comparable(`fresh.${ident(column)}`, type)}`;
  };
  return emitProjection(way.fields, freshScope(way, 'fresh')).flatMap(
    ({ projected, value }) => {
      const column = ident(columnName(projected.field));
      const read = exprFields(projected.expression);
      return read.length === 0
        ? []
        : [
            `${column} = CASE WHEN ${read
              .map(differs)
              .join(' OR ')} THEN ${value} ELSE before.${column} END`,
          ];
    },
  );
}
