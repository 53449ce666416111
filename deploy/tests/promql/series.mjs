import { childOf, nodesOf, parse } from './parse.mjs';

/** Marks the end of a series, as Prometheus writes it when a target is gone. */
export const STALE = Symbol('stale');

/** Seconds that an instant selector looks back. */
const LOOKBACK = 300;

/**
 * @typedef {object} Series
 * @property {Record<string, string>} labels - The name is `__name__`.
 * @property {{ at: number, value: number | typeof STALE }[]} samples - By time,
 *   in seconds.
 */

/** What a selector asks for: `{ label: '__name__', op: '=', value: 'up' }`. */
export function matchersOf(selector) {
  const name = childOf(selector, 'Identifier');
  return [
    ...(name ? [{ label: '__name__', op: '=', value: name.text }] : []),
    ...nodesOf(selector, 'UnquotedLabelMatcher').map(({ children }) => {
      const [label, op, value] = children;
      return { label: label.text, op: op.text, value: JSON.parse(value.text) };
    }),
  ];
}

const TESTS = {
  '=': (actual, value) => actual === value,
  '!=': (actual, value) => actual !== value,
  '=~': (actual, value) => new RegExp(`^(?:${value})$`).test(actual),
  '!~': (actual, value) => !new RegExp(`^(?:${value})$`).test(actual),
};

/** Those of the series that a selector asks for. */
export function select(series, selector) {
  const matchers = matchersOf(selector);
  return series.filter(({ labels }) =>
    matchers.every(({ label, op, value }) =>
      TESTS[op](labels[label] ?? '', value),
    ),
  );
}

/** The value of a series at a moment; undefined where it has none. */
export function valueAt({ samples }, at) {
  const latest = samples.findLast(sample => sample.at <= at);
  const isThere = latest && latest.at > at - LOOKBACK && latest.value !== STALE;
  return isThere ? latest.value : undefined;
}

/** The samples of the last `range` seconds; the first moment is not among them. */
export function samplesIn({ samples }, at, range) {
  return samples.filter(
    sample =>
      sample.at > at - range && sample.at <= at && sample.value !== STALE,
  );
}

/**
 * Reads the notation of `promtool test rules`: `0+60x10 _x5 3 stale`.
 *
 * @returns {(number | typeof STALE | undefined)[]}
 */
export function readValues(notation) {
  return notation
    .trim()
    .split(/\s+/)
    .flatMap(part => {
      const [, first, step, times] =
        /^(_|stale|-?[\d.]+)([+-][\d.]+)?(?:x(\d+))?$/.exec(part) ?? [];
      if (first === undefined) throw new Error(`'${part}' are no values`);
      if (first === '_') return Array(Number(times ?? 1)).fill(undefined);
      if (first === 'stale') return [STALE];
      return Array.from(
        { length: Number(times ?? 0) + 1 },
        (_, index) => Number(first) + index * Number(step ?? 0),
      );
    });
}

/**
 * A series of a rule test.
 *
 * @param {{ series: string, values: string }} input
 * @param {number} interval - Seconds between two values.
 * @returns {Series}
 */
export function readSeries({ series, values }, interval) {
  const matchers = matchersOf(parse(series));
  return {
    labels: Object.fromEntries(
      matchers.map(({ label, value }) => [label, value]),
    ),
    samples: readValues(values)
      .map((value, index) => ({ at: index * interval, value }))
      .filter(({ value }) => value !== undefined),
  };
}
