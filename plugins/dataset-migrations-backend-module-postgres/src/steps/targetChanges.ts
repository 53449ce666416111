import { ConflictError } from '@backstage/errors';
import { RunState, StoredRun } from '../control/runs';
import { readVersions } from '../control/versions';
import { wasWritten } from '../control/writeFlags';
import { Session } from '../connection/Session';
import { Place, RunContext } from '../RunContext';
import { changedAspects, Fingerprint, fingerprint } from '../table/fingerprint';
import { findDependentsOfAll } from '../table/obstacles';
import { qualified } from '../connection/sql';
import { readTable } from '../table/readTable';
import { targetFlag } from '../control/flags';

/** Where the copy is from the cut over on. */
function placeOfTarget({ run, next, place }: RunContext): Place {
  return run.policy === 'coexist' ? { ...place, schema: next } : place;
}

/** For people, at the start of a sentence. */
function versionOf({ run }: RunContext): string {
  return `Version ${run.toVersion} of ${run.location.display}`;
}

/** Names of what hangs on the new version since it was published. */
function carriedTo({ run }: RunContext, { carried }: RunState): string[] {
  return run.policy === 'coexist' ? carried.names.made : carried.names.new;
}

/**
 * @returns what is stored of the run
 * @throws ConflictError when the new version is not the one in force
 */
export async function requireInForce(
  session: Session,
  { run, live }: RunContext,
  stored: StoredRun | undefined,
): Promise<StoredRun> {
  if (stored?.phase !== 'cut-over') {
    throw new ConflictError(
      `The migration ${run.migrationId} is ${
        stored?.phase ?? 'not prepared'
      }; there is no old version to go back to`,
    );
  }
  const versions = await readVersions(session, live);
  if (versions?.migrationId !== run.migrationId) {
    throw new ConflictError(
      `${run.location.display} has been migrated again since, to ${versions?.currentVersion}; roll that back first`,
    );
  }
  return stored;
}

/**
 * Certain only while a lock keeps everybody out of the new version.
 *
 * @throws ConflictError when a copy was written, altered or built upon since it
 *   was published: it is dropped with all of that when the old version returns
 */
export async function requireUntouchedTarget(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<void> {
  const { run } = context;
  if (await wasWritten(session, targetFlag(state))) {
    throw new ConflictError(
      `${versionOf(
        context,
      )} was written since it was published; going back to ${
        run.fromVersion
      } would lose that`,
    );
  }
  const target = qualified(placeOfTarget(context));
  await requireSameTarget(
    session,
    context,
    state,
    await fingerprint(session, target),
  );
}

/**
 * @param found - what the new version is now
 * @throws ConflictError when it was altered or built upon since it was published
 */
export async function requireSameTarget(
  session: Session,
  context: RunContext,
  state: RunState,
  found: Fingerprint,
): Promise<void> {
  const { run } = context;
  const changes: string[] = changedAspects(state.published, found).filter(
    aspect => aspect !== 'checked foreign keys',
  );
  if (changes.length > 0) {
    const target = placeOfTarget(context);
    const table = (await readTable(session, target))!;
    const dependents = await findDependentsOfAll(session, table);
    const added = dependents.filter(
      ({ name }) => !carriedTo(context, state).includes(name),
    );
    throw new ConflictError(
      `${versionOf(context)} is not as it was published: ${[
        ...changes.map(aspect => `changed ${aspect}`),
        ...added.map(({ name }) => name),
      ].join(', ')}; going back to ${
        run.fromVersion
      } would lose that, so take it back first`,
    );
  }
}
