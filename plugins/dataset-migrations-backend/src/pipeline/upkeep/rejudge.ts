import { ConsumerVerdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { isDeepStrictEqual } from 'node:util';
import {
  MigrationPatch,
  MigrationRecord,
} from '../../database/MigrationRecord';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { SupersededError } from '../../database/SupersededError';
import {
  blockers,
  breakingChangeError,
  JudgedPlan,
  judgedPlanOf,
} from '../../planning/judge';
import { judgeAnswered } from '../../planning/judgeAnswered';
import { planNow } from '../../planning/planNow';
import { PipelineDependencies } from '../types';

/**
 * Judges the consumers of a blocked migration anew, by the read model, and writes
 * what came of it where that is something else. Its lock is held meanwhile, so
 * that two who judge at once do not undo each other's verdicts.
 *
 * @param consumerRefs - judges these alone; the others keep the verdicts that they
 *   have, which are of the same plan
 * @throws SupersededError when it is blocked no longer
 */
export async function rejudge(
  deps: PipelineDependencies,
  id: string,
  consumerRefs?: readonly string[],
): Promise<MigrationRecord> {
  const before = await getMigration(deps.knex, id);
  const only = before.verdicts && consumerRefs;
  const judged = only ? judgedPlanOf(before) : await planNow(deps, before, ref =>
        deps.directory.getDataset(ref),
      );
  let isNew = false;
  const record = await deps.knex.transaction(async trx => {
    const locked = await getMigration(trx, id, { lock: true });
    if (locked.state !== 'blocked' || locked.sequence !== before.sequence) {
      throw new SupersededError(`Migration ${id} went on meanwhile`);
    }
    const { datasetRef } = locked;
    const anew = await judgeAnswered(trx, {
      ...judged,
      datasetRef,
      consumers: await deps.directory.getConsumers(datasetRef, { only, trx }),
      strict: deps.settings.strictConstraints,
    });
    const verdicts = only ? replaceIn(locked.verdicts ?? [], only, anew) : anew;
    isNew = !isSame(verdicts, locked.verdicts);
    return isNew
      ? transitionMigration(trx, locked, patchOf(locked, judged, verdicts))
      : locked;
  });
  if (isNew) {
    deps.migrationChanged({ migrationId: id, datasetRef: record.datasetRef });
  }
  return record;
}

function patchOf(
  record: MigrationRecord,
  { plan, from, to }: JudgedPlan,
  verdicts: ConsumerVerdict[],
): Pick<
  MigrationPatch,
  'plan' | 'sourceContract' | 'targetContract' | 'verdicts' | 'error'
> {
  const blocking = blockers(verdicts, record.override);
  return {
    plan,
    sourceContract: from,
    targetContract: to,
    verdicts,
    ...(blocking.length > 0 && {
      error: { ...breakingChangeError(blocking), stage: record.stage },
    }),
  };
}

function replaceIn(
  verdicts: ConsumerVerdict[],
  consumerRefs: readonly string[],
  anew: ConsumerVerdict[],
): ConsumerVerdict[] {
  const refOf = ({ consumer }: ConsumerVerdict) => consumer.entityRef;
  const replaced = new Set(consumerRefs);
  return [
    ...verdicts.filter(verdict => !replaced.has(refOf(verdict))),
    ...anew,
  ].sort((a, b) => (refOf(a) < refOf(b) ? -1 : 1));
}

/** As they look once they are JSON. */
function isSame(
  verdicts: ConsumerVerdict[],
  before: ConsumerVerdict[] | undefined,
): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(verdicts)), before);
}
