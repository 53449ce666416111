import { ConflictError, InputError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { overlaps } from '../places/overlaps';
import { partitionProblem } from '../places/partitions';
import { currentVersion } from '../publishing/manifest';
import { RunJournal } from '../publishing/RunJournal';
import {
  assertCurrent,
  lostSources,
  sourceFiles,
} from '../publishing/sourceFiles';
import { cutSource } from './cutSource';
import { openRun, recordOf } from './openRun';
import { removeRun } from './removeRun';

/**
 * Writes down what is going to be read and how it is cut into chunks. A run
 * that was prepared before stays as it is, unless files that it read changed
 * since: then it starts anew.
 */
export async function prepare(
  context: EngineContext,
  run: EngineRun,
): Promise<void> {
  const { place, log } = await openRun(context, run);
  const manifest = await log.hold(run.fence);
  if (recordOf(manifest, run)) {
    throw new ConflictError(
      `Migration ${run.migrationId} was cut over already`,
    );
  }
  const before = await RunJournal.find(place, context.files, run.migrationId);
  if (before) {
    const lost = await lostSources(place, manifest, await before.sources());
    if (lost.length === 0) {
      return;
    }
    await removeRun(context, place, run.migrationId);
  }
  assertCurrent(manifest, run.fromVersion);
  const others = await overlaps(place);
  if (others.length > 0) {
    throw new ConflictError(
      `${run.location.display} was also published as ${others.join(', ')}`,
    );
  }
  const source = await sourceFiles(place, manifest);
  if (source.length === 0) {
    throw new InputError(`${run.location.display} has no files`);
  }
  const problem = partitionProblem(source.map(file => file.path));
  if (problem) {
    throw new InputError(problem);
  }
  const plan = await context.pool.withSession(
    place.folder,
    run.signal,
    session => cutSource(session, place, source, context.settings),
    // As the chunks will be copied, so that the process need not be opened anew.
    'lanes',
  );
  await RunJournal.start(place, context.files, run.fence, {
    migration: run.migrationId,
    source,
    listed: currentVersion(manifest) !== undefined,
    ...plan,
  });
}
