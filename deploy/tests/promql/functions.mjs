/**
 * How much a counter grew in the samples of a range, extrapolated to the whole
 * of it as Prometheus does.
 *
 * @param {{ at: number, value: number }[]} samples
 * @param {number} at - End of the range, in seconds.
 * @param {number} range - Its length.
 * @returns {number | undefined} undefined for fewer than two samples
 */
export function increase(samples, at, range) {
  if (samples.length < 2) return undefined;
  const first = samples[0];
  const last = samples.at(-1);
  let grown = last.value - first.value;
  samples.forEach(({ value }, index) => {
    // It began anew, so what it had reached is added.
    const before = samples[index - 1]?.value;
    if (before > value) grown += before;
  });

  const covered = last.at - first.at;
  const between = covered / (samples.length - 1);
  // Further than this from the edge, the series is taken to begin or end
  // there, and half an interval is added.
  const reach = between * 1.1;
  const toEdge = distance => (distance >= reach ? between / 2 : distance);
  let before = first.at - (at - range);
  if (grown > 0 && first.value >= 0) {
    // A counter is never below zero.
    const sinceZero = covered * (first.value / grown);
    before = Math.min(toEdge(before), sinceZero);
  } else {
    before = toEdge(before);
  }
  const after = toEdge(at - last.at);
  return (grown * (covered + before + after)) / covered;
}

const sum = values => values.reduce((total, value) => total + value, 0);

/** Aggregations: values of a group to one. */
export const AGGREGATIONS = {
  sum,
  max: values => Math.max(...values),
  min: values => Math.min(...values),
  count: values => values.length,
};

/** Binary operators of arithmetic. */
export const ARITHMETIC = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** Comparisons, which filter. */
export const COMPARISONS = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};
