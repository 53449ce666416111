import { Duration } from 'luxon';
import { ServiceLevel } from '../contracts/types';

/** A promise as a number that others of its kind can be compared with. */
export interface Amount {
  of: 'time' | 'percent' | 'moment' | `number ${string}`;
  /** Of time in milliseconds, of a moment in those since 1970. */
  amount: number;
}

const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** Milliseconds in a unit, by its first letters. */
const units: ReadonlyArray<[RegExp, number]> = [
  [/^(ms|milli(second)?s?)$/, 1],
  [/^(s|secs?|seconds?)$/, SECOND],
  [/^(m|mins?|minutes?)$/, 60 * SECOND],
  [/^(h|hrs?|hours?)$/, 3600 * SECOND],
  [/^(d|days?)$/, DAY],
  [/^(w|wks?|weeks?)$/, 7 * DAY],
  [/^(mo|mths?|months?)$/, 30 * DAY],
  [/^(y|yrs?|years?)$/, 365 * DAY],
];

/**
 * Reads what a service level promises: `99.9%`, `500ms`, `4` of unit `d`, `P1Y`,
 * `2027-01-01`, `unlimited`.
 *
 * @returns undefined for what is no amount
 */
export function readAmount({ value, unit }: ServiceLevel): Amount | undefined {
  if (typeof value === 'number') {
    return withUnit(value, unit ?? '');
  }
  if (typeof value !== 'string') {
    return undefined;
  }
  const text = value.trim();
  if (/^unlimited$/i.test(text)) {
    return { of: 'time', amount: Infinity };
  }
  const number = /^([+-]?\d+(?:\.\d+)?)\s*([a-z%]*)$/i.exec(text);
  if (number) {
    return withUnit(Number(number[1]), number[2] || (unit ?? ''));
  }
  const duration = Duration.fromISO(text);
  if (duration.isValid) {
    return { of: 'time', amount: duration.toMillis() };
  }
  const moment = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(moment) ? undefined : { of: 'moment', amount: moment };
}

function withUnit(amount: number, unit: string): Amount {
  const word = unit.trim().toLocaleLowerCase('en-US');
  if (word === '%' || word === 'percent') {
    return { of: 'percent', amount };
  }
  const milliseconds = units.find(([pattern]) => pattern.test(word))?.[1];
  return milliseconds === undefined
    ? { of: `number ${word}`, amount }
    : { of: 'time', amount: amount * milliseconds };
}
