import { logColumns } from '../control/changeLog';
import { RunState } from '../control/runs';
import { RunContext } from '../RunContext';
import {
  ComparedColumn,
  mappedRelation,
  Relation,
  targetRelation,
} from '../verify/relations';
import { mappedKey, RowIdentity, sameDirty, sameKey } from './rowIdentity';

/** A run whose writes are brought over. */
export type KeyedState = RunState & { identity: RowIdentity };

export function isKeyed(state: RunState): state is KeyedState {
  return state.identity !== undefined;
}

/** The two sides of a comparison. */
export interface Rows {
  source: Relation;
  target: Relation;
}

/**
 * The rows of both versions that have one of some keys.
 *
 * @param keys - SQL of a relation with the source's keys, each once
 */
export function rowsAmong(
  context: RunContext,
  state: KeyedState,
  columns: ComparedColumn[],
  keys: string,
): Rows {
  const { source, target } = matches(context, state);
  return rowsWith(context, state, columns, {
    source: `JOIN ${keys} AS dirty ON ${source}`,
    target: `JOIN ${keys} AS dirty ON ${target}`,
  });
}

/** All other rows; see {@link rowsAmong}. */
export function rowsBut(
  context: RunContext,
  state: KeyedState,
  columns: ComparedColumn[],
  keys: string,
): Rows {
  const { source, target } = matches(context, state);
  return rowsWith(context, state, columns, {
    source: `WHERE NOT EXISTS (SELECT FROM ${keys} AS dirty WHERE ${source})`,
    target: `WHERE NOT EXISTS (SELECT FROM ${keys} AS dirty WHERE ${target})`,
  });
}

/** SQL that is true where a row of one side has a key of the relation `dirty`. */
function matches({ run }: RunContext, { identity }: KeyedState) {
  const key = identity.map(({ source }) => source);
  const names = logColumns(key);
  return {
    source: sameDirty('source', key),
    target: sameKey(
      'target',
      identity.map(({ target }) => target),
      mappedKey(run.mapping, identity, 'dirty', (_, index) => names[index]),
    ),
  };
}

function rowsWith(
  { run, live, shadow }: RunContext,
  state: KeyedState,
  columns: ComparedColumn[],
  clauses: { source: string; target: string },
): Rows {
  return {
    source: mappedRelation(
      live,
      run.mapping,
      state.columns,
      columns,
      clauses.source,
    ),
    target: targetRelation(shadow, columns, clauses.target),
  };
}
