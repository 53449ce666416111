import {
  Board,
  BoardEntry,
  BoardRequest,
  ConsumerRequest,
  ConsumerVerdict,
  isFollower,
} from '@skein/backstage-plugin-dataset-migrations-common';
import semver from 'semver';
import { decodeCursor, encodeCursor } from '../api/cursors';
import { MigrationRecord } from '../database/MigrationRecord';
import { isOpen } from '../database/operations/migrations/findOpenMigration';
import { coveredBy } from '../planning/judge';

const LIST = 'board';
const DEFAULT_LIMIT = 100;

/** Verdicts with what is asked of each, who stands in the way first. */
export function boardEntries(
  record: MigrationRecord,
  verdicts: ConsumerVerdict[],
): BoardEntry[] {
  const open = isOpen(record);
  const isCovered = coveredBy(record.override);
  return verdicts
    .map((verdict): BoardEntry => {
      const overridden = verdict.blocking && isCovered(verdict);
      const asked =
        open && !overridden ? askedOf(verdict, record.toVersion) : 'nothing';
      return {
        ...verdict,
        asked,
        until: asked === 'nothing' ? undefined : untilOf(verdict, record),
        overridden,
      };
    })
    .sort(
      (a, b) =>
        rankOf(a) - rankOf(b) ||
        (a.consumer.entityRef < b.consumer.entityRef ? -1 : 1),
    );
}

/** Those that a filter lets through. */
export function filterBoard(
  entries: BoardEntry[],
  { verdict, answer, owner, search }: BoardRequest,
): BoardEntry[] {
  const part = search?.toLocaleLowerCase('en-US');
  return entries.filter(
    entry =>
      (!verdict?.length || verdict.includes(entry.verdict)) &&
      (!answer?.length || answer.includes(entry.answer?.kind ?? 'none')) &&
      (owner === undefined || entry.consumer.owner === owner) &&
      (part === undefined ||
        `${entry.consumer.entityRef} ${entry.consumer.title ?? ''}`
          .toLocaleLowerCase('en-US')
          .includes(part)),
  );
}

/**
 * A page of a board. Who moves up or down between two pages may be on both or on
 * none, as its verdict is of another moment.
 *
 * @throws InputError for a cursor that no earlier page gave
 */
export function boardPage(
  entries: BoardEntry[],
  request: BoardRequest,
): Omit<Board, 'current'> {
  const { limit = DEFAULT_LIMIT, cursor } = request;
  const matching = filterBoard(entries, request);
  const rest =
    cursor === undefined ? matching : matching.filter(isAfter(cursor));
  const items = rest.slice(0, limit);
  const last = rest.length > limit ? items[items.length - 1] : undefined;
  const counts = { ready: 0, breaks: 0, unknown: 0 };
  for (const { verdict } of entries) {
    counts[verdict] += 1;
  }
  return {
    items,
    nextCursor:
      last &&
      encodeCursor(LIST, [String(rankOf(last)), last.consumer.entityRef]),
    totalItems: matching.length,
    counts,
    blockingCount: entries.filter(
      ({ blocking, overridden }) => blocking && !overridden,
    ).length,
  };
}

function isAfter(cursor: string): (entry: BoardEntry) => boolean {
  const [rank, ref] = decodeCursor(LIST, [/^\d$/, /^[^\0]+$/], cursor);
  return entry =>
    rankOf(entry) > Number(rank) ||
    (rankOf(entry) === Number(rank) && entry.consumer.entityRef > ref);
}

/** Who stands in the way; who is asked for something; the others. */
function rankOf({ blocking, overridden, asked }: BoardEntry): number {
  if (blocking && !overridden) {
    return 0;
  }
  return asked === 'nothing' ? 2 : 1;
}

function askedOf(
  { verdict, consumer, answer }: ConsumerVerdict,
  toVersion: string,
): ConsumerRequest {
  if (verdict === 'breaks') {
    return 'adapt';
  }
  if (verdict === 'unknown') {
    return 'declare';
  }
  const { constraint } = consumer;
  return constraint !== undefined &&
    answer?.kind !== 'ready' &&
    !isFollower(consumer) &&
    !semver.satisfies(toVersion, constraint)
    ? 'raise-version'
    : 'nothing';
}

function untilOf(
  { answer }: ConsumerVerdict,
  { deadline }: MigrationRecord,
): string | undefined {
  const promised =
    answer?.kind === 'ready' && answer.dropped === undefined
      ? answer.date
      : undefined;
  return promised ?? deadline?.toISOString();
}
