/**
 * What of a simulation was not as it must be, in sentences.
 *
 * @param {Pick<import('./simulate').Report, 'samples' | 'jobs' | 'lost' | 'doubled' | 'runAgainAfterKill' | 'workersKilled'>} report
 * @param {{ enqueued: number, minReplicas: number, maxReplicas: number, kill: number }} expected
 *   `enqueued` jobs, and `kill` workers that were to be killed
 * @returns {string[]}
 */
export function failuresOf(report, expected) {
  const { jobs, lost, doubled, runAgainAfterKill, workersKilled } = report;
  const { enqueued, kill } = expected;
  return [
    lost > 0 && `${lost} jobs were lost`,
    doubled > 0 && `${doubled} jobs were done twice`,
    jobs !== enqueued && `${enqueued} jobs were enqueued, ${jobs} are known`,
    ...scalingFailures(report.samples, expected),
    workersKilled !== kill &&
      `${workersKilled} workers were killed, not ${kill}`,
    kill > 0 &&
      runAgainAfterKill === 0 &&
      'no job of a killed worker was run again',
  ].filter(failure => failure !== false);
}

/**
 * From the minimum to the maximum and back, in what was decided and in the
 * processes that there were: a fleet that began large proves nothing.
 *
 * @param {import('./simulate').Sample[]} samples
 * @param {{ minReplicas: number, maxReplicas: number }} expected
 * @returns {string[]}
 */
function scalingFailures(samples, { minReplicas, maxReplicas }) {
  const has = count => sample =>
    sample.replicas === count && sample.ready === count;
  const small = samples.findIndex(has(minReplicas));
  if (small < 0) {
    return [`the fleet never had its ${minReplicas} workers to begin with`];
  }
  const rise = samples.slice(small);
  const large = rise.findIndex(has(maxReplicas));
  if (large < 0) {
    const most = Math.max(...rise.map(({ ready }) => ready));
    return [`the fleet grew to ${most} workers, not to ${maxReplicas}`];
  }
  const fall = rise.slice(large);
  if (!fall.some(has(minReplicas))) {
    const least = Math.min(...fall.map(({ ready }) => ready));
    return [
      `the fleet fell to ${least} workers after its peak, not to ${minReplicas}`,
    ];
  }
  return [];
}
