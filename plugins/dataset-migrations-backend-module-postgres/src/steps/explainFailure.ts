import { ConflictError, InputError } from '@backstage/errors';
import {
  Field,
  PreflightFinding,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { RunState } from '../control/runs';
import {
  isConstraintViolation,
  isDataException,
  sqlStateOf,
} from '../connection/sqlState';
import { preflight } from '../preflight';
import { RunContext } from '../RunContext';

const DISK_FULL = '53100';

/** Values of such fields are not shown (G11). */
const secret = ['restricted', 'confidential'];

/**
 * Turns what PostgreSQL says about a row that does not fit into a sentence that
 * names the field and a value (G10); any other error stays as it is.
 */
export async function explainFailure(
  context: RunContext,
  state: RunState,
  error: unknown,
): Promise<unknown> {
  const { run, warehouse, place } = context;
  if (sqlStateOf(error) === DISK_FULL) {
    return new ConflictError(
      `The disk of ${run.location.connection} is full; the live table is untouched. Make room and retry.`,
    );
  }
  const isAboutRows = isDataException(error) || isConstraintViolation(error);
  if (!isAboutRows || run.signal.aborted) {
    return error;
  }
  const { findings } = await warehouse.transaction(
    { signal: run.signal, readOnly: true },
    session =>
      preflight(session, {
        place,
        mapping: run.mapping,
        columns: state.columns,
        samples: 1,
      }),
  );
  return new InputError(
    findings.length > 0
      ? findings.map(finding => sentence(finding, run.mapping)).join(' ')
      : `A row of ${run.location.display} does not fit version ${
          run.toVersion
        }: ${(error as Error).message}`,
  );
}

function sentence(
  { field, message, samples }: PreflightFinding,
  { source, target }: { source: Field[]; target: Field[] },
): string {
  const hidden = [...source, ...target].some(
    ({ name, classification }) =>
      name === field && secret.includes(classification ?? ''),
  );
  const [value] = samples ?? [];
  return value === undefined || hidden
    ? `${message}.`
    : `${message}, for example '${value.slice(0, 100)}'.`;
}
