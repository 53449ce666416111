import {
  columnName,
  Mapping,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { exprFields } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { claimChanges, KeyColumn, logNames } from '../control/changeLog';
import { RunState } from '../control/runs';
import { Session } from '../connection/Session';
import { plannedForValues, plannedOnce } from '../connection/sessionSettings';
import { ident, qualified } from '../connection/sql';
import { EmitScope } from '../emit/emitExpression';
import { emitProjection, soleProjection } from '../emit/projection';
import { insertStatement } from '../rows/projectionRowWriter';
import { isOurQuarantine } from '../quarantine/quarantineTable';
import { asideSql, mappedRows } from '../quarantine/setAside';
import { RunContext } from '../RunContext';
import { targetFlag } from '../control/flags';
import { sourceColumns } from '../table/layout';
import { comparable } from '../verify/relations';
import { keysRelation } from './dirtyRows';
import { mappedKey, sameDirty, sameKey } from './rowIdentity';
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
        fields: fields.filter(
          ({ field }) =>
            !state.columns.some(
              ({ name, generated }) => generated && name === columnName(field),
            ),
        ),
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
 * Rows are taken out and put in again, all of them at once, as an UPDATE would
 * trip over values of unique columns that have changed places. A row that was
 * set aside was never in the new version, so it stays unless that has a row of
 * its key by now, which somebody made of it; when that is gone again, it returns.
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
  await session.query(plannedForValues);
  const dirty = keysRelation(key);
  const before = state.identity.map(({ source }) => source);
  const written = sameDirty('fresh', key);
  const aside = asideSql(context.run.mapping, state.columns, 'before');
  const stays = aside
    ? ` AND (NOT ${aside.isAside} OR EXISTS (SELECT FROM ${live} AS fresh WHERE ${written}))`
    : '';
  const values = valuesBack(context, way);
  await session.execute(
    `WITH taken AS (
       DELETE FROM ${kept} AS before USING ${dirty} AS dirty
       WHERE ${sameKey(
         'before',
         before,
         keyBack(way, 'dirty'),
       )}${stays} RETURNING before.*
     )
     ${insertStatement(
       kept,
       values.map(({ column }) => column),
       `SELECT ${values.map(({ value }) => value).join(', ')}
       FROM ${live} AS fresh JOIN ${dirty} AS dirty ON ${written}
       LEFT JOIN taken AS before ON ${sameKey(
         'before',
         before,
         keyBack(way, 'fresh'),
       )}
       WHERE (SELECT count(*) FROM taken) >= 0`,
     )}`,
    keys,
  );
  await bringBackAside(session, context, way, keys);
  await session.query(plannedOnce);
  return entries;
}

/**
 * Of some keys, brings back what the quarantine has and neither version: rows
 * that were taken out of the old one while the new one had a row of their key.
 */
async function bringBackAside(
  session: Session,
  { run, live, kept }: RunContext,
  way: WayBack,
  keys: string[][],
): Promise<void> {
  const { identity, columns, quarantine } = way.state;
  if (
    !quarantine ||
    !(await isOurQuarantine(session, run.migrationId, quarantine))
  ) {
    return;
  }
  const before = identity.map(({ source }) => source);
  const names = columns
    .filter(({ generated }) => !generated)
    .map(({ name }) => name);
  const same = (relation: string) =>
    sameKey(relation, before, keyBack(way, 'dirty'));
  const written = sameDirty('fresh', way.key);
  await session.execute(
    insertStatement(
      kept,
      names,
      `SELECT ${names.map(name => `aside.${ident(name)}`).join(', ')}
       FROM ${qualified(quarantine)} AS aside
       JOIN ${keysRelation(way.key)} AS dirty ON ${same('aside')}
       WHERE NOT EXISTS (SELECT FROM ${live} AS fresh WHERE ${written})
         AND NOT EXISTS (SELECT FROM ${kept} AS before WHERE ${same(
        'before',
      )})`,
    ),
    keys,
  );
}

/**
 * The statement that logs every row of both versions as written; not those that
 * were set aside, which the new version never had.
 */
export function logAllKeys(
  { run, live, kept }: RunContext,
  { state, key }: WayBack,
): string {
  const ofKept = mappedKey(run.mapping, state.identity, 'source', name => name);
  const rows = mappedRows(kept, run.mapping, state.columns);
  return `INSERT INTO skein.${logNames(targetFlag(state)).table}
    SELECT ${key.map(({ name }) => ident(name)).join(', ')} FROM ${live}
    UNION SELECT ${ofKept.join(', ')} FROM ${rows}`;
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

/** What the columns of the old version get, of rows `fresh` and `before`. */
function valuesBack(
  { run }: RunContext,
  way: WayBack,
): Array<{ column: string; value: string }> {
  const forward = soleProjection(run.mapping)!;
  const { identity, columns, made } = way.state;
  const scope = {
    relation: 'before',
    columns: sourceColumns(run.mapping.source, columns),
  };
  const isNew = `before.${ident(identity[0].source.name)} IS NULL`;
  // It became nothing in the new version that could still be the same.
  const aside = asideSql(run.mapping, columns, 'before');
  const differs = (name: string) => {
    const projected = forward.find(({ field }) => field.name === name)!;
    const column = columnName(projected.field);
    const { type } = made.find(other => other.name === column)!;
    const [{ value }] = emitProjection([projected], scope);
    return `${comparable(
      `(${value})::${type}`,
      type,
    )} IS DISTINCT FROM ${comparable(`fresh.${ident(column)}`, type)}`;
  };
  return emitProjection(way.fields, freshScope(way, 'fresh')).map(
    ({ projected, value }) => {
      const column = columnName(projected.field);
      const read = exprFields(projected.expression);
      const changed = [
        isNew,
        ...(aside && read.length > 0 ? [aside.isAside] : []),
        ...read.map(differs),
      ].join(' OR ');
      return {
        column,
        value: `CASE WHEN ${changed} THEN ${value} ELSE before.${ident(
          column,
        )} END`,
      };
    },
  );
}
