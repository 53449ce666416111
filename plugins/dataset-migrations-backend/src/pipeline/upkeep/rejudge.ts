import { ConsumerVerdict } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { isDeepStrictEqual } from 'node:util';
import {
  MigrationPatch,
  MigrationRecord,
} from '../../database/MigrationRecord';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { countTold } from '../../database/operations/migrations/countTold';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { SupersededError } from '../../database/SupersededError';
import {
  blockers,
  breakingChangeError,
  JudgedPlan,
  judgedPlanOf,
  latecomers,
  whoAndWhy,
} from '../../planning/judge';
import { judgeAnswered } from '../../planning/judgeAnswered';
import { planNow } from '../../planning/planNow';
import { withAccepted } from '../../planning/withAccepted';
import { PipelineDependencies } from '../types';

/** What came of judging anew. */
interface Rejudged {
  record: MigrationRecord;
  isNew: boolean;
}

/**
 * Judges the consumers of a blocked migration anew, by the read model, and writes
 * what came of it where that is something else. Who comes to stand in its way is told.
 * Its lock is held meanwhile, so that two who judge at once do not undo each other's
 * verdicts.
 *
 * @param consumerRefs - judges these alone, by the plan that the migration has; the
 *   others keep the verdicts that they have, which are of the same plan
 * @throws SupersededError when it is blocked no longer, or was planned anew meanwhile
 */
export async function rejudge(
  deps: PipelineDependencies,
  id: string,
  consumerRefs?: readonly string[],
): Promise<MigrationRecord> {
  const { record, isNew } = consumerRefs
    ? await rejudgeSome(deps, id, consumerRefs)
    : await rejudgeAll(deps, id);
  if (isNew) {
    deps.migrationChanged({ migrationId: id, datasetRef: record.datasetRef });
  }
  return record;
}

function rejudgeSome(
  deps: PipelineDependencies,
  id: string,
  only: readonly string[],
): Promise<Rejudged> {
  return deps.knex.transaction(async trx => {
    const locked = await lockBlocked(trx, id);
    const { verdicts = [] } = locked;
    const anew = await judgeNow(deps, trx, locked, judgedPlanOf(locked), only);
    return write(deps, trx, locked, {
      plan: anew.plan,
      verdicts: replaceIn(verdicts, only, anew.verdicts),
    });
  });
}

async function rejudgeAll(
  deps: PipelineDependencies,
  id: string,
): Promise<Rejudged> {
  const before = await getMigration(deps.knex, id);
  const judged = await planNow(deps, before, ref =>
    deps.directory.getDataset(ref),
  );
  return deps.knex.transaction(async trx => {
    const locked = await lockBlocked(trx, id);
    // Planning took a while; who planned meanwhile may have seen more of the catalog.
    if (!isDeepStrictEqual(plannedFrom(locked), plannedFrom(before))) {
      throw new SupersededError(`Migration ${id} was planned anew meanwhile`);
    }
    return write(deps, trx, locked, {
      ...(await judgeNow(deps, trx, locked, judged)),
      sourceContract: judged.from,
      targetContract: judged.to,
    });
  });
}

/** What is accepted of the changes is left out: it is read anew with each judgement. */
function plannedFrom(record: MigrationRecord): JudgedPlan {
  const { plan, ...contracts } = judgedPlanOf(record);
  return { ...contracts, plan: withAccepted(plan, []) };
}

/** @throws SupersededError when it is blocked no longer */
async function lockBlocked(
  trx: Knex.Transaction,
  id: string,
): Promise<MigrationRecord> {
  const locked = await getMigration(trx, id, { lock: true });
  if (locked.state !== 'blocked') {
    throw new SupersededError(`Migration ${id} went on meanwhile`);
  }
  return locked;
}

async function judgeNow(
  { directory, settings }: PipelineDependencies,
  trx: Knex.Transaction,
  { datasetRef }: MigrationRecord,
  judged: JudgedPlan,
  only?: readonly string[],
): ReturnType<typeof judgeAnswered> {
  return judgeAnswered(trx, {
    ...judged,
    datasetRef,
    consumers: await directory.getConsumers(datasetRef, { only, trx }),
    strict: settings.strictConstraints,
  });
}

async function write(
  { outbox }: PipelineDependencies,
  trx: Knex.Transaction,
  locked: MigrationRecord,
  judged: Pick<MigrationPatch, 'plan' | 'sourceContract' | 'targetContract'> & {
    verdicts: ConsumerVerdict[];
  },
): Promise<Rejudged> {
  const { verdicts } = judged;
  if (isSame(verdicts, locked.verdicts)) {
    return { record: locked, isNew: false };
  }
  const blocking = blockers(verdicts, locked.override);
  const record = await transitionMigration(trx, locked, {
    ...judged,
    ...(blocking.length > 0 && {
      error: { ...breakingChangeError(blocking), stage: locked.stage },
    }),
  });
  const came = latecomers(
    blocking,
    blockers(locked.verdicts ?? [], locked.override),
  );
  if (came.length > 0) {
    await appendEvent(trx, record.id, {
      level: 'warn',
      message: `Stands in its way by now: ${whoAndWhy(came)}`,
    });
    await outbox.announceToLatecomers(
      trx,
      'blocked',
      await countTold(trx, record.id),
      came.map(({ consumer }) => consumer),
    );
  }
  return { record, isNew: true };
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
