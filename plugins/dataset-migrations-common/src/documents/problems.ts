import { InputError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';

/**
 * One thing that is wrong in a document.
 *
 * @public
 */
export interface DocumentProblem {
  /** Where: `schema[0].properties[2].logicalType`; empty for the whole document. */
  path: string;
  /** The rule that is broken, as a sentence. */
  message: string;
  /** What stands there, if anything. */
  value?: JsonValue;
}

/** Problems beyond this number are counted, not listed. */
const LISTED_PROBLEMS = 20;

/** A value as it is quoted in messages: JSON, cut to one readable line. */
export function quoteValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/**
 * One problem as a sentence with path and value.
 *
 * @public
 */
export function formatProblem(problem: DocumentProblem): string {
  const where = problem.path ? `${problem.path}: ` : '';
  const value =
    problem.value === undefined ? '' : ` (got ${quoteValue(problem.value)})`;
  return `${where}${problem.message}${value}`;
}

/** An InputError that lists everything that is wrong with a document. */
export function problemsError(
  what: string,
  problems: DocumentProblem[],
): InputError {
  const listed = problems.slice(0, LISTED_PROBLEMS).map(formatProblem);
  if (problems.length > LISTED_PROBLEMS) {
    listed.push(`and ${problems.length - LISTED_PROBLEMS} more`);
  }
  return new InputError(`${what}: ${listed.join('; ')}`);
}
