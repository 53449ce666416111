/** Microseconds. */
export const SECOND = 1_000_000n;
export const MINUTE = 60n * SECOND;
export const HOUR = 60n * MINUTE;
export const DAY = 24n * HOUR;

/** Rounds down, unlike the division of bigint. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

export interface CivilDate {
  year: number;
  /** From 1. */
  month: number;
  day: number;
}

/**
 * Days since 1970-01-01 in the proleptic Gregorian calendar.
 * Algorithm: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
export function daysFromCivil({ year, month, day }: CivilDate): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear =
    Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra =
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear;
  return era * 146097 + dayOfEra - 719468;
}

/** The inverse of {@link daysFromCivil}. */
export function civilFromDays(days: number): CivilDate {
  const z = days + 719468;
  const era = Math.floor(z / 146097);
  const dayOfEra = z - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36524) -
      Math.floor(dayOfEra / 146096)) /
      365,
  );
  const dayOfYear =
    dayOfEra -
    (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  };
}

/** Whether there is such a day, in the years 1 to 9999. */
export function isValidDate(date: CivilDate): boolean {
  if (date.year < 1 || date.year > 9999 || date.month < 1 || date.month > 12) {
    return false;
  }
  const { year, month, day } = civilFromDays(daysFromCivil(date));
  return year === date.year && month === date.month && day === date.day;
}

/** 1 for Monday to 7 for Sunday. */
export function isoWeekday(days: number): number {
  return ((((days + 3) % 7) + 7) % 7) + 1;
}

/** ISO 8601 week: week 1 is the one with the year's first Thursday. */
export function isoWeek(days: number): { year: number; week: number } {
  const thursday = days - isoWeekday(days) + 4;
  const { year } = civilFromDays(thursday);
  const firstOfYear = daysFromCivil({ year, month: 1, day: 1 });
  return { year, week: Math.floor((thursday - firstOfYear) / 7) + 1 };
}

const pad = (value: number | bigint, length = 2) =>
  String(value).padStart(length, '0');

/** `2020-01-31`. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
}

/** `13:45:00.5`: as many digits of a second as there are. */
export function formatTime(micros: bigint): string {
  const seconds = micros / SECOND;
  const fraction = micros % SECOND;
  const suffix =
    fraction === 0n ? '' : `.${pad(fraction, 6).replace(/0+$/, '')}`;
  return `${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(
    seconds % 60n,
  )}${suffix}`;
}

/** `2020-01-31T13:45:00.5`, with the given character in the middle. */
export function formatTimestamp(micros: bigint, separator: 'T' | ' '): string {
  const days = floorDiv(micros, DAY);
  return `${formatDate(Number(days))}${separator}${formatTime(
    micros - days * DAY,
  )}`;
}
