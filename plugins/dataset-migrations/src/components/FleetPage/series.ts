import { DateTime } from 'luxon';
import { Tone } from '../shared/tones';
import { HistoryRange } from './useHistoryRange';

/** Numbers at one moment, in milliseconds since 1970. */
export type TimePoint = { at: number } & Record<string, number>;

/** One line of a chart. */
export interface Series {
  key: string;
  name: string;
  tone: Tone;
}

/** What a chart shows in words: the latest and the highest value of each line. */
export function describeChart(
  title: string,
  series: Series[],
  points: TimePoint[],
  range: HistoryRange,
  format: (value: number) => string,
): string {
  const lines = series.map(({ key, name }) => {
    const highest = points.reduce((a, b) => (b[key] > a[key] ? b : a));
    const latest = points[points.length - 1];
    const when = DateTime.fromMillis(highest.at).toFormat(range.format);
    return `${name}: now ${format(latest[key])}, highest ${format(
      highest[key],
    )} at ${when}.`;
  });
  return `${title}, ${range.name}. ${lines.join(' ')}`;
}
