import { ConflictError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { Place } from '../places/Place';
import { resolvePlace } from '../places/resolvePlace';
import {
  Manifest,
  ManifestFile,
  ManifestMigration,
} from '../publishing/manifest';
import { ManifestLog } from '../publishing/ManifestLog';
import { RunJournal } from '../publishing/RunJournal';

/** The place of a run and its log. */
export interface OpenRun {
  place: Place;
  log: ManifestLog;
}

/** @throws what the run's signal was aborted with */
export async function openRun(
  { settings, files }: EngineContext,
  run: EngineRun,
): Promise<OpenRun> {
  run.signal.throwIfAborted();
  const place = await resolvePlace(settings.roots, run.location);
  return { place, log: new ManifestLog(place, files) };
}

/**
 * The journal of a prepared run.
 *
 * @throws ConflictError when it was not prepared
 */
export async function openJournal(
  { files }: EngineContext,
  { place }: OpenRun,
  run: EngineRun,
): Promise<RunJournal> {
  const journal = await RunJournal.find(place, files, run.migrationId);
  if (!journal) {
    throw new ConflictError(`Migration ${run.migrationId} is not prepared`);
  }
  return journal;
}

/** What the manifest says became of a migration, undefined before its cut over. */
export function recordOf(
  manifest: Manifest | undefined,
  run: EngineRun,
): ManifestMigration | undefined {
  return manifest?.migrations.find(({ id }) => id === run.migrationId);
}

/**
 * The manifest's migrations with the phase of one set.
 *
 * @param setAside - the rows that it keeps aside; those that it did by default
 */
export function withPhase(
  manifest: Manifest | undefined,
  run: EngineRun,
  phase: ManifestMigration['phase'],
  setAside: ManifestFile[] = recordOf(manifest, run)?.setAside ?? [],
): ManifestMigration[] {
  const others = (manifest?.migrations ?? []).filter(
    ({ id }) => id !== run.migrationId,
  );
  return [
    ...others,
    {
      id: run.migrationId,
      from: run.fromVersion,
      to: run.toVersion,
      phase,
      ...(setAside.length > 0 && { setAside }),
    },
  ];
}
