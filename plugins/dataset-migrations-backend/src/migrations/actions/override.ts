import { ConflictError, InputError } from '@backstage/errors';
import {
  BlockersResponse,
  Consumer,
  ConsumerVerdict,
  OverrideRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { isDeepStrictEqual } from 'node:util';
import { MigrationRecord } from '../../database/MigrationRecord';
import { isOpen } from '../../database/operations/migrations/findOpenMigration';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { Initiator } from '../../permissions/initiators';
import { concernsIdOfAll } from '../../planning/concernsId';
import { blockers, JudgedPlan, judgedPlanOf } from '../../planning/judge';
import { judgeAnswered } from '../../planning/judgeAnswered';
import { planNow } from '../../planning/planNow';
import { assertRetirementDue } from '../assertRetirementDue';
import { assertAllowed, changeMigration } from './changeMigration';
import { TellingDependencies } from './dependencies';

/** What overriding needs besides. */
export interface OverrideDependencies extends TellingDependencies {
  /** A constraint that excludes the target version breaks by itself. */
  strictConstraints: boolean;
}

/** Others break than whoever overrides was shown; names them all. */
class BlockersChangedError extends ConflictError {
  constructor(shown: string[], readonly consumers: string[]) {
    const [before, now] = [new Set(shown), new Set(consumers)];
    const come = consumers.filter(ref => !before.has(ref));
    const gone = shown.filter(ref => !now.has(ref));
    super(
      `Other consumers would break than those that were shown: ${[
        come.length > 0 && `${list(come)} came`,
        gone.length > 0 && `${list(gone)} would break no longer`,
      ]
        .filter(Boolean)
        .join('; ')}. Look at the list anew`,
    );
  }
}

/** The same consumers break, and lose something else than was shown. */
class LossesChangedError extends ConflictError {
  constructor(readonly consumers: string[]) {
    super(
      `${list(
        consumers,
      )} would lose something else than was shown. Look at the list anew`,
    );
  }
}

/**
 * Goes on although the consumers that block now would break; one that comes
 * later, or would lose something else by then, blocks again (G6). Whom it breaks is
 * judged anew, from what the catalog says and by what the stage will do, and must be
 * what whoever overrides was shown. They are told. Works for a blocked migration and
 * a refused retirement.
 *
 * @throws InputError without a reason, or when there is no plan any more;
 *   ConflictError with the new list of `consumers` when others would break than were
 *   shown, or lose something else; or before the day until which consumers were
 *   promised the old version
 */
export async function overrideMigration(
  deps: OverrideDependencies,
  id: string,
  options: { by: Initiator } & OverrideRequest,
): Promise<MigrationRecord> {
  const { by } = options;
  const reason = options.reason.trim();
  if (!reason) {
    throw new InputError(`reason must say why, it was '${options.reason}'`);
  }
  const before = await getMigration(deps.knex, id);
  assertAllowed(before, 'override');
  const { directory } = deps;
  const judged = await planNow(deps, before, ref =>
    directory.refreshDataset(ref),
  );
  const readers = await directory.refreshConsumers(before.datasetRef);
  // Asking the catalog may have made the upkeep plan anew, which it does without
  // raising the sequence; whoever does so from now on, accepts a change or takes that
  // back, is noticed under the lock.
  const planned = judgedPlanOf(await getMigration(deps.knex, id));
  const { plan, verdicts } = await judgeNow(deps, before, judged, readers);
  const blocking = blockers(verdicts);
  const broken = blocking.map(({ consumer }) => consumer);
  const consumers = broken.map(({ entityRef }) => entityRef);
  assertShown(options, blocking);
  return changeMigration(deps, { id, action: 'override', by }, record => {
    if (
      record.sequence !== before.sequence ||
      !isDeepStrictEqual(judgedPlanOf(record), planned)
    ) {
      throw new ConflictError(
        `Migration ${id} went on, was planned anew, or a change of it was accepted or taken back, meanwhile; look at it anew`,
      );
    }
    if (record.state === 'succeeded') {
      assertRetirementDue(record);
    }
    return {
      patch: {
        ...(record.state === 'blocked' && { state: 'queued' }),
        plan,
        sourceContract: judged.from,
        targetContract: judged.to,
        verdicts,
        error: null,
        override: {
          by: by.subject,
          reason,
          at: new Date().toISOString(),
          consumers,
          concernsIds: Object.fromEntries(
            blocking.map(verdict => [
              verdict.consumer.entityRef,
              verdict.concernsId!,
            ]),
          ),
        },
      },
      stages: record.stage && [record.stage],
      message: `Overrode ${consumers.join(', ') || 'nobody'}: ${reason}`,
      inTransaction: async (trx, next) => {
        // Who only could not wait for a window breaks nobody.
        if (broken.length > 0) {
          await deps.outbox.announce(trx, 'overridden', next, broken);
        }
      },
    };
  });
}

/**
 * Whom an override would break, by the read model; nobody where all is over.
 *
 * @throws InputError when there is no plan any more
 */
export async function listBlockers(
  deps: OverrideDependencies,
  id: string,
): Promise<BlockersResponse> {
  const record = await getMigration(deps.knex, id);
  const items = isOpen(record) ? await blockersOf(deps, record) : [];
  return { items, concernsId: concernsIdOfAll(items) };
}

async function blockersOf(
  deps: OverrideDependencies,
  record: MigrationRecord,
): Promise<ConsumerVerdict[]> {
  const { directory } = deps;
  const judged = await planNow(deps, record, ref => directory.getDataset(ref));
  const consumers = await directory.getConsumers(record.datasetRef);
  const { verdicts } = await judgeNow(deps, record, judged, consumers);
  return blockers(verdicts);
}

function judgeNow(
  { knex, strictConstraints }: OverrideDependencies,
  { datasetRef }: MigrationRecord,
  judged: JudgedPlan,
  consumers: Consumer[],
): ReturnType<typeof judgeAnswered> {
  return judgeAnswered(knex, {
    ...judged,
    datasetRef,
    consumers,
    strict: strictConstraints,
  });
}

function assertShown(
  shown: Pick<OverrideRequest, 'consumers' | 'concernsId'>,
  blocking: ConsumerVerdict[],
): void {
  const consumers = blocking.map(({ consumer }) => consumer.entityRef);
  const refs = new Set(shown.consumers);
  if (refs.size !== consumers.length || consumers.some(ref => !refs.has(ref))) {
    throw new BlockersChangedError(shown.consumers, consumers);
  }
  if (shown.concernsId !== concernsIdOfAll(blocking)) {
    throw new LossesChangedError(consumers);
  }
}

function list(refs: string[]): string {
  const named = refs.slice(0, 5).join(', ');
  return refs.length > 5 ? `${named} and ${refs.length - 5} more` : named;
}
