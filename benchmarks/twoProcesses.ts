import { ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Knex } from 'knex';
import { nodeArguments } from '../scripts/lib/run-ts.mjs';
import { benchQueue } from './lib/benchQueue';
import { emptyQueue, fillQueue } from './lib/fillQueue';
import { pairedRatio, secondsOf } from './lib/measure';
import { told } from './lib/told';
import { Benchmark, BenchContext } from './types';

const JOBS = 4_000;
/** Several jobs each, so that they would overlap if they could. */
const DATASETS = 400;
const PAIRS = 2;
const DATABASE = 'bench_two';
/** Seldom enough not to slow down what is measured. */
const POLL_MS = 50;

/**
 * Jobs a second of two worker processes against one, each alone with a dataset
 * while it runs its job, also when one of them is killed.
 */
export const twoProcesses: Benchmark = {
  figures: ['two-processes-vs-one'],
  async run(context) {
    const { ratio, ours, theirs } = await pairedRatio(
      PAIRS,
      () => drain(context, 2),
      () => drain(context, 1),
    );
    await drain(context, 2, { kill: true });
    context.log(
      `${JOBS} jobs of ${DATASETS} datasets: two processes ${Math.round(
        JOBS / ours,
      )} a second, one ${Math.round(
        JOBS / theirs,
      )}; no two jobs of a dataset at a time, nor with one of two killed`,
    );
    return [
      {
        name: 'two-processes-vs-one',
        // Of rates, so the times' turned around.
        value: 1 / ratio,
        unit: 'x',
        target: 0.9,
        lowerIsBetter: false,
      },
    ];
  },
};

/**
 * Seconds that so many processes take for all jobs.
 *
 * @throws Error when two jobs of a dataset ran at a time, or one never did
 */
async function drain(
  { connectionString }: BenchContext,
  processes: number,
  { kill = false } = {},
): Promise<number> {
  const { queue, knex, close } = await benchQueue(connectionString, DATABASE);
  await emptyQueue(knex);
  await knex.raw('DROP TABLE IF EXISTS bench_jobs, bench_runs');
  await knex.raw(
    `CREATE TABLE bench_jobs AS
       SELECT 'bench-' || job AS id, 'dataset-' || job % ${DATASETS} AS dataset
       FROM generate_series(0, ${JOBS - 1}) AS job`,
  );
  await knex.raw('ALTER TABLE bench_jobs ADD PRIMARY KEY (id)');
  await knex.raw('CREATE TABLE bench_runs (id text, alone boolean)');
  await fillQueue({ queue, knex }, { jobs: JOBS, datasets: DATASETS });

  const workers = await Promise.all(
    Array.from({ length: processes }, () => startWorker(connectionString)),
  );
  const seconds = await secondsOf(async () => {
    workers.forEach(worker => worker.send('go'));
    if (kill) {
      await until(knex, JOBS / 4);
      workers.pop()!.kill('SIGKILL');
    }
    await until(knex, JOBS);
  });
  for (const worker of workers) {
    worker.send('stop');
    await once(worker, 'exit');
  }
  const { rows } = await knex.raw(
    'SELECT count(*)::int AS overlaps FROM bench_runs WHERE NOT alone',
  );
  await close();
  if (rows[0].overlaps > 0) {
    throw new Error(
      `${rows[0].overlaps} jobs ran beside another one of their dataset`,
    );
  }
  return seconds;
}

async function startWorker(connectionString: string): Promise<ChildProcess> {
  const child = fork(
    join(__dirname, 'lib/drainJobs.ts'),
    [connectionString, DATABASE],
    { execArgv: nodeArguments() },
  );
  await told(child, 'ready');
  return child;
}

/** Waits until that many jobs have run. */
async function until(knex: Knex, jobs: number): Promise<void> {
  for (;;) {
    const { rows } = await knex.raw(
      'SELECT count(DISTINCT id)::int AS ran FROM bench_runs',
    );
    if (rows[0].ran >= jobs) return;
    await delay(POLL_MS);
  }
}
