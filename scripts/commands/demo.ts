import { ResponseError } from '@backstage/errors';
import {
  migrateFlights,
  migrateZipcodes,
  showBlocked,
  signInAs,
} from '../demo-run/scenes';
import { Screen } from '../demo-run/Screen';
import { startDemoRun } from '../demo-run/startDemoRun';
import { command } from '../lib/bootstrap.mjs';
import { requireFreeSpace } from '../lib/disk.mjs';
import { STATE } from '../lib/paths.mjs';
import { Explained, say } from '../lib/say.mjs';

async function demo() {
  const run = await startDemoRun();
  say('waiting for the catalog ...');
  const amelia = await signInAs(run, 'user:default/amelia');
  const screen = new Screen(process.stdout);

  await migrateFlights(run, amelia, screen);
  const marie = await signInAs(run, 'user:default/marie');
  await migrateZipcodes(run, marie, screen);
  await showBlocked(amelia, screen);

  screen.line();
  say(`done; the published flights are in ${run.filesRoot}/flights`);
}

/**
 * `npm run demo`: migrates real datasets end to end, in a world of its own that
 * is clean at every start. Ends with 0 only if what was published was read back
 * and is right.
 */
command(async () => {
  requireFreeSpace(STATE, 1024 ** 3, 'the demo');
  try {
    await demo();
  } catch (error) {
    if (error instanceof ResponseError) {
      throw new Explained(`the backend says: ${error.message}`);
    }
    throw error;
  }
});
