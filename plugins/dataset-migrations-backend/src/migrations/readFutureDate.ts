import { InputError } from '@backstage/errors';

/** PostgreSQL takes later ones, people do not mean them. */
const LATEST = new Date('2100-01-01');

/**
 * A time that somebody set, ISO 8601.
 *
 * @throws InputError naming field and value for one that is none, is past, or is
 *   in another century
 */
export function readFutureDate(field: string, value: string): Date {
  const date = new Date(value);
  if (Number.isNaN(date.getTime()) || !isDay(value.slice(0, 10))) {
    throw new InputError(`${field} '${value}' is not a date and time`);
  }
  if (date <= new Date()) {
    throw new InputError(`${field} '${value}' is past`);
  }
  if (date >= LATEST) {
    throw new InputError(`${field} '${value}' must be before 2100`);
  }
  return date;
}

/** Whether there is such a day: `Date` takes 31 February for 3 March. */
function isDay(text: string): boolean {
  const day = new Date(text);
  return (
    !Number.isNaN(day.getTime()) && day.toISOString().slice(0, 10) === text
  );
}
