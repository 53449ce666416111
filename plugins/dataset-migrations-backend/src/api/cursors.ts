import { InputError } from '@backstage/errors';

/** A point in time as PostgreSQL writes it, with all its digits. */
export const TIMESTAMP =
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d){0,2}$/;

export const UUID =
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * A cursor: the list it is of and the position after which the next page
 * begins. Opaque to callers, and nothing secret or trusted: it only ever becomes
 * bound parameters of a comparison.
 */
export function encodeCursor(list: string, position: string[]): string {
  return Buffer.from(JSON.stringify([list, ...position])).toString('base64url');
}

/**
 * @param patterns - what each part of the position must look like
 * @throws InputError for anything that {@link encodeCursor} did not make for
 *   this list
 */
export function decodeCursor(
  list: string,
  patterns: RegExp[],
  cursor: string,
): string[] {
  const [of, ...position] = parse(cursor);
  const valid =
    of === list &&
    position.length === patterns.length &&
    patterns.every((pattern, index) => {
      const part = position[index];
      return typeof part === 'string' && pattern.test(part);
    });
  if (!valid) {
    throw new InputError(`cursor '${cursor}' is not one of this list`);
  }
  return position as string[];
}

function parse(cursor: string): unknown[] {
  try {
    const value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
