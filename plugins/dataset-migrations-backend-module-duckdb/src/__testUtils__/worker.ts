import { once } from 'events';
import { initPlanning } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { Settings } from '../config/readSettings';
import { DuckDbEngine } from '../DuckDbEngine';
import { takeOver } from './takeOver';

/** What the test sends to a worker. */
export interface WorkerTask {
  settings: Settings;
  run: Omit<EngineRun, 'signal' | 'logger' | 'agents'>;
  /** The step at which it stops, and says so, until it gets a message. */
  stopAt?: { step: string; occurrence: number };
}

/**
 * A worker in a process of its own, which migrates until it is done or stops.
 * Says `stopped`, `done`, or an error.
 */
async function work({ settings, run, stopAt }: WorkerTask): Promise<void> {
  await initPlanning();
  let seen = 0;
  const engine = new DuckDbEngine(settings, {
    async onStep(step) {
      if (step === stopAt?.step) {
        seen += 1;
        if (seen === stopAt.occurrence) {
          process.send!('stopped');
          await once(process, 'message');
        }
      }
    },
  });
  const full: EngineRun = {
    ...run,
    signal: new AbortController().signal,
    logger: console as unknown as EngineRun['logger'],
    agents: { run: () => Promise.reject(new Error('no agents')) },
  };
  await takeOver(engine, full);
  await engine.close();
}

process.once('message', (task: WorkerTask) => {
  work(task).then(
    () => process.send!('done', () => process.disconnect()),
    error => process.send!(String(error), () => process.disconnect()),
  );
});
