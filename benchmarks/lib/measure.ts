import { performance } from 'node:perf_hooks';

/** Seconds that the work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

export function median(values: number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that at least that share of the values does not exceed. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/**
 * Times two ways in turn, so that both meet the same machine, and gives the
 * median of the ratios within the pairs. The first pair warms up and is not
 * counted.
 */
export async function pairedRatio(
  pairs: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<{ ratio: number; ours: number; theirs: number }> {
  const counted: Array<{ ours: number; theirs: number }> = [];
  for (let pair = 0; pair <= pairs; pair++) {
    const seconds = { theirs: await theirs(), ours: await ours() };
    if (pair > 0) counted.push(seconds);
  }
  return {
    ratio: median(counted.map(pair => pair.ours / pair.theirs)),
    ours: median(counted.map(pair => pair.ours)),
    theirs: median(counted.map(pair => pair.theirs)),
  };
}
