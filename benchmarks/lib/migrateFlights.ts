import { once } from 'node:events';
import { flightsFiles } from '../filesVerifiedVsCopy';
import { prepareSubject, transformAndVerify } from './migrate';

/** Says `idle`, waits for a word, and migrates the flights below its argument. */
async function main(root: string) {
  const { engine, newRun } = await prepareSubject(flightsFiles(root));
  process.send!('idle');
  await once(process, 'message');
  const run = newRun();
  await transformAndVerify(engine, run);
  await engine.cutOver(run);
  process.exit(0);
}

main(process.argv[2]).catch(error => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
});
