import { once } from 'node:events';
import { benchQueue, workOptions } from './benchQueue';

const SLOTS = 4;

/**
 * A worker that notes every job that it runs, and whether another one of the
 * same dataset was running: each holds a lock for as long as it runs, which the
 * death of its process gives free.
 */
async function main(connectionString: string, database: string) {
  const { queue, knex, close } = await benchQueue(connectionString, database);
  process.send!('ready');
  await once(process, 'message');
  await queue.work(
    async payload => {
      const { migrationId } = payload as { migrationId: string };
      await knex.transaction(async trx => {
        await trx.raw(
          `WITH mine AS (
             SELECT pg_try_advisory_xact_lock(hashtextextended(dataset, 0)) AS alone
             FROM bench_jobs WHERE id = ?
           )
           INSERT INTO bench_runs (id, alone) SELECT ?, alone FROM mine`,
          [migrationId, migrationId],
        );
      });
    },
    { ...workOptions, slots: SLOTS },
  );
  await once(process, 'message');
  await close();
  process.exit(0);
}

main(process.argv[2], process.argv[3]).catch(error => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
});
