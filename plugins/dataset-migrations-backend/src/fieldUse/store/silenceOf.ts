import { LineageSilence } from '@skein/backstage-plugin-dataset-migrations-common';
import { AROUND_RUN_MS, PAUSE_MS } from '../lineage/pauses';

const DAY_MS = 86_400_000;
/** How much longer a pause may be than the longest one before. */
const LATE = 1.5;
/** The rarest job must have been heard so often that its not reading is no chance. */
const LEAST_PARTS = 4;

/** How long fields must not have been read, and the time it is. */
export interface SilenceRule {
  /** In milliseconds. */
  silentForMs: number;
  now: Date;
}

/** What a consumer's row says of the lineage of its jobs; null where there is none. */
export interface LineageColumns {
  lineage_jobs: JobLineage[] | null;
  /** Field, job and day. */
  lineage_reads: Array<[string, string, string]> | null;
  /** When the dataset last moved to another version, or back. */
  lineage_moved_at: Date | null;
}

/** Times as PostgreSQL writes them in JSON. */
export interface JobLineage {
  job: string;
  firstAt: string | null;
  namedAt: string;
  untoldAt: string | null;
  filtersAt: string | null;
  /** As in `lineage_times`, in order. */
  heard: Array<[string, string]> | null;
}

/** The first moment that is looked at: the beginning of a day, so that it stands still. */
export function silentSince({ silentForMs, now }: SilenceRule): Date {
  return new Date(Math.floor((now.getTime() - silentForMs) / DAY_MS) * DAY_MS);
}

/**
 * What the runs of a consumer's jobs did not read, and whether that proves anything. It
 * does where the lineage of every job that is known to name the dataset, or to have
 * named it, was live throughout; see docs/concepts/field-use.md.
 *
 * @returns undefined where no run ever named the dataset
 */
export function silenceOf(
  row: Partial<LineageColumns>,
  rule: SilenceRule,
): LineageSilence | undefined {
  const { lineage_jobs: jobs, lineage_moved_at: movedAt } = row;
  if (!jobs) {
    return undefined;
  }
  const since = silentSince(rule);
  const doubts =
    movedAt && movedAt >= since
      ? [`the dataset moved to another version on ${dayOf(movedAt)}`]
      : jobs.flatMap(job => doubtOf(job, since, rule) ?? []);
  const [doubt] = doubts;
  const more = doubts.length - 1;
  return {
    since: dayOf(since),
    jobs: jobs.length,
    ...(doubt !== undefined && {
      doubt: more > 0 ? `${doubt} (and ${more} more of its jobs)` : doubt,
    }),
    reads:
      doubt === undefined
        ? (row.lineage_reads ?? []).map(([field, job, on]) => ({
            field,
            job,
            on,
          }))
        : [],
  };
}

/** Why the lineage of a job was not live throughout; undefined where it was. */
function doubtOf(
  lineage: JobLineage,
  since: Date,
  rule: SilenceRule,
): string | undefined {
  const { job } = lineage;
  const isSince = (time: string | null) =>
    time !== null && new Date(time) >= since;
  const stretches = (lineage.heard ?? []).map(([from, until]) => ({
    began: new Date(Date.parse(from) + AROUND_RUN_MS),
    ended: new Date(Date.parse(until) - AROUND_RUN_MS),
  }));
  if (stretches.length === 0) {
    return `no run of ${job} has told all that it read`;
  }
  const [{ began }] = stretches;
  const first = lineage.firstAt === null ? rule.now : new Date(lineage.firstAt);
  if (began > since || first > since) {
    // Who became a consumer within the time was not asked about the dataset before.
    return `${job} tells what it reads of it only since ${dayOf(
      began > first ? began : first,
    )}`;
  }
  if (isSince(lineage.untoldAt)) {
    return `a run of ${job} on ${dayOf(
      new Date(lineage.untoldAt!),
    )} did not tell all that it read`;
  }
  if (
    lineage.filtersAt === null ||
    (isSince(lineage.namedAt) && !isSince(lineage.filtersAt))
  ) {
    return `${job} does not tell what its filters and joins read`;
  }
  const pause = tooLongPause(stretches, since, rule);
  if (!pause) {
    return undefined;
  }
  return pause.until === undefined
    ? `${job} has told nothing since ${dayOf(pause.from)}`
    : `${job} told nothing from ${dayOf(pause.from)} to ${dayOf(pause.until)}`;
}

/** The first pause that reaches into the time and is longer than is usual for the job. */
function tooLongPause(
  stretches: Array<{ began: Date; ended: Date }>,
  since: Date,
  { silentForMs, now }: SilenceRule,
): { from: Date; until?: Date } | undefined {
  const pauses = stretches.map(({ ended: from }, index) => {
    const until: Date | undefined = stretches[index + 1]?.began;
    return { from, until, ms: (until ?? now).getTime() - from.getTime() };
  });
  const isBefore = ({ until }: { until?: Date }) =>
    until !== undefined && until <= since;
  const usual = Math.max(0, ...pauses.filter(isBefore).map(({ ms }) => ms));
  const longest = Math.min(
    silentForMs / LEAST_PARTS,
    Math.max(PAUSE_MS, LATE * usual),
  );
  return pauses.find(pause => !isBefore(pause) && pause.ms > longest);
}

function dayOf(time: Date): string {
  return time.toISOString().slice(0, 10);
}
