import { ConflictError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { assertUnwritten } from '../publishing/assertUnwritten';
import {
  Manifest,
  ManifestVersion,
  currentVersion,
} from '../publishing/manifest';
import { openJournal, openRun, recordOf, withPhase } from './openRun';

/**
 * Makes the old version current again, exactly as it was. The new one is
 * withdrawn; its files stay until `cleanUp`, for who is still reading them.
 *
 * @throws ConflictError when either version was written since, or another
 *   migration came after (G8)
 */
export async function rollback(
  context: EngineContext,
  run: EngineRun,
): Promise<void> {
  const open = await openRun(context, run);
  await open.log.append(run.fence, async manifest => {
    const record = recordOf(manifest, run);
    if (record?.phase === 'rolled-back') {
      return undefined;
    }
    if (!manifest || !record || record.phase === 'cleaned-up') {
      throw new ConflictError(
        record
          ? `The old version ${run.fromVersion} is not kept any more`
          : `Migration ${run.migrationId} was not cut over`,
      );
    }
    const fresh = publishedBy(manifest, run);
    const old = oldVersion(manifest, run);
    const journal = await openJournal(context, open, run);
    await assertUnwritten(open.place, fresh, await journal.parts());
    await assertUnwritten(open.place, old, journal.plan.source);
    const rest = manifest.versions.filter(
      version => version !== fresh && version !== old,
    );
    return {
      event: 'rolled-back',
      published: run.fromVersion,
      versions: [...restored(old), { ...fresh, state: 'withdrawn' }, ...rest],
      migrations: withPhase(manifest, run, 'rolled-back'),
    };
  });
}

/**
 * The entry of the old version as the current one. None for the files from
 * before the first migration: the folder is the dataset again, as whoever
 * writes into it always took it to be. A list would stay as it is now.
 */
function restored({ keptFor, ...old }: ManifestVersion): ManifestVersion[] {
  return old.writtenBy ? [{ ...old, state: 'current' }] : [];
}

function publishedBy(manifest: Manifest, run: EngineRun): ManifestVersion {
  const fresh = manifest.versions.find(
    ({ writtenBy, state }) =>
      writtenBy === run.migrationId &&
      (state === 'current' || state === 'coexisting'),
  );
  if (!fresh) {
    throw new ConflictError(
      `Version ${run.toVersion} is not current any more: ${
        currentVersion(manifest)?.version
      } came after it`,
    );
  }
  return fresh;
}

function oldVersion(manifest: Manifest, run: EngineRun): ManifestVersion {
  const old = manifest.versions.find(
    ({ version, state, keptFor }) =>
      version === run.fromVersion &&
      (state === 'current' || keptFor === run.migrationId),
  );
  if (!old) {
    throw new ConflictError(
      `The old version ${run.fromVersion} is not kept any more`,
    );
  }
  return old;
}
