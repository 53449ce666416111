import { Knex } from 'knex';
import { ConsumerKey } from '../../consumers/ConsumerStore';
import { storableJson, storableText } from '../../datasets/storableJson';
import { lockLineage } from './lockLineage';
import { ObservedRun } from './ObservedRun';
import { knownLineage, replaceLineage } from './replaceLineage';
import { MAX_JOBS, saveLineage } from './saveLineage';

interface ObservedRow {
  dataset_ref: string;
  run_id: string;
  fields: string[];
  event_time: Date;
}

/**
 * Keeps what a run read, unless it is silent, or a newer one of the same job is known.
 * That a field was read, and when, is kept of all of them. Events of one
 * run add to each other; another run takes the place of the one before, for all
 * datasets.
 *
 * @returns why it is not kept, if so; and the consumer with the datasets of which
 *   something else is known than before
 */
export async function saveObservedRun(
  knex: Knex,
  run: ObservedRun,
): Promise<{ refused?: string; changed: ConsumerKey[] }> {
  const { consumerRef } = run;
  const [job, runId] = [run.job, run.runId].map(storableText);
  return knex.transaction(async trx => {
    await lockLineage(trx, consumerRef);
    await saveLineage(trx, { ...run, job, runId });
    if (run.silent !== undefined) {
      return { refused: run.silent, changed: [] };
    }
    const known: ObservedRow[] = await trx('observed_field_uses').where({
      consumer_ref: consumerRef,
      job,
    });
    const written = await knownLineage(trx, { consumerRef, job });
    const isNewer = (row: Pick<ObservedRow, 'run_id' | 'event_time'>) =>
      row.run_id !== runId && row.event_time >= run.eventTime;
    if ([...known, ...written].some(isNewer)) {
      return {
        refused: `a run of ${run.job} that is no older is known`,
        changed: [],
      };
    }
    if (known.length + written.length === 0) {
      if ((await countJobs(trx, consumerRef)) >= MAX_JOBS) {
        return {
          refused: `${MAX_JOBS} jobs of it are known; ${run.job} is one more`,
          changed: [],
        };
      }
    }
    await replaceLineage(trx, { ...run, job, runId }, written);
    return { changed: await replaceRows(trx, { ...run, job, runId }, known) };
  });
}

async function countJobs(
  trx: Knex.Transaction,
  consumerRef: string,
): Promise<number> {
  const jobsIn = (table: string) =>
    trx(table).select('job').where({ consumer_ref: consumerRef });
  // Each once, as UNION has it.
  const jobs = await jobsIn('observed_field_uses').union(
    jobsIn('field_lineage'),
  );
  return jobs.length;
}

/** Writes the rows of a job anew. @returns what they differ of */
async function replaceRows(
  trx: Knex.Transaction,
  run: ObservedRun,
  known: readonly ObservedRow[],
): Promise<ConsumerKey[]> {
  const { consumerRef, job, runId, uses } = run;
  const changed: ConsumerKey[] = [];
  // An empty row keeps an older event that comes late from being the newest one.
  const left = known
    .filter(
      row =>
        row.run_id !== runId &&
        !uses.some(use => use.datasetRef === row.dataset_ref),
    )
    .map(row => ({ datasetRef: row.dataset_ref, fields: [] as string[] }));
  for (const use of [...uses, ...left]) {
    const before = known.find(row => row.dataset_ref === use.datasetRef);
    const sameRun = before?.run_id === runId ? before : undefined;
    const fields = [
      ...new Set([...(sameRun?.fields ?? []), ...use.fields]),
    ].sort();
    if (JSON.stringify(before?.fields) !== JSON.stringify(fields)) {
      changed.push({ datasetRef: use.datasetRef, entityRef: consumerRef });
    }
    const isLater = sameRun && sameRun.event_time > run.eventTime;
    await trx('observed_field_uses')
      .insert({
        dataset_ref: use.datasetRef,
        consumer_ref: consumerRef,
        job,
        run_id: runId,
        fields: storableJson(fields),
        event_time: isLater ? sameRun.event_time : run.eventTime,
        received_at: trx.fn.now(),
      })
      .onConflict(['dataset_ref', 'consumer_ref', 'job'])
      .merge();
  }
  return changed;
}
