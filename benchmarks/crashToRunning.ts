import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeArguments } from '../scripts/lib/run-ts.mjs';
import { benchQueue } from './lib/benchQueue';
import { secondsOf } from './lib/measure';
import { told } from './lib/told';
import { Benchmark } from './types';

const ROUNDS = 3;
const DATABASE = 'bench_crash';

/** From the `kill -9` of the worker that has a job to another worker's having it. */
export const crashToRunning: Benchmark = {
  figures: ['crash-to-running-s'],
  async run({ connectionString, log }) {
    const { queue, knex, close } = await benchQueue(connectionString, DATABASE);
    const seconds: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const victim = await startHolder(connectionString);
      await knex.transaction(trx =>
        queue.enqueue(
          trx,
          { task: 'advance', migrationId: `bench-${round}`, sequence: 0 },
          { key: `bench-${round}`, engine: 'postgres' },
        ),
      );
      await told(victim, 'holding');
      const heir = await startHolder(connectionString);
      seconds.push(
        await secondsOf(async () => {
          const taken = told(heir, 'holding');
          victim.kill('SIGKILL');
          await taken;
        }),
      );
      heir.send('finish');
      await once(heir, 'exit');
    }
    await close();
    log(
      `crash to running: ${seconds.map(each => each.toFixed(1)).join(', ')} s`,
    );
    return [
      {
        name: 'crash-to-running-s',
        // It is promised of each, so the slowest counts.
        value: Math.max(...seconds),
        unit: 's',
        target: 15,
        lowerIsBetter: true,
      },
    ];
  },
};

async function startHolder(connectionString: string): Promise<ChildProcess> {
  const child = fork(
    join(__dirname, 'lib/holdJob.ts'),
    [connectionString, DATABASE],
    { execArgv: nodeArguments() },
  );
  await told(child, 'listening');
  return child;
}
