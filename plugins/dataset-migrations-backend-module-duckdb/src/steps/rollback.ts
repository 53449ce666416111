import { ConflictError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { assertUnwritten } from '../publishing/assertUnwritten';
import { sourcesOf } from '../publishing/RunJournal';
import { isFolder } from '../publishing/isFolder';
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
 * Where the old version was all that the folder held, the folder is the dataset
 * again, as whoever writes into it always took it to be: a list of its files
 * would stay as it is now.
 *
 * @throws ConflictError when the new version was written since, or the old one
 *   after it was taken from readers, or another migration came after (G8)
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
    const slices = await journal.slicesOf(old);
    const read = sourcesOf(slices);
    const wasFolder = isFolder(old, read, journal.plan);
    const parts = slices.map(({ part }) => part);
    await assertUnwritten(open.place, fresh, parts, { beside: false });
    // A version that never left its readers goes on with what was written to it.
    if (old.state !== 'current') {
      await assertUnwritten(open.place, old, read, {
        beside: wasFolder,
      });
    }
    const rest = manifest.versions.filter(
      version => version !== fresh && version !== old,
    );
    return {
      event: 'rolled-back',
      published: run.fromVersion,
      versions: [
        ...(wasFolder ? [] : [restored(old)]),
        { ...fresh, state: 'withdrawn' },
        ...rest,
      ],
      // The old version has the rows that were set aside.
      migrations: withPhase(manifest, run, 'rolled-back', []),
    };
  });
}

function restored({ keptFor, ...old }: ManifestVersion): ManifestVersion {
  return { ...old, state: 'current' };
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
