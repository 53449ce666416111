import { once } from 'node:events';
import { benchQueue, workOptions } from './benchQueue';

/** A worker that takes a job and keeps it until it is told to finish. */
async function main(connectionString: string, database: string) {
  const { queue, close } = await benchQueue(connectionString, database);
  const finish = once(process, 'message');
  await queue.work(
    async () => {
      process.send!('holding');
      await finish;
    },
    { ...workOptions, slots: 1 },
  );
  process.send!('listening');
  await finish;
  await close();
  process.exit(0);
}

main(process.argv[2], process.argv[3]).catch(error => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
});
