import { setTimeout as delay } from 'node:timers/promises';
import { Ledger } from './Ledger';
import { Connection, openQueue, workOptions } from './queue';

/*
 * A slim worker: the plugin's queue, and jobs that only wait. It says `ready`
 * when it listens, gives its jobs back on SIGTERM, and ends.
 */

/** What a worker is started with, as JSON in its first argument. */
export interface WorkerOptions {
  name: string;
  connection: Connection;
  slots: number;
  jobMilliseconds: number;
}

async function main({
  name,
  connection,
  slots,
  jobMilliseconds,
}: WorkerOptions) {
  const { knex, queue } = await openQueue(connection, slots);
  const ledger = new Ledger(knex);

  process.once('SIGTERM', async () => {
    await queue.stop();
    await knex.destroy();
    process.exit(0);
  });

  await queue.work(
    async (payload, { signal, complete }) => {
      if (payload.task !== 'advance') {
        throw new Error(`A simulated job is no ${payload.task}`);
      }
      const run = await ledger.began(payload.migrationId, name);
      await delay(jobMilliseconds, undefined, { signal });
      await knex.transaction(async trx => {
        await ledger.ended(trx, run);
        await complete(trx);
      });
    },
    { slots, ...workOptions },
  );
  process.stdout.write('ready\n');
}

main(JSON.parse(process.argv[2]));
