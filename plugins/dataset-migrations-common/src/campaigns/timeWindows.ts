import { DateTime, IANAZone } from 'luxon';
import { quoteValue } from '../documents/problems';
import { TimeWindow, Weekday } from './types';

/** In the order of ISO 8601: Monday is 1. @public */
export const weekdays: readonly Weekday[] = [
  'mon',
  'tue',
  'wed',
  'thu',
  'fri',
  'sat',
  'sun',
];

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** A window opens within a week and a day, or never. */
const DAYS_AHEAD = 8;

/**
 * What is wrong with a value that should be a {@link TimeWindow}.
 *
 * @returns sentences that name the property and its value; none for a window
 * @public
 */
export function timeWindowProblems(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [
      `must have 'from', 'to' and 'timeZone', not be ${quoteValue(value)}`,
    ];
  }
  const { days, from, to, timeZone, ...others } = value as Record<
    string,
    unknown
  >;
  const problems = Object.keys(others).map(
    name => `has a property '${name}', which windows do not have`,
  );
  for (const [name, time] of Object.entries({ from, to })) {
    if (typeof time !== 'string' || !TIME.test(time)) {
      problems.push(
        `'${name}' must be a time such as '09:30', not ${quoteValue(time)}`,
      );
    }
  }
  if (typeof timeZone !== 'string' || !IANAZone.isValidZone(timeZone)) {
    problems.push(
      `'timeZone' must be an IANA name such as 'Europe/Berlin', not ${quoteValue(
        timeZone,
      )}`,
    );
  }
  if (days !== undefined && !isDays(days)) {
    problems.push(
      `'days' must list some of ${weekdays.join(', ')}, not ${quoteValue(
        days,
      )}`,
    );
  }
  return problems;
}

/**
 * When migrations may start again.
 *
 * @param windows - one open window is enough; without any they always may
 * @returns undefined while they may
 * @public
 */
export function opensAt(
  windows: readonly TimeWindow[],
  now: Date,
): Date | undefined {
  if (windows.length === 0) {
    return undefined;
  }
  const openings = windows.map(window => nextOpening(window, now.getTime()));
  const first = Math.min(...openings);
  return first <= now.getTime() ? undefined : new Date(first);
}

/** Openings that are looked at before windows count as never open together. */
const MAX_OPENINGS = 200;

/**
 * When migrations may start again for which each of several lists of windows, say of
 * a dataset and of a campaign, must be open.
 *
 * @returns undefined while they may, null when the lists are never open together
 * @public
 */
export function opensTogetherAt(
  lists: ReadonlyArray<readonly TimeWindow[]>,
  now: Date,
): Date | undefined | null {
  let moment = now;
  for (let looked = 0; looked < MAX_OPENINGS; looked += 1) {
    const then = moment;
    const closed = lists.flatMap(windows => opensAt(windows, then) ?? []);
    if (closed.length === 0) {
      return looked === 0 ? undefined : then;
    }
    moment = new Date(Math.max(...closed.map(Number)));
    if (Number.isNaN(moment.getTime())) {
      return null;
    }
  }
  return null;
}

/** In milliseconds of the epoch; `now` or before when it is open. */
function nextOpening(window: TimeWindow, now: number): number {
  const days = window.days ?? weekdays;
  const today = DateTime.fromMillis(now, { zone: window.timeZone }).startOf(
    'day',
  );
  for (let ahead = -1; ahead <= DAYS_AHEAD; ahead++) {
    const day = today.plus({ days: ahead });
    if (days.includes(weekdays[day.weekday - 1])) {
      const opens = at(day, window.from);
      const closes = at(
        window.to > window.from ? day : day.plus({ days: 1 }),
        window.to,
      );
      if (now < closes) {
        return opens;
      }
    }
  }
  return Infinity;
}

/** A time that daylight saving skips is the one an hour later. */
function at(day: DateTime, time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return day.set({ hour, minute }).toMillis();
}

function isDays(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every(day => weekdays.includes(day))
  );
}
