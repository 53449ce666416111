import { JsonValue } from '@backstage/types';
import { timeWindowProblems } from '../campaigns/timeWindows';
import { TimeWindow } from '../campaigns/types';
import { DocumentProblem } from '../documents/problems';

/** Where an entity says when campaigns may migrate it. */
export const MIGRATION_WINDOWS = 'spec.migrationWindows';

const MAX_WINDOWS = 20;

/**
 * Reads `spec.migrationWindows`.
 *
 * @param problems - gets what is wrong
 * @returns none where anything is wrong
 */
export function readMigrationWindows(
  value: JsonValue | undefined,
  problems: DocumentProblem[],
): TimeWindow[] {
  if (value === undefined) {
    return [];
  }
  const found = Array.isArray(value)
    ? value.flatMap((window, index) =>
        timeWindowProblems(window).map(message => ({
          path: `${MIGRATION_WINDOWS}[${index}]`,
          message,
        })),
      )
    : [{ path: MIGRATION_WINDOWS, message: 'must be a list of windows' }];
  if (Array.isArray(value) && value.length > MAX_WINDOWS) {
    found.push({
      path: MIGRATION_WINDOWS,
      message: `must have at most ${MAX_WINDOWS} entries, not ${value.length}`,
    });
  }
  problems.push(...found);
  return found.length > 0 ? [] : (value as unknown as TimeWindow[]);
}
