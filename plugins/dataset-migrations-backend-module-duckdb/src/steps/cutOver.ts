import { ConflictError } from '@backstage/errors';
import {
  EngineRun,
  VerificationError,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import {
  Manifest,
  ManifestVersion,
  currentVersion,
} from '../publishing/manifest';
import { ManifestChange } from '../publishing/ManifestLog';
import { changedFiles, nameSome } from '../publishing/manifestFiles';
import { asideOf, RunJournal, writtenOf } from '../publishing/RunJournal';
import {
  assertCurrent,
  assertNothingLost,
  sourcePaths,
  toManifestFiles,
} from '../publishing/sourceFiles';
import { adoptLate } from './adoptLate';
import { assertContract, bringAllOver } from './bringOver';
import { OpenRun, openJournal, openRun, recordOf, withPhase } from './openRun';
import { removeStrays } from './removeUnheld';

/**
 * Publishes the new version by one entry of the log: as the current one, or,
 * under `coexist`, beside the current one. Files that came since the run was
 * prepared are brought over first; those that come while it publishes, by an
 * entry of their own.
 *
 * @throws SourceChangedError when a file of the source was written or removed
 *   since it was read; VerificationError when a part was written since it was
 *   made, or what came later is not right
 */
export async function cutOver(
  context: EngineContext,
  run: EngineRun,
): Promise<void> {
  const open = await openRun(context, run);
  await open.log.append(run.fence, async manifest => {
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
    await completed(context, open, run, manifest, journal);
    return publication(open, run, manifest, journal);
  });
  await adoptLate(context, open, run);
  await removeStrays(context, open, run);
}

/** Makes sure that the parts are the source as it is now. */
async function completed(
  context: EngineContext,
  open: OpenRun,
  run: EngineRun,
  manifest: Manifest | undefined,
  journal: RunJournal,
): Promise<void> {
  const { place } = open;
  if (!(await journal.isCopied())) {
    throw new ConflictError(`Migration ${run.migrationId} is not copied yet`);
  }
  await assertNothingLost(place, manifest, journal.plan.source);
  await bringAllOver(context, open, run, manifest, journal);
  if ((await journal.arrivals()).size > 0) {
    await assertContract(context, open, run, journal);
  }
  await assertNothingLost(place, manifest, await journal.sources());
  const written = writtenOf(await journal.slices());
  const altered = await changedFiles(place.folder, written);
  if (altered.length > 0) {
    throw new VerificationError(
      `Parts were written after they were made: ${nameSome(altered)}`,
    );
  }
}

async function publication(
  { place }: OpenRun,
  run: EngineRun,
  manifest: Manifest | undefined,
  journal: RunJournal,
): Promise<ManifestChange> {
  const paths = await sourcePaths(place, manifest);
  const ranks = new Map(paths.map((path, rank) => [path, rank]));
  const rank = ({ path }: { path: string }) => ranks.get(path)!;
  const sources = (await journal.sources()).sort((a, b) => rank(a) - rank(b));
  const slices = (await journal.slices()).sort(
    (a, b) => rank(a.source) - rank(b.source),
  );
  const old: ManifestVersion = currentVersion(manifest) ?? {
    version: run.fromVersion,
    state: 'current',
    files: toManifestFiles(sources),
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
        files: slices.map(({ part }) => part),
      },
      kept,
      ...rest,
    ],
    migrations: withPhase(manifest, run, 'cut-over', asideOf(slices)),
  };
}
