import {
  ConsumerAnswer,
  ConsumerAnswerKind,
  ConsumerRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { DateTime } from 'luxon';

/** What a consumer is asked for, as it is told to the dataset's owner. */
export const requestNames: Record<ConsumerRequest, string> = {
  adapt: 'stop reading what changes, or acknowledge',
  declare: 'declare what it reads, or acknowledge',
  'raise-version': 'raise the version that it accepts',
  nothing: 'nothing',
};

export const answerNames: Record<ConsumerAnswerKind | 'none', string> = {
  ready: 'acknowledged',
  'more-time': 'more time',
  none: 'no answer',
};

/** What the owner of a consumer said, in a few words: `ready from Dec 1, 2026`. */
export function describeAnswer(answer: ConsumerAnswer): string {
  const { kind, date, dropped } = answer;
  if (dropped !== undefined) {
    return 'acknowledged other changes';
  }
  if (kind === 'more-time') {
    return `asks for time until ${formatDay(date!)}`;
  }
  return date === undefined ? 'ready' : `ready from ${formatDay(date)}`;
}

/** A day, as people write it: `Dec 1, 2026`. */
export function formatDay(at: string): string {
  return DateTime.fromISO(at).setLocale('en').toLocaleString(DateTime.DATE_MED);
}

/**
 * A day as a date field gives it, `2026-12-01`, as a time.
 *
 * @param end - its last moment, else its first one
 */
export function timeOfDay(day: string, end: boolean): string {
  const date = DateTime.fromISO(day);
  return (end ? date.endOf('day') : date.startOf('day')).toUTC().toISO()!;
}

/** The day of a time as date fields take it. */
export function dayOfTime(at: string | undefined): string {
  return at === undefined ? '' : DateTime.fromISO(at).toISODate()!;
}

/** The first day that a date field offers. */
export function tomorrow(): string {
  return DateTime.now().plus({ days: 1 }).toISODate()!;
}
