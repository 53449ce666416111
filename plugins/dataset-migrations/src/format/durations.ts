import { DateTime } from 'luxon';
import { formatQuantity } from './numbers';

/** Seconds in the two largest units that matter: `0.4 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 9.95) {
    return `${Math.max(0, seconds).toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  if (whole < 3600) {
    return pair(Math.floor(whole / 60), 'min', whole % 60, 's');
  }
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) {
    return pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  }
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** Milliseconds below a second, else as {@link formatSeconds}: `20 ms`, `1.5 s`. */
export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 999.5
    ? `${Math.round(milliseconds)} ms`
    : formatSeconds(milliseconds / 1000);
}

const units: Array<[seconds: number, name: string]> = [
  [24 * 3600, 'day'],
  [3600, 'hour'],
  [60, 'minute'],
];

/** A span somebody set, in the largest unit that divides it: `7 days`, `36 hours`. */
export function formatSpan(seconds: number): string {
  const [size, name] = units.find(([unit]) => seconds % unit === 0) ?? [
    1,
    'second',
  ];
  return formatQuantity(seconds / size, name);
}

function pair(large: number, unit: string, small: number, smallUnit: string) {
  return small === 0
    ? `${large} ${unit}`
    : `${large} ${unit} ${small} ${smallUnit}`;
}

/** Seconds from one ISO 8601 time to another, or to `now`; undefined when it has not begun. */
export function secondsBetween(
  from: string | undefined,
  to: string | undefined,
  now: DateTime = DateTime.now(),
): number | undefined {
  if (!from) {
    return undefined;
  }
  const end = to ? DateTime.fromISO(to) : now;
  return Math.max(0, end.diff(DateTime.fromISO(from)).as('seconds'));
}
