import { ConflictError, InputError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { formatOf } from '../formats/formatOf';
import { overlaps } from '../places/overlaps';
import { currentVersion } from '../publishing/manifest';
import { resolveFile } from '../publishing/manifestFiles';
import { RunJournal } from '../publishing/RunJournal';
import {
  assertCurrent,
  sourceChanges,
  sourceFiles,
} from '../publishing/sourceFiles';
import { openRun, recordOf } from './openRun';
import { removeRun } from './removeRun';

/**
 * Writes down what is going to be read and how it is cut into chunks. A run
 * that was prepared before stays as it is, unless its source changed since:
 * then it starts anew.
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
    const changes = await sourceChanges(place, manifest, before.plan.source);
    if (changes.length === 0) {
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
  const plan = await context.pool.withSession(
    place.folder,
    run.signal,
    session =>
      formatOf(place).cut(
        session.query,
        source.map(file => resolveFile(place.folder, file)),
        context.settings.chunkRows,
      ),
  );
  await RunJournal.start(place, context.files, run.fence, {
    migration: run.migrationId,
    source,
    listed: currentVersion(manifest) !== undefined,
    ...plan,
  });
}
