import { PgBoss } from 'pg-boss';
import { benchQueue, workOptions } from './lib/benchQueue';
import { countdown, emptyQueue, fillQueue } from './lib/fillQueue';
import { pairedRatio, secondsOf } from './lib/measure';
import { Benchmark } from './types';

const JOBS = 4_000;
const SLOTS = 10;
const PAIRS = 5;
const DATABASE = 'bench_bare';

/**
 * Jobs a second through our queue, against the library that it is built on as
 * that does best: a worker for each slot, woken when a job ends.
 */
export const queueVsBare: Benchmark = {
  figures: ['queue-vs-bare'],
  async run({ connectionString, log }) {
    const filled = async () => {
      const bench = await benchQueue(connectionString, DATABASE);
      await emptyQueue(bench.knex);
      await fillQueue(bench, { jobs: JOBS });
      return bench;
    };

    const ours = async () => {
      const { queue, close } = await filled();
      const { handler, done } = countdown(JOBS);
      const seconds = await secondsOf(async () => {
        await queue.work(handler, { ...workOptions, slots: SLOTS });
        await done;
      });
      await close();
      return seconds;
    };

    const theirs = async () => {
      const { close } = await filled();
      const { handler, done } = countdown(JOBS);
      const url = new URL(connectionString);
      url.pathname = `/${DATABASE}`;
      const boss = new PgBoss({
        connectionString: url.href,
        schema: 'dataset_migrations_boss',
        max: SLOTS + 4,
        useListenNotify: true,
        schedule: false,
        superviseIntervalSeconds: 1,
        monitorIntervalSeconds: 1,
        persistWarnings: false,
        registerInstance: false,
        openTelemetry: { enabled: false },
      });
      boss.on('error', error => log(`bare: ${error.message}`));
      await boss.start();
      const seconds = await secondsOf(async () => {
        for (let slot = 0; slot < SLOTS; slot++) {
          const worker: { id?: string } = {};
          worker.id = await boss.work(
            'dataset-migrations-advance-postgres',
            {
              includeMetadata: true,
              pollingIntervalSeconds: 0.5,
              notifyPollingIntervalSeconds: 0.5,
              heartbeatRefreshSeconds: 2,
            },
            async () => {
              await handler();
              if (worker.id) boss.notifyWorker(worker.id);
            },
          );
        }
        await done;
      });
      await boss.stop({ graceful: true, timeout: 5_000 });
      await close();
      return seconds;
    };

    const { ratio, ...seconds } = await pairedRatio(PAIRS, ours, theirs);
    log(
      `${JOBS} jobs of as many datasets in ${SLOTS} slots: ours ${Math.round(
        JOBS / seconds.ours,
      )} a second, the bare library ${Math.round(JOBS / seconds.theirs)}`,
    );
    return [
      {
        name: 'queue-vs-bare',
        // Of rates, so the times' turned around.
        value: 1 / ratio,
        unit: 'x',
        target: 0.8,
        lowerIsBetter: false,
      },
    ];
  },
};
