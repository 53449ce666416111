import { ConflictError, InputError, NotFoundError } from '@backstage/errors';
import { AcknowledgeRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { countAnswersOf } from '../database/operations/answers/countAnswersOf';
import { giveAnswer } from '../database/operations/answers/giveAnswer';
import { appendEvent } from '../database/operations/events/appendEvent';
import { countTold } from '../database/operations/migrations/countTold';
import { lockOpenMigration } from '../database/operations/migrations/findOpenMigration';
import { TooManyRequestsError } from '../limits/TooManyRequestsError';
import { readFutureDate } from '../migrations/readFutureDate';
import { PipelineDependencies } from '../pipeline/types';
import { concernsIdOf } from '../planning/concernsId';
import { concernsOf } from '../planning/judge';
import { judgeAnswered } from '../planning/judgeAnswered';
import { assertInTime } from './assertInTime';
import { Upcoming } from './types';

/**
 * Answers that one caller may give within a minute, on all replicas together, as each
 * has migrations judged anew.
 */
export const MAX_ANSWERS = 300;

/**
 * Writes an answer, and a line in the log of the migration that it is about. Of a
 * request for more time the owner of the dataset is told. One that says what was said
 * already changes nothing.
 *
 * @throws see `ReadinessService.acknowledge`
 */
export async function acknowledge(
  deps: PipelineDependencies,
  options: {
    consumerRef: string;
    request: AcknowledgeRequest;
    /** Who answers. */
    by: string;
    upcoming: Upcoming;
  },
): Promise<void> {
  const { knex, directory, settings } = deps;
  const { consumerRef, request, by, upcoming } = options;
  const { datasetRef, version, answer } = request;
  const given = readAnswer(request);
  if ((await countAnswersOf(knex, by)) >= MAX_ANSWERS) {
    throw new TooManyRequestsError(
      `${by} gave ${MAX_ANSWERS} answers within a minute`,
      60,
    );
  }

  const [consumer] = await directory.getConsumers(datasetRef, {
    only: [consumerRef],
  });
  if (!consumer) {
    throw doesNotRead(consumerRef, datasetRef);
  }
  const concerns = concernsOf(upcoming.plan, consumer);
  assertShown(request.concernsId, concerns);
  if (answer === 'more-time') {
    const {
      verdicts: [{ verdict }],
    } = await judgeAnswered(knex, {
      ...upcoming.plan,
      datasetRef,
      consumers: [consumer],
      // What it declares is to be waited for, whatever its owner said before.
      answers: new Map(),
      strict: settings.strictConstraints,
    });
    if (verdict === 'ready') {
      throw new ConflictError(
        `${consumerRef} is ready for ${version} of ${datasetRef} by what it declares; to wait for it, declare what it reads and which versions it accepts`,
      );
    }
  }

  await knex.transaction(async trx => {
    // A stage that is about to publish has begun, and then the answer is too late, or
    // it begins later, and judges by it.
    const open =
      upcoming.migration &&
      (await lockOpenMigration(trx, upcoming.migration.id));
    if (open && (answer !== 'ready' || given.date)) {
      assertInTime(open, answer);
    }
    const written = await giveAnswer(trx, {
      datasetRef,
      version,
      consumerRef,
      answer,
      ...given,
      concerns,
      constraint: consumer.constraint,
      by,
    });
    if (written === 'unread') {
      throw doesNotRead(consumerRef, datasetRef);
    }
    if (open && written === 'given') {
      await appendEvent(trx, open.id, {
        message: `${consumerRef} ${sentence(request)}, by ${by}`,
      });
      if (answer === 'more-time') {
        await deps.outbox.announceTimeRequest(
          trx,
          await countTold(trx, open.id),
          { consumerRef, until: given.date!, reason: given.reason! },
        );
      }
    }
  });
  if (upcoming.migration) {
    deps.migrationChanged({ migrationId: upcoming.migration.id, datasetRef });
  }
}

function readAnswer({ answer, date, reason, concernsId }: AcknowledgeRequest): {
  date?: Date;
  reason?: string;
} {
  if (answer === 'ready' && concernsId === undefined) {
    throw new InputError(
      'concernsId must name the changes that are acknowledged, as `concernsId` of the dataset does',
    );
  }
  const why = reason?.trim() || undefined;
  const given = {
    reason: why,
    date: date === undefined ? undefined : readFutureDate('date', date),
  };
  if (answer === 'more-time' && !given.date) {
    throw new InputError('date must say until when more time is needed');
  }
  if (answer === 'more-time' && !why) {
    throw new InputError(
      `reason must say why more time is needed, it was '${reason ?? ''}'`,
    );
  }
  if (answer === 'withdrawn' && given.date) {
    throw new InputError(`date '${date}' has no meaning for 'withdrawn'`);
  }
  return given;
}

function assertShown(shown: string | undefined, now: string[]): void {
  if (shown !== undefined && shown !== concernsIdOf(now)) {
    throw new ConflictError(
      `Other changes concern this consumer than those that were shown: ${
        now.join('; ') || 'none'
      }`,
    );
  }
}

function doesNotRead(consumerRef: string, datasetRef: string): NotFoundError {
  return new NotFoundError(
    `${consumerRef} is no consumer of '${datasetRef}': it neither declares nor depends on it`,
  );
}

/** For the log of the migration. */
function sentence({
  answer,
  version,
  date,
  reason,
}: AcknowledgeRequest): string {
  const why = reason?.trim() ? `: ${reason.trim()}` : '';
  switch (answer) {
    case 'ready':
      return `is ready for ${version}${date ? ` from ${date} on` : ''}${why}`;
    case 'more-time':
      return `asks for time until ${date}${why}`;
    default:
      return `takes its answer to ${version} back${why}`;
  }
}
