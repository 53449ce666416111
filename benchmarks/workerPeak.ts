import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeArguments } from '../scripts/lib/run-ts.mjs';
import { copyFlights } from './flights';
import { residentMegabytes } from './lib/memory';
import { told } from './lib/told';
import { Benchmark } from './types';

/**
 * Memory of a process that migrates flights-3m, with the DuckDB process that it
 * starts, at its peak above what it needs when idle.
 */
export const workerPeak: Benchmark = {
  figures: ['worker-peak-mb'],
  async run({ dir, log }) {
    copyFlights(dir);
    const child = fork(join(__dirname, 'lib/migrateFlights.ts'), [dir], {
      execArgv: nodeArguments(),
    });
    await told(child, 'idle');
    const idle = residentMegabytes(child.pid!);
    let peak = idle;
    const sampling = setInterval(() => {
      peak = Math.max(peak, residentMegabytes(child.pid!));
    }, 20);
    child.send('go');
    const [code] = await once(child, 'exit');
    clearInterval(sampling);
    if (code !== 0) throw new Error(`the migration ended with ${code}`);
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
