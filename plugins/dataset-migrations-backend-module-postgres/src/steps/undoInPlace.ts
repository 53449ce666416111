import { ConflictError } from '@backstage/errors';
import { RunState } from '../control/runs';
import { Session } from '../connection/Session';
import {
  isConstraintViolation,
  isDataException,
  sqlStateOf,
} from '../connection/sqlState';
import { ident, literal } from '../connection/sql';
import { RunContext } from '../RunContext';
import { findDependentsOfAll } from '../table/obstacles';
import { readTable } from '../table/readTable';

/**
 * `dependent_objects_still_exist`; `feature_not_supported`, as the type of a
 * column that a view reads cannot be changed.
 */
const inTheWay = ['2BP01', '0A000'];

/**
 * Takes a change of metadata back, in the live table, which the caller has
 * locked.
 *
 * @throws ConflictError when a row does not fit the old version, or something
 *   was built on the new one
 */
export async function undoInPlace(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<void> {
  const { run, place } = context;
  await requireFittingRows(session, context, state);
  const table = (await readTable(session, place))!;
  const dependents = await findDependentsOfAll(session, table);
  try {
    for (const statement of state.undo) {
      await session.query(statement);
    }
  } catch (error) {
    if (isDataException(error) || isConstraintViolation(error)) {
      throw misfit(context, (error as Error).message);
    }
    if (inTheWay.includes(sqlStateOf(error)!)) {
      throw new ConflictError(
        `${run.location.display} cannot go back to version ${
          run.fromVersion
        } under ${dependents.map(({ name }) => name).join(', ')}: ${
          (error as Error).message
        }`,
      );
    }
    throw error;
  }
}

/** PostgreSQL rounds numbers, and cuts blanks off, without a word. */
async function requireFittingRows(
  session: Session,
  context: RunContext,
  { widened }: RunState,
): Promise<void> {
  if (widened.length === 0) {
    return;
  }
  const counts = widened.map(
    ({ column, before }, index) =>
      `count(*) FILTER (WHERE ${changesAs(
        ident(column),
        before,
      )}) AS "${index}"`,
  );
  const [row] = await session.query(
    `SELECT ${counts.join(', ')} FROM ${context.live}`,
  );
  const misfits = widened.flatMap(({ column, before }, index) =>
    Number(row[index]) > 0
      ? [`${row[index]} in ${column}, which was ${before}`]
      : [],
  );
  if (misfits.length > 0) {
    throw misfit(context, misfits.join('; '));
  }
}

/** Whether a value would not be the same, or not be at all, in a type. */
function changesAs(column: string, type: string): string {
  const changed = type.startsWith('numeric')
    ? `${column}::${type} <> ${column}`
    : `${column}::${type}::text COLLATE "C" <> ${column}::text COLLATE "C"`;
  return `${column} IS NOT NULL AND CASE WHEN pg_input_is_valid(${column}::text, ${literal(
    type,
  )}) THEN ${changed} ELSE true END`;
}

function misfit({ run }: RunContext, what: string): ConflictError {
  return new ConflictError(
    `${run.location.display} holds rows that do not fit version ${run.fromVersion} any more: ${what}`,
  );
}
