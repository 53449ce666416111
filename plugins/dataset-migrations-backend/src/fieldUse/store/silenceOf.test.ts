import { AROUND_RUN_MS } from '../lineage/pauses';
import { JobLineage, silenceOf, silentSince } from './silenceOf';

const DAY = 86_400_000;
const NOW = new Date('2026-11-29T12:00:00Z');
const rule = { silentForMs: 30 * DAY, now: NOW };

/** So many days ago. */
const ago = (days: number) =>
  new Date(NOW.getTime() - days * DAY).toISOString();
const dayAgo = (days: number) => ago(days).slice(0, 10);

/** The time around the runs from the first to the last of some. */
const around = (...[first, last]: [string, string]): [string, string] => [
  new Date(Date.parse(first) - AROUND_RUN_MS).toISOString(),
  new Date(Date.parse(last) + AROUND_RUN_MS).toISOString(),
];

/** A job that has told all for 60 days, without a pause. */
function job({
  stretches = [[ago(60), ago(0.5)]],
  ...changes
}: Partial<JobLineage> & {
  stretches?: Array<[string, string]> | null;
} = {}): JobLineage {
  return {
    job: 'airflow/radar',
    firstAt: ago(60),
    namedAt: ago(0.5),
    untoldAt: null,
    filtersAt: ago(0.5),
    heard: stretches && stretches.map(stretch => around(...stretch)),
    ...changes,
  };
}

const doubtOf = (...jobs: JobLineage[]) =>
  silenceOf({ lineage_jobs: jobs }, rule)?.doubt;

describe('the silence of runs', () => {
  it('is looked for since the beginning of a day', () => {
    expect(silentSince(rule)).toEqual(new Date('2026-10-30T00:00:00Z'));
  });

  it('is of what jobs did not read, whose lineage was live throughout', () => {
    expect(
      silenceOf(
        {
          lineage_jobs: [job(), job({ job: 'airflow/late' })],
          lineage_reads: [['id', 'airflow/radar', dayAgo(2)]],
          lineage_moved_at: new Date(ago(31)),
        },
        rule,
      ),
    ).toEqual({
      since: '2026-10-30',
      jobs: 2,
      reads: [{ field: 'id', job: 'airflow/radar', on: dayAgo(2) }],
    });
  });

  it('is none where no run ever named the dataset', () => {
    expect(silenceOf({ lineage_jobs: null }, rule)).toBeUndefined();
  });

  it('proves nothing where a job never told, or began to within the time', () => {
    expect(doubtOf(job({ stretches: null }))).toBe(
      'no run of airflow/radar has told all that it read',
    );
    expect(doubtOf(job({ stretches: [[ago(29), ago(0.5)]] }))).toBe(
      `airflow/radar tells what it reads of it only since ${dayAgo(29)}`,
    );
    // It ran before, but nobody knew that it is a consumer.
    expect(doubtOf(job({ firstAt: ago(5) }))).toBe(
      `airflow/radar tells what it reads of it only since ${dayAgo(5)}`,
    );
    expect(doubtOf(job({ firstAt: null }))).toBe(
      `airflow/radar tells what it reads of it only since ${dayAgo(0)}`,
    );
    expect(doubtOf(job({ stretches: [[ago(31), ago(0.5)]] }))).toBeUndefined();
  });

  it('proves nothing where a job stopped to report, be it one of two', () => {
    const stopped = job({ job: 'b', stretches: [[ago(60), ago(2)]] });
    expect(doubtOf(stopped)).toBe(`b has told nothing since ${dayAgo(2)}`);
    expect(doubtOf(job(), stopped)).toBe(
      `b has told nothing since ${dayAgo(2)}`,
    );
    // Long before the time that is looked at, too: it may run once a quarter.
    const gone = job({ stretches: [[ago(80), ago(70)]] });
    expect(doubtOf(gone, stopped)).toBe(
      `airflow/radar has told nothing since ${dayAgo(
        70,
      )} (and 1 more of its jobs)`,
    );
  });

  it('proves nothing where a run did not tell all that it read', () => {
    expect(doubtOf(job({ untoldAt: ago(12) }))).toBe(
      `a run of airflow/radar on ${dayAgo(12)} did not tell all that it read`,
    );
    expect(doubtOf(job({ untoldAt: ago(31) }))).toBeUndefined();
  });

  it('proves nothing where filters and joins are not told of', () => {
    const doubt = 'airflow/radar does not tell what its filters and joins read';
    expect(doubtOf(job({ filtersAt: null }))).toBe(doubt);
    expect(doubtOf(job({ filtersAt: ago(31) }))).toBe(doubt);
    // It runs on, but on other datasets.
    expect(
      doubtOf(job({ namedAt: ago(31), filtersAt: ago(31) })),
    ).toBeUndefined();
  });

  it('proves nothing after a pause that is not usual for the job', () => {
    const paused = (days: number) =>
      job({
        stretches: [
          [ago(60), ago(10 + days)],
          [ago(10), ago(0.5)],
        ],
      });
    expect(doubtOf(paused(2))).toBe(
      `airflow/radar told nothing from ${dayAgo(12)} to ${dayAgo(10)}`,
    );
    const weekdays = (longest: number) =>
      job({
        stretches: [
          [ago(60), ago(48)],
          [ago(45), ago(10 + longest)],
          [ago(10), ago(0.5)],
        ],
      });
    expect(doubtOf(weekdays(4))).toBeUndefined();
    expect(doubtOf(weekdays(5))).toMatch(/told nothing from/);
  });

  it('proves nothing of jobs that are heard less than four times', () => {
    const every = (days: number) =>
      job({
        stretches: [0, 1, 2, 3, 4, 5, 6, 7]
          .map(index => ago(1 + index * days))
          .reverse()
          .map(time => [time, time]),
      });
    expect(doubtOf(every(7))).toBeUndefined();
    expect(doubtOf(every(8))).toMatch(/told nothing from/);
    const seldom = silenceOf(
      { lineage_jobs: [{ ...every(14), firstAt: ago(99) }] },
      { silentForMs: 60 * DAY, now: NOW },
    );
    expect(seldom).not.toHaveProperty('doubt');
  });

  it('counts a pause that began before the time', () => {
    const crossing = (days: number) =>
      job({
        stretches: [
          [ago(60), ago(29 + days)],
          [ago(29), ago(0.5)],
        ],
      });
    expect(doubtOf(crossing(1.6))).toMatch(/told nothing from/);
  });

  it('proves nothing right after the dataset moved, as names were others', () => {
    const moved = (days: number) =>
      silenceOf(
        { lineage_jobs: [job()], lineage_moved_at: new Date(ago(days)) },
        rule,
      )?.doubt;
    expect(moved(3)).toBe(
      `the dataset moved to another version on ${dayAgo(3)}`,
    );
    expect(moved(31)).toBeUndefined();
  });

  it('tells of no reads where there is a doubt', () => {
    expect(
      silenceOf(
        {
          lineage_jobs: [job({ stretches: null })],
          lineage_reads: [['id', 'a', dayAgo(2)]],
        },
        rule,
      )?.reads,
    ).toEqual([]);
  });
});
