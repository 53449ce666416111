import {
  EngineRun,
  RunPhase,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { RunJournal } from '../publishing/RunJournal';
import { openRun, recordOf } from './openRun';

/** How far a migration got, as manifests and journal say. */
export async function phase(
  context: EngineContext,
  run: EngineRun,
): Promise<RunPhase> {
  const { place, log } = await openRun(context, run);
  const record = recordOf(await log.latest(), run);
  if (record) {
    return record.phase;
  }
  const journal = await RunJournal.find(place, context.files, run.migrationId);
  if (!journal) {
    return 'none';
  }
  return (await journal.isCopied()) ? 'copied' : 'prepared';
}
