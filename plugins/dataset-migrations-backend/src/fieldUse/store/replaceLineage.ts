import { Knex } from 'knex';
import { storableJson } from '../../datasets/storableJson';
import { FieldFlow, flowKey, sortedFlows } from '../lineage/matchOutputs';
import { ObservedRun } from './ObservedRun';

/** What is known of a dataset that a job wrote. */
export interface LineageRow {
  dataset_ref: string;
  run_id: string;
  told: string[];
  flows: FieldFlow[];
  event_time: Date;
}

/** What the runs of a job that are known wrote. */
export function knownLineage(
  trx: Knex.Transaction,
  { consumerRef, job }: Pick<ObservedRun, 'consumerRef' | 'job'>,
): Promise<LineageRow[]> {
  return trx('field_lineage').where({ consumer_ref: consumerRef, job });
}

/**
 * Writes anew what a job makes datasets of. What an earlier run wrote and this one does
 * not is known no longer; events of one run add to each other.
 */
export async function replaceLineage(
  trx: Knex.Transaction,
  run: ObservedRun,
  known: readonly LineageRow[],
): Promise<void> {
  const { consumerRef, job, runId, outputs } = run;
  await trx('field_lineage')
    .where({ consumer_ref: consumerRef, job })
    .whereNot({ run_id: runId })
    .delete();
  for (const { datasetRef, told, flows } of outputs) {
    const sameRun = known.find(
      row => row.dataset_ref === datasetRef && row.run_id === runId,
    );
    const isLater = sameRun && sameRun.event_time > run.eventTime;
    await trx('field_lineage')
      .insert({
        consumer_ref: consumerRef,
        job,
        dataset_ref: datasetRef,
        run_id: runId,
        told: storableJson(
          [...new Set([...(sameRun?.told ?? []), ...told])].sort(),
        ),
        flows: storableJson(together(sameRun?.flows ?? [], flows)),
        event_time: isLater ? sameRun.event_time : run.eventTime,
        received_at: trx.fn.now(),
      })
      .onConflict(['consumer_ref', 'job', 'dataset_ref'])
      .merge();
  }
}

/** What is taken over as it is by one of them is so. */
function together(one: FieldFlow[], other: FieldFlow[]): FieldFlow[] {
  const flows = new Map<string, FieldFlow>();
  for (const flow of [...one, ...other]) {
    const known = flows.get(flowKey(flow));
    if (!known || known.computed) {
      flows.set(flowKey(flow), flow);
    }
  }
  return sortedFlows([...flows.values()]);
}
