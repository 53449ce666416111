import { ConflictError, InputError } from '@backstage/errors';
import { refusesMigration } from '@skein/backstage-plugin-dataset-migrations-common';
import { RunState } from '../control/runs';
import {
  isConstraintViolation,
  isDataException,
  sqlStateOf,
} from '../connection/sqlState';
import { preflight, PreflightRequest } from '../preflight';
import { RunContext } from '../RunContext';

const DISK_FULL = '53100';

/**
 * Turns what PostgreSQL says about a row that does not fit into a sentence that
 * names the field and the number of rows (G10), but no value (G11); any other
 * error stays as it is.
 */
export async function explainFailure(
  context: RunContext,
  state: RunState,
  error: unknown,
): Promise<unknown> {
  const { run } = context;
  if (sqlStateOf(error) === DISK_FULL) {
    return new ConflictError(
      `The disk of ${run.location.connection} is full; the live table is untouched. Make room and retry.`,
    );
  }
  const isAboutRows = isDataException(error) || isConstraintViolation(error);
  if (!isAboutRows || run.signal.aborted) {
    return error;
  }
  const reasons = await misfits(context, {
    mapping: run.mapping,
    columns: state.columns,
  });
  return new InputError(
    reasons.length > 0
      ? reasons.map(reason => `${reason}.`).join(' ')
      : `A row of ${run.location.display} does not fit version ${
          run.toVersion
        }: ${(error as Error).message}`,
  );
}

/** Why rows of the live table do not fit a mapping, in sentences without values. */
export async function misfits(
  { run, place, warehouse }: RunContext,
  fitted: Pick<PreflightRequest, 'mapping' | 'columns'>,
): Promise<string[]> {
  const { findings } = await warehouse.transaction(
    { signal: run.signal, readOnly: true },
    session => preflight(session, { ...fitted, place, samples: 0 }),
  );
  return findings.filter(refusesMigration).map(({ message }) => message);
}
