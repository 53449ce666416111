import { ConflictError, InputError } from '@backstage/errors';
import { MigrationDatesRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { isDeepStrictEqual } from 'node:util';
import { MigrationRecord } from '../../database/MigrationRecord';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { countTold } from '../../database/operations/migrations/countTold';
import { isOpen } from '../../database/operations/migrations/findOpenMigration';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { Initiator } from '../../permissions/initiators';
import { isRetiring } from '../isRetiring';
import { readFutureDate } from '../readFutureDate';
import { TellingDependencies } from './dependencies';

const names = { deadline: 'Deadline', retirement: 'Retirement' } as const;

const datesOf = ({ deadline, retirement }: MigrationRecord) => [
  deadline,
  retirement,
];

/**
 * Sets until when consumers are asked to be ready, and before when the old version
 * does not retire. They are told of what is new. The job that may be running goes on;
 * nobody loses anything by a deadline that has passed (G6).
 *
 * @throws InputError for a date that is past, or a retirement before the deadline;
 *   ConflictError once nobody is asked any more, or the old version is going
 */
export async function setMigrationDates(
  deps: TellingDependencies,
  id: string,
  options: { by: Initiator } & MigrationDatesRequest,
): Promise<MigrationRecord> {
  const { by } = options;
  const dates = {
    deadline: readDate('deadline', options.deadline),
    retirement: readDate('retirement', options.retirement),
  };
  const given = (['deadline', 'retirement'] as const).filter(
    name => dates[name] !== undefined,
  );
  if (given.length === 0) {
    throw new InputError('deadline or retirement must be given');
  }
  const changed = await deps.knex.transaction(async trx => {
    const record = await getMigration(trx, id, { lock: true });
    if (!isOpen(record)) {
      throw new ConflictError(
        `Migration ${id} is ${record.state}; consumers are asked nothing any more`,
      );
    }
    if (isRetiring(record)) {
      throw new ConflictError(
        `Version ${record.fromVersion} is being retired; it is too late for dates`,
      );
    }
    assertInOrder(record, dates);
    const dated = await transitionMigration(trx, record, dates);
    for (const name of given) {
      const to = dates[name]?.toISOString();
      await appendEvent(trx, id, {
        message: `${names[name]} ${
          to === undefined ? 'removed' : `set to ${to}`
        }, by ${by.subject}`,
      });
    }
    const isNew = !isDeepStrictEqual(datesOf(dated), datesOf(record));
    const next = await countTold(trx, id, { ofDeadline: isNew });
    if (isNew) {
      // Also where nobody reads the dataset: it may be followed.
      const consumers = await deps.directory.getConsumers(next.datasetRef, {
        trx,
      });
      await deps.outbox.announce(trx, 'dates-set', next, consumers);
    }
    return next;
  });
  deps.migrationChanged({ migrationId: id, datasetRef: changed.datasetRef });
  return changed;
}

/** Consumers must not be asked for longer than they have what they are to leave. */
function assertInOrder(
  record: MigrationRecord,
  dates: Partial<Record<'deadline' | 'retirement', Date | null>>,
): void {
  const { deadline = record.deadline, retirement = record.retirement } = dates;
  if (deadline && retirement && retirement < deadline) {
    throw new InputError(
      `retirement '${retirement.toISOString()}' is before the deadline '${deadline.toISOString()}'`,
    );
  }
}

function readDate(
  field: string,
  value: string | null | undefined,
): Date | null | undefined {
  return typeof value === 'string' ? readFutureDate(field, value) : value;
}
