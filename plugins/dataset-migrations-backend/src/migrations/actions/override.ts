import { ConflictError, InputError } from '@backstage/errors';
import {
  Consumer,
  ConsumerVerdict,
  OverrideRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationRecord } from '../../database/MigrationRecord';
import { isOpen } from '../../database/operations/migrations/findOpenMigration';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { Outbox } from '../../notifications/types';
import { Initiator } from '../../permissions/initiators';
import { blockers, judgedPlanOf } from '../../planning/judge';
import { judgeAnswered } from '../../planning/judgeAnswered';
import { assertAllowed, changeMigration } from './changeMigration';
import { ActionDependencies } from './dependencies';

/** What overriding needs besides. */
export interface OverrideDependencies extends ActionDependencies {
  outbox: Pick<Outbox, 'announce'>;
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

/**
 * Goes on although the consumers that block now would break; one that comes
 * later blocks again (G6). Whom it breaks is judged anew, from what the catalog
 * says, and must be those that whoever overrides was shown. They are told. Works
 * for a blocked cut over and a refused retirement.
 *
 * @throws InputError without a reason; ConflictError with the new list of
 *   `consumers` when others would break than were shown
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
  const verdicts = await judgeNow(
    deps,
    before,
    await deps.directory.refreshConsumers(before.datasetRef),
  );
  const broken = blockers(verdicts).map(({ consumer }) => consumer);
  const consumers = broken.map(({ entityRef }) => entityRef);
  assertShown(options.consumers, consumers);
  return changeMigration(deps, { id, action: 'override', by }, record => {
    if (record.sequence !== before.sequence) {
      throw new ConflictError(
        `Migration ${id} went on meanwhile; look at it anew`,
      );
    }
    return {
      patch: {
        ...(record.state === 'blocked' && { state: 'queued' }),
        verdicts,
        error: null,
        override: {
          by: by.subject,
          reason,
          at: new Date().toISOString(),
          consumers,
        },
      },
      stages: record.stage && [record.stage],
      message: `Overrode ${consumers.join(', ') || 'nobody'}: ${reason}`,
      inTransaction: (trx, next) =>
        deps.outbox.announce(trx, 'overridden', next, broken),
    };
  });
}

/** Whom an override would break, by the read model; nobody where all is over. */
export async function listBlockers(
  deps: OverrideDependencies,
  id: string,
): Promise<ConsumerVerdict[]> {
  const record = await getMigration(deps.knex, id);
  if (!isOpen(record)) {
    return [];
  }
  const consumers = await deps.directory.getConsumers(record.datasetRef);
  return blockers(await judgeNow(deps, record, consumers));
}

function judgeNow(
  { knex, strictConstraints }: OverrideDependencies,
  record: MigrationRecord,
  consumers: Consumer[],
): Promise<ConsumerVerdict[]> {
  return judgeAnswered(knex, {
    ...judgedPlanOf(record),
    datasetRef: record.datasetRef,
    consumers,
    strict: strictConstraints,
  });
}

function assertShown(shown: string[], consumers: string[]): void {
  const refs = new Set(shown);
  if (refs.size !== consumers.length || consumers.some(ref => !refs.has(ref))) {
    throw new BlockersChangedError(shown, consumers);
  }
}

function list(refs: string[]): string {
  const named = refs.slice(0, 5).join(', ');
  return refs.length > 5 ? `${named} and ${refs.length - 5} more` : named;
}
