import { ConflictError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { assertUnwritten } from '../publishing/assertUnwritten';
import { sourcesOf } from '../publishing/RunJournal';
import { isFolder } from '../publishing/isFolder';
import { ManifestVersion, currentVersion } from '../publishing/manifest';
import { openJournal, openRun, recordOf, withPhase } from './openRun';

/**
 * Ends a coexistence: the new version becomes the one that readers get who ask
 * for none, the old one is not readable any more. Its files stay until
 * `cleanUp`, for who is still reading them.
 *
 * @throws ConflictError when the old version was written since the cut over,
 *   which the new one has not
 */
export async function retire(
  context: EngineContext,
  run: EngineRun,
): Promise<void> {
  const open = await openRun(context, run);
  await open.log.append(run.fence, async manifest => {
    const record = recordOf(manifest, run);
    if (record?.phase === 'retired') {
      return undefined;
    }
    if (!manifest || record?.phase !== 'cut-over') {
      throw new ConflictError(
        `Migration ${run.migrationId} has no version to retire`,
      );
    }
    const old = currentVersion(manifest);
    if (old && old.writtenBy !== run.migrationId) {
      const journal = await openJournal(context, open, run);
      const read = sourcesOf(await journal.slicesOf(old));
      await assertUnwritten(open.place, old, read, {
        beside: isFolder(old, read, journal.plan),
      });
    }
    return {
      event: 'retired',
      versions: manifest.versions.map((version): ManifestVersion => {
        if (version.writtenBy === run.migrationId) {
          return { ...version, state: 'current' };
        }
        return version.state === 'current'
          ? { ...version, state: 'kept', keptFor: run.migrationId }
          : version;
      }),
      migrations: withPhase(manifest, run, 'retired'),
    };
  });
}
