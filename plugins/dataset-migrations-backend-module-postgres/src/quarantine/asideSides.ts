import {
  columnName,
  Field,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ident, qualified } from '../connection/sql';
import { RunState } from '../control/runs';
import { RunContext } from '../RunContext';
import { sameDirty } from '../sync/rowIdentity';
import { isKeyed } from '../sync/writtenRows';
import { comparable, ComparedColumn, Relation } from '../verify/relations';
import { asideSql, rowsAside } from './setAside';
import { ASIDE_COLUMNS } from './quarantineTable';

/** A run that sets rows aside. */
export type AsideState = RunState & Required<Pick<RunState, 'quarantine'>>;

export function setsAside(state: RunState): state is AsideState {
  return state.quarantine !== undefined;
}

/** Which rows of both sides: all, those that have one of some keys, or the others. */
export type Among = 'all' | { with: string } | { without: string };

/**
 * The rows of the source that the mapping sets aside, and those in quarantine,
 * each with all columns of the source and the fields that failed.
 *
 * @param among - keys as SQL of a relation with the source's keys, each once
 */
export function asideSides(
  { run, live }: RunContext,
  state: AsideState,
  among: Among = 'all',
): { source: Relation; target: Relation; columns: ComparedColumn[] } {
  const aside = asideSql(run.mapping, state.columns)!;
  const columns = comparedAside(run.mapping.source, state);
  const values = (relation: string, fields: string) =>
    columns
      .map(({ name, type }, index) => {
        const value =
          name === ASIDE_COLUMNS.fields ? fields : `${relation}.${ident(name)}`;
        return `${comparable(value, type)} AS v${index}`;
      })
      .join(', ');
  const rows = rowsAside(live, aside, clauseOf(state, 'source', among));
  const kept = `${qualified(state.quarantine)} AS target ${clauseOf(
    state,
    'target',
    among,
  )}`;
  return {
    source: `SELECT ${values('source', aside.fields)} FROM ${rows}`,
    target: `SELECT ${values(
      'target',
      `target.${ident(ASIDE_COLUMNS.fields)}`,
    )} FROM ${kept}`,
    columns,
  };
}

function comparedAside(fields: Field[], state: AsideState): ComparedColumn[] {
  return [
    ...state.columns.map(({ name, type }) => ({
      field: fields.find(field => columnName(field) === name)!,
      name,
      type,
      expectedType: type,
    })),
    {
      field: {
        name: ASIDE_COLUMNS.fields,
        type: { kind: 'array', items: { kind: 'string' } },
        required: true,
        unique: false,
      },
      name: ASIDE_COLUMNS.fields,
      type: 'text[]',
      expectedType: 'text[]',
    },
  ];
}

/**
 * What follows the alias of a table with the source's columns, for some of its
 * rows; see {@link Among}.
 */
export function clauseOf(
  state: RunState,
  relation: string,
  among: Among,
): string {
  if (among === 'all' || !isKeyed(state)) {
    return '';
  }
  const key = state.identity.map(({ source }) => source);
  const same = sameDirty(relation, key);
  return 'with' in among
    ? `JOIN ${among.with} AS dirty ON ${same}`
    : `WHERE NOT EXISTS (SELECT FROM ${among.without} AS dirty WHERE ${same})`;
}
