import { performance } from 'node:perf_hooks';
import { JobQueue } from '../plugins/dataset-migrations-backend/src/queue/types';
import { benchQueue, workOptions } from './lib/benchQueue';
import { countdown, emptyQueue, fillQueue } from './lib/fillQueue';
import { median, pairedRatio, quantile, secondsOf } from './lib/measure';
import { Benchmark, BenchContext } from './types';

const DEEP = 100_000;
const SHALLOW = 4_000;
const READS = 100;
const URGENT = 200;
const PAIRS = 3;
const SLOTS = 10;
const DATABASE = 'bench_deep';
const SHALLOW_DATABASE = 'bench_shallow';

/**
 * The queue with a hundred thousand jobs waiting: reading how many there are,
 * the way of an urgent one past them, and how fast they are run.
 */
export const queueDeep: Benchmark = {
  figures: ['depth-read-ms', 'pickup-100k-p99-ms', 'drain-100k-vs-4k'],
  async run(context) {
    const deep = await benchQueue(context.connectionString, DATABASE);
    await emptyQueue(deep.knex);
    await fillQueue(deep, { jobs: DEEP + (PAIRS + 1) * 2 * SHALLOW });
    const read = await depthRead(deep.queue);
    await deep.close();
    const drain = await pairedRatio(
      PAIRS,
      () => drainSome(context, DATABASE),
      () => drainAll(context),
    );
    const pickup = await urgentPickup(context);
    context.log(
      `${DEEP} jobs waiting: depth read in ${read.toFixed(
        2,
      )} ms, urgent ones picked up within ${pickup.toFixed(
        1,
      )} ms (p99); ${SHALLOW} run in ${drain.ours.toFixed(
        2,
      )} s, and in ${drain.theirs.toFixed(2)} s where no more wait`,
    );
    return [
      {
        name: 'depth-read-ms',
        value: read,
        unit: 'ms',
        target: 2,
        lowerIsBetter: true,
      },
      {
        name: 'pickup-100k-p99-ms',
        value: pickup,
        unit: 'ms',
        target: 50,
        lowerIsBetter: true,
      },
      {
        name: 'drain-100k-vs-4k',
        // Of rates, so the times' turned around.
        value: 1 / drain.ratio,
        unit: 'x',
        target: 0.8,
        lowerIsBetter: false,
      },
    ];
  },
};

async function depthRead(queue: JobQueue): Promise<number> {
  const milliseconds: number[] = [];
  for (let read = 0; read < READS; read++) {
    milliseconds.push(1000 * (await secondsOf(() => queue.stats())));
  }
  return median(milliseconds);
}

/** From the commit to the handler, while a worker runs the others. */
async function urgentPickup({
  connectionString,
}: BenchContext): Promise<number> {
  const { queue, knex, close } = await benchQueue(connectionString, DATABASE);
  let picked: (at: number) => void = () => {};
  await queue.work(
    async payload => {
      if (payload.task === 'advance' && payload.sequence === 1) {
        picked(performance.now());
      }
    },
    { ...workOptions, slots: SLOTS },
  );
  const milliseconds: number[] = [];
  for (let job = 0; job < URGENT; job++) {
    const arrival = new Promise<number>(resolve => (picked = resolve));
    await knex.transaction(trx =>
      queue.enqueue(
        trx,
        { task: 'advance', migrationId: `urgent-${job}`, sequence: 1 },
        { key: `urgent-${job}`, engine: 'postgres', priority: 10 },
      ),
    );
    const committed = performance.now();
    milliseconds.push(Math.max(0, (await arrival) - committed));
  }
  await close();
  return quantile(milliseconds, 0.99);
}

/** Seconds that so many jobs take where no others wait. */
async function drainAll(context: BenchContext): Promise<number> {
  const bench = await benchQueue(context.connectionString, SHALLOW_DATABASE);
  await emptyQueue(bench.knex);
  await fillQueue(bench, { jobs: SHALLOW });
  await bench.close();
  return drainSome(context, SHALLOW_DATABASE);
}

/** Seconds that so many of the jobs that wait take. */
async function drainSome(
  { connectionString }: BenchContext,
  database: string,
): Promise<number> {
  const { queue, close } = await benchQueue(connectionString, database);
  const { handler, done } = countdown(SHALLOW);
  const seconds = await secondsOf(async () => {
    await queue.work(handler, { ...workOptions, slots: SLOTS });
    await done;
  });
  await close();
  return seconds;
}
