const HOUR_MS = 3_600_000;

/**
 * How long after a run of a job another may be without a pause between them, and how
 * late a run may be reported, in milliseconds: a job that runs once a day may be half a
 * day late.
 */
export const PAUSE_MS = 36 * HOUR_MS;
