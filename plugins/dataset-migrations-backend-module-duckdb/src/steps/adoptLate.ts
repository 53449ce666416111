import { isError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { Manifest, ManifestVersion } from '../publishing/manifest';
import { ManifestChange } from '../publishing/ManifestLog';
import { asideOf } from '../publishing/RunJournal';
import { sourcePaths, toManifestFiles } from '../publishing/sourceFiles';
import { assertContract, bringOver } from './bringOver';
import { OpenRun, openJournal, recordOf, withPhase } from './openRun';

/**
 * Files that came between the last look into the folder and the publication,
 * where nobody could know that the folder is not the dataset any more. They are
 * brought over like those before, and added to the new version by another entry
 * of the log, as an application would. Where that fails they stay where they
 * are, in no version, and a roll back refuses to pass over them (G9).
 */
export async function adoptLate(
  context: EngineContext,
  open: OpenRun,
  run: EngineRun,
): Promise<void> {
  try {
    await open.log.append(run.fence, manifest =>
      adoption(context, open, run, manifest),
    );
  } catch (error) {
    const ofData = ['InputError', 'VerificationError', 'QueryError'];
    if (!isError(error) || !ofData.includes(error.name)) {
      throw error;
    }
    run.logger.warn(
      `Files that came to ${run.location.display} while ${run.toVersion} was published are in no version: ${error.message}`,
    );
  }
}

async function adoption(
  context: EngineContext,
  open: OpenRun,
  run: EngineRun,
  manifest: Manifest | undefined,
): Promise<ManifestChange | undefined> {
  const journal = await openJournal(context, open, run);
  const fresh = manifest?.versions.find(
    ({ writtenBy }) => writtenBy === run.migrationId,
  );
  const old = manifest?.versions.find(
    version => version.keptFor === run.migrationId || isBeside(version, run),
  );
  if (
    recordOf(manifest, run)?.phase !== 'cut-over' ||
    journal.plan.listed ||
    !manifest ||
    !fresh ||
    !old
  ) {
    return undefined;
  }
  // Also what applications have published since, when a crash was in between.
  const known = new Set(
    manifest.versions.flatMap(({ files }) => files.map(({ path }) => path)),
  );
  const late = (await sourcePaths(open.place, undefined)).filter(
    path => !known.has(path),
  );
  const before = await journal.arrivals();
  await bringOver(
    context,
    open,
    run,
    journal,
    late.filter(path => !before.has(path)),
  );
  const arrivals = await journal.arrivals();
  const adopted = late.flatMap(path => arrivals.get(path) ?? []);
  if (adopted.length === 0) {
    return undefined;
  }
  await assertContract(context, open, run, journal);
  const chunks = adopted.flatMap(arrival => arrival.chunks);
  const parts = chunks.map(({ part }) => part);
  const sources = adopted.map(({ source }) => source);
  return {
    event: 'written',
    migrations: withPhase(manifest, run, 'cut-over', [
      ...(recordOf(manifest, run)?.setAside ?? []),
      ...asideOf(chunks),
    ]),
    versions: manifest.versions.map(version => {
      switch (version) {
        case fresh:
          return { ...fresh, files: [...fresh.files, ...parts] };
        case old:
          return { ...old, files: [...old.files, ...toManifestFiles(sources)] };
        default:
          return version;
      }
    }),
  };
}

/** The old version where it stays what readers get. */
function isBeside(version: ManifestVersion, run: EngineRun): boolean {
  return version.state === 'current' && version.version === run.fromVersion;
}
