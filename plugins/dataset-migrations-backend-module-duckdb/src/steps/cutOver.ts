import { ConflictError } from '@backstage/errors';
import {
  EngineRun,
  VerificationError,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { ManifestVersion, currentVersion } from '../publishing/manifest';
import { changedFiles } from '../publishing/manifestFiles';
import {
  assertCurrent,
  assertSourceUnchanged,
  toManifestFiles,
} from '../publishing/sourceFiles';
import { openJournal, openRun, recordOf, withPhase } from './openRun';

/**
 * Publishes the new version by one entry of the log: as the current one, or,
 * under `coexist`, beside the current one.
 *
 * @throws SourceChangedError when the source was written since it was prepared;
 *   VerificationError when a part was written since it was made
 */
export async function cutOver(
  context: EngineContext,
  run: EngineRun,
): Promise<void> {
  const open = await openRun(context, run);
  const { place, log } = open;
  await log.append(run.fence, async manifest => {
    const record = recordOf(manifest, run);
    if (record?.phase === 'cut-over') {
      return undefined;
    }
    if (record) {
      throw new ConflictError(
        `Migration ${run.migrationId} is ${record.phase} already`,
      );
    }
    assertCurrent(manifest, run.fromVersion);
    const journal = await openJournal(context, open, run);
    const parts = await journal.parts();
    await assertSourceUnchanged(place, manifest, journal.plan.source);
    const altered = await changedFiles(place.folder, parts);
    if (altered.length > 0) {
      throw new VerificationError(
        `Parts were written after they were made: ${altered.join(', ')}`,
      );
    }
    const old: ManifestVersion = currentVersion(manifest) ?? {
      version: run.fromVersion,
      state: 'current',
      files: toManifestFiles(journal.plan.source),
    };
    const rest = (manifest?.versions ?? []).filter(
      ({ state }) => state !== 'current',
    );
    const beside = run.policy === 'coexist';
    const kept: ManifestVersion = beside
      ? old
      : { ...old, state: 'kept', keptFor: run.migrationId };
    return {
      event: 'published',
      published: run.toVersion,
      versions: [
        {
          version: run.toVersion,
          state: beside ? 'coexisting' : 'current',
          writtenBy: run.migrationId,
          files: parts,
        },
        kept,
        ...rest,
      ],
      migrations: withPhase(manifest, run, 'cut-over'),
    };
  });
}
