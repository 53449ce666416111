import { performance } from 'node:perf_hooks';
import { benchQueue, workOptions } from './lib/benchQueue';
import { quantile } from './lib/measure';
import { Benchmark } from './types';

const JOBS = 300;

/**
 * From the commit that creates a job to its handler, on an idle queue, one job
 * at a time; the slowest but one in a hundred.
 */
export const pickupIdle: Benchmark = {
  figures: ['pickup-idle-p99-ms'],
  async run({ connectionString, log }) {
    const { queue, knex, close } = await benchQueue(
      connectionString,
      'bench_pickup',
    );
    let picked: (at: number) => void = () => {};
    await queue.work(async () => picked(performance.now()), {
      ...workOptions,
      slots: 2,
    });
    const milliseconds: number[] = [];
    for (let job = 0; job < JOBS; job++) {
      const arrival = new Promise<number>(resolve => (picked = resolve));
      await knex.transaction(trx =>
        queue.enqueue(
          trx,
          { task: 'advance', migrationId: `bench-${job}`, sequence: 0 },
          { key: `bench-${job}`, engine: 'postgres' },
        ),
      );
      const committed = performance.now();
      milliseconds.push((await arrival) - committed);
    }
    await close();
    const p99 = quantile(milliseconds, 0.99);
    log(
      `pick-up of ${JOBS} jobs: p50 ${quantile(milliseconds, 0.5).toFixed(
        1,
      )} ms, p99 ${p99.toFixed(1)} ms`,
    );
    return [
      {
        name: 'pickup-idle-p99-ms',
        value: p99,
        unit: 'ms',
        target: 25,
        lowerIsBetter: true,
      },
    ];
  },
};
