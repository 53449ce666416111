import { ConflictError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { ManifestVersion } from '../publishing/manifest';
import { openRun, recordOf, withPhase } from './openRun';

/**
 * Ends a coexistence: the new version becomes the one that readers get who ask
 * for none, the old one is not readable any more. Its files stay until
 * `cleanUp`, for who is still reading them.
 */
export async function retire(
  context: EngineContext,
  run: EngineRun,
): Promise<void> {
  const { log } = await openRun(context, run);
  await log.append(run.fence, manifest => {
    const record = recordOf(manifest, run);
    if (record?.phase === 'retired') {
      return undefined;
    }
    if (!manifest || record?.phase !== 'cut-over') {
      throw new ConflictError(
        `Migration ${run.migrationId} has no version to retire`,
      );
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
