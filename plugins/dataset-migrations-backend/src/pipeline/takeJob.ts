import { locationsOf } from '../database/locations';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { acquireLease } from '../leases/acquireLease';
import { isSurelyHeld, Lease } from '../leases/types';
import { Draft, Step } from './Draft';
import { stageDefinitions, stageOf } from './stages';
import { PipelineDependencies, Work } from './types';

/** The right to work on a migration. */
export interface Taken {
  /** Where the work needs it. */
  lease?: Lease;
  /** Whether the lease's token is written beside the data already. */
  fenced?: boolean;
}

/**
 * Begins to work on a migration, with its lease if the work needs one: the one that the
 * job holds already, unless it may have lapsed, for then it may have to wait. Before
 * work that cannot be undone, or that needs a new lease, all that the job did is
 * written, in the transaction that takes the lease and holds the migration's row: a job
 * that was superseded gets no token.
 *
 * @param held - by the stage before in the same job
 * @throws SupersededError, or LeaseHeldError when another migration is not done
 *   with the location
 */
export async function takeJob(
  deps: PipelineDependencies,
  options: {
    draft: Draft;
    work: Work;
    held?: Lease;
  },
): Promise<Taken> {
  const { draft, work, held } = options;
  const { record } = draft;
  const { needsLease, onRecord } = stageDefinitions[work];
  const step: Step = {
    patch: {
      state: record.state === 'queued' ? 'running' : record.state,
      startedAt: record.startedAt ?? new Date(),
    },
    begun: stageOf(work),
  };
  const taken = needsLease(record) ? takeHeld(held) : {};
  if (taken && !onRecord) {
    draft.add(step);
    return taken;
  }
  let lease: Lease | undefined;
  await draft.write({
    step,
    // What ended is not done again by whoever gets the job after a crash.
    isNewJob: draft.hasEnds,
    async before(trx, next) {
      if (taken) {
        return next;
      }
      lease = await acquireLease(trx, {
        locationKeys: locationsOf(next).map(({ key }) => key),
        migrationId: next.id,
        holder: deps.workerId,
      });
      return transitionMigration(trx, next, { fence: lease.token });
    },
  });
  return taken ?? { lease };
}

function takeHeld(lease: Lease | undefined): Taken | undefined {
  return lease && isSurelyHeld(lease) ? { lease, fenced: true } : undefined;
}
