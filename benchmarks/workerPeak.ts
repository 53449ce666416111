import { setTimeout as delay } from 'node:timers/promises';
import { inState } from '../e2e-tests/lib/inState';
import { flightsFiles } from './filesVerifiedVsCopy';
import { copyFlights } from './flights';
import { FLIGHTS, startFlightsWorld } from './flightsWorld';
import { residentMegabytes } from './lib/memory';
import { Benchmark } from './types';

const SAMPLE_EVERY_MS = 50;
const IDLE_SAMPLES = 100;

/**
 * Memory of a worker of the fleet, with the DuckDB processes that it starts,
 * while it migrates flights-3m: its peak above the least that it needs when
 * idle. The worker is the real one, beside a portal whose API starts the
 * migration.
 */
export const workerPeak: Benchmark = {
  figures: ['worker-peak-mb'],
  async run({ dir, log }) {
    copyFlights(dir);
    const { client, worker, stop } = await startFlightsWorld(
      dir,
      flightsFiles(dir),
    );
    let idle = Infinity;
    for (let sample = 0; sample < IDLE_SAMPLES; sample++) {
      idle = Math.min(idle, residentMegabytes(worker.pid));
      await delay(SAMPLE_EVERY_MS);
    }
    let peak = idle;
    const sampling = setInterval(() => {
      peak = Math.max(peak, residentMegabytes(worker.pid));
    }, SAMPLE_EVERY_MS);
    try {
      const { id } = await client.startMigration({
        datasetRef: FLIGHTS,
        targetVersion: '2.0.0',
      });
      await inState(client, id, 'succeeded');
    } finally {
      clearInterval(sampling);
      await stop();
    }
    log(`idle ${idle.toFixed(0)} MB, peak ${peak.toFixed(0)} MB`);
    return [
      {
        name: 'worker-peak-mb',
        value: peak - idle,
        unit: 'MB',
        target: 400,
        lowerIsBetter: true,
      },
    ];
  },
};
