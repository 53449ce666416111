import { InputError } from '@backstage/errors';

/** A check of one part of a position; a regular expression is one, too. */
export interface PartCheck {
  test(part: string): boolean;
}

export const UUID: PartCheck =
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const TIMESTAMP_PARTS =
  /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d{1,6})?[+-](\d\d)(?::[0-5]\d){0,2}$/;

/** A point in time as PostgreSQL writes it, with all its digits. */
export const TIMESTAMP: PartCheck = {
  test(part) {
    const [, day, time, offset] = TIMESTAMP_PARTS.exec(part) ?? [];
    const moment = new Date(`${day}T${time}Z`);
    // No 30th of February: what the calendar moves does not come back the same.
    return (
      !Number.isNaN(moment.getTime()) &&
      moment.toISOString().startsWith(`${day}T${time}`) &&
      Number(offset) < 16
    );
  },
};

/**
 * A cursor: the list it is of and the position after which the next page
 * begins. Opaque to callers, and nothing secret or trusted: it only ever becomes
 * bound parameters of a comparison.
 */
export function encodeCursor(list: string, position: string[]): string {
  return Buffer.from(JSON.stringify([list, ...position])).toString('base64url');
}

/**
 * @param checks - what each part of the position must be
 * @throws InputError for anything that {@link encodeCursor} did not make for
 *   this list
 */
export function decodeCursor(
  list: string,
  checks: PartCheck[],
  cursor: string,
): string[] {
  const [of, ...position] = parse(cursor);
  const valid =
    of === list &&
    position.length === checks.length &&
    checks.every((check, index) => {
      const part = position[index];
      return typeof part === 'string' && check.test(part);
    });
  if (!valid) {
    throw new InputError(`'${cursor}' is not a cursor of this list`);
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
