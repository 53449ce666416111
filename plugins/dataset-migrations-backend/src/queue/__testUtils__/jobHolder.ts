import knexFactory from 'knex';
import { testQueue, workOptions } from './testQueue';

/**
 * A worker process for tests: takes a job, says so, and never ends it.
 * Argument: the connection of the database.
 */
async function main() {
  const knex = knexFactory({
    client: 'pg',
    connection: JSON.parse(process.argv[2]),
  });
  const queue = testQueue(knex);
  await queue.start();
  await queue.work(
    async payload => {
      process.stdout.write(`holds ${JSON.stringify(payload)}\n`);
      await new Promise(() => {});
    },
    { ...workOptions, slots: 1 },
  );
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
