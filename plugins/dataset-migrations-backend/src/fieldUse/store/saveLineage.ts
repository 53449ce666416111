import { Knex } from 'knex';
import { inBatches } from '../../database/inBatches';
import { AROUND_RUN_MS, PAUSE_MS } from '../lineage/pauses';
import { ObservedRun } from './ObservedRun';

/** Jobs of one consumer: their names are whatever events say. */
export const MAX_JOBS = 500;

/** A run with the datasets that it names. */
type NamingRun = ObservedRun & { datasetRefs: string[] };

/**
 * Keeps when fields were last read, and which runs told all that they read. Whatever
 * the order in which events come, and how often, the same is known afterwards. The
 * caller sees to it that events of one consumer wait for each other.
 */
export async function saveLineage(
  trx: Knex.Transaction,
  run: ObservedRun,
): Promise<void> {
  const { uses, unclear = [] } = run;
  const naming = {
    ...run,
    datasetRefs: [
      ...new Set([...uses.map(({ datasetRef }) => datasetRef), ...unclear]),
    ],
  };
  // A read counts whoever reports it, and however the run ends.
  await saveReads(trx, run);
  await doubtAll(trx, run, run.unmatched ?? []);
  if (!(await mayBeKept(trx, run))) {
    // Nobody would notice that it stops to report.
    await doubtAll(trx, run, naming.datasetRefs);
    return;
  }
  await saveJobs(trx, naming);
  await saveRun(trx, naming);
  if (isHeard(run)) {
    await saveHeard(trx, run);
  }
}

/** Whether a run told all that it read, and in time. */
function isHeard(run: ObservedRun): boolean {
  return run.outcome === 'complete' && run.whole === true && isInTime(run);
}

/**
 * What is reported long afterwards proves no silence: whoever may report could write the
 * history of a year within a minute.
 */
function isInTime({
  eventTime,
  receivedAt = new Date(),
}: ObservedRun): boolean {
  return receivedAt.getTime() - eventTime.getTime() <= PAUSE_MS;
}

async function saveReads(
  trx: Knex.Transaction,
  { consumerRef, job, eventTime, uses }: ObservedRun,
): Promise<void> {
  const reads = uses.flatMap(({ datasetRef, fields }) =>
    [...new Set(fields)].map(field => ({
      dataset_ref: datasetRef,
      consumer_ref: consumerRef,
      field,
      job,
      read_at: eventTime,
    })),
  );
  await inBatches(reads, batch =>
    trx('field_last_reads')
      .insert(batch)
      .onConflict(['consumer_ref', 'dataset_ref', 'field'])
      .merge(['job', 'read_at'])
      // The job decides between runs of one instant, as no order of events may.
      .whereRaw(
        '(excluded.read_at, excluded.job) > (field_last_reads.read_at, field_last_reads.job)',
      )
      .returning('field'),
  );
}

/** Whether the job is known, or there is room for one more. */
async function mayBeKept(
  trx: Knex.Transaction,
  { consumerRef, job }: ObservedRun,
): Promise<boolean> {
  const { rows } = await trx.raw(
    `SELECT count(*)::int AS count, coalesce(bool_or(job = ?), false) AS known
     FROM (
       SELECT job FROM lineage_jobs WHERE consumer_ref = ?
       UNION
       SELECT job FROM lineage_times WHERE consumer_ref = ?
     ) AS jobs`,
    [job, consumerRef, consumerRef],
  );
  return rows[0].known || rows[0].count < MAX_JOBS;
}

/** Notes of all jobs of a consumer that a run may have read more of datasets. */
async function doubtAll(
  trx: Knex.Transaction,
  { consumerRef, eventTime }: ObservedRun,
  datasetRefs: string[] | 'all',
): Promise<void> {
  if (datasetRefs.length > 0) {
    await trx('lineage_jobs')
      .where({ consumer_ref: consumerRef })
      .where(jobs => {
        if (datasetRefs !== 'all') {
          jobs.whereRaw('dataset_ref = any(?)', [datasetRefs]);
        }
      })
      .update({
        untold_at: trx.raw('greatest(untold_at, ?::timestamptz)', [eventTime]),
      });
  }
}

async function saveJobs(trx: Knex.Transaction, run: NamingRun): Promise<void> {
  const { consumerRef, job, eventTime, unclear = [], datasetRefs } = run;
  if (datasetRefs.length === 0) {
    return;
  }
  // One that ended tells no more of what it has not told.
  const isUntold = run.outcome !== undefined && !run.whole;
  const newest = (column: string) =>
    trx.raw(`greatest(lineage_jobs.${column}, excluded.${column})`);
  await trx('lineage_jobs')
    .insert(
      datasetRefs.map(datasetRef => ({
        dataset_ref: datasetRef,
        consumer_ref: consumerRef,
        job,
        first_at: isInTime(run) ? eventTime : null,
        named_at: eventTime,
        untold_at: isUntold || unclear.includes(datasetRef) ? eventTime : null,
        filters_at: run.tellsFilters ? eventTime : null,
      })),
    )
    .onConflict(['consumer_ref', 'dataset_ref', 'job'])
    .merge({
      first_at: trx.raw('least(lineage_jobs.first_at, excluded.first_at)'),
      named_at: newest('named_at'),
      untold_at: newest('untold_at'),
      filters_at: newest('filters_at'),
    });
}

/**
 * Remembers for a day who told, and who named a dataset and has not told yet: events of
 * one run come in any order.
 */
async function saveRun(trx: Knex.Transaction, run: NamingRun): Promise<void> {
  const { consumerRef, job, runId, eventTime, whole = false } = run;
  const goesOn = run.outcome === undefined && run.datasetRefs.length > 0;
  if (!whole && !goesOn) {
    return;
  }
  await trx('lineage_runs')
    .insert({
      consumer_ref: consumerRef,
      job,
      run_id: runId,
      at: eventTime,
      datasets: whole ? [] : run.datasetRefs,
      told: whole,
      received_at: trx.fn.now(),
    })
    .onConflict(['consumer_ref', 'job', 'run_id'])
    .merge({
      at: trx.raw('greatest(lineage_runs.at, excluded.at)'),
      datasets: trx.raw(
        'ARRAY(SELECT DISTINCT unnest(lineage_runs.datasets || excluded.datasets) ORDER BY 1)',
      ),
      told: trx.raw('lineage_runs.told OR excluded.told'),
      received_at: trx.raw('excluded.received_at'),
    });
}

/** PostgreSQL joins what overlaps, so that pauses alone are between the ranges. */
async function saveHeard(
  trx: Knex.Transaction,
  { consumerRef, job, eventTime }: ObservedRun,
): Promise<void> {
  const [from, until] = [-AROUND_RUN_MS, AROUND_RUN_MS].map(
    ms => new Date(eventTime.getTime() + ms),
  );
  await trx('lineage_times')
    .insert({
      consumer_ref: consumerRef,
      job,
      heard: trx.raw("tstzmultirange(tstzrange(?, ?, '[]'))", [from, until]),
    })
    .onConflict(['consumer_ref', 'job'])
    .merge({ heard: trx.raw('lineage_times.heard + excluded.heard') });
}
