const HOUR_MS = 3_600_000;

/**
 * How long before and after a run nobody misses another one of its job, in
 * milliseconds: a job that runs once a day may be half a day late.
 */
export const AROUND_RUN_MS = 18 * HOUR_MS;

/**
 * How long after a run another may be without a pause between them, and how late a run
 * may be reported, in milliseconds.
 */
export const PAUSE_MS = 2 * AROUND_RUN_MS;
