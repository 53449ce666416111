import { AssertionError } from 'node:assert';
import assert from 'node:assert/strict';
import { ConformanceRow, EngineHarness, HarnessDataset } from './types';

/** Rows in the order of their ids, with their fields in alphabetical order. */
function canonical(rows: ConformanceRow[]): string[] {
  return rows
    .map(row =>
      JSON.stringify(
        Object.fromEntries(
          Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
      ),
    )
    .sort();
}

/** Whether both hold the same rows, the same number of times, in any order. */
export function sameRows(a: ConformanceRow[], b: ConformanceRow[]): boolean {
  return canonical(a).join('\n') === canonical(b).join('\n');
}

export function assertRows(
  actual: ConformanceRow[] | undefined,
  expected: ConformanceRow[],
  message: string,
): void {
  assert.ok(actual, `${message}: there are no rows to read`);
  assert.deepEqual(canonical(actual), canonical(expected), message);
}

/** Reads by the dataset's name and compares. */
export async function assertLive(
  harness: EngineHarness,
  dataset: HarnessDataset,
  expected: ConformanceRow[],
  message: string,
): Promise<void> {
  assertRows(await harness.read(dataset), expected, message);
}

/**
 * @param names - of the errors, any of which will do
 * @returns the error, for a look at its message
 */
export async function assertRejects(
  call: Promise<unknown>,
  names: string[],
  message: string,
): Promise<Error> {
  const error = await call.then(
    () => undefined,
    reason => reason as Error,
  );
  assert.ok(error, `${message}: it did not reject`);
  if (!names.includes(error.name)) {
    throw new AssertionError({
      message: `${message}: expected ${names.join(' or ')}, got ${
        error.name
      }: ${error.message}`,
    });
  }
  return error;
}
