import {
  BoardEntry,
  Consumer,
  ConsumerVerdict,
  MigrationPlan,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { MigrationRecord } from '../database/MigrationRecord';
import { PipelineDependencies } from '../pipeline/types';
import { judgedPlanOf } from '../planning/judge';
import { judgeAnswered } from '../planning/judgeAnswered';
import { boardEntries } from './board';

/**
 * Judges the consumers of an open migration by the read model, and says for which of
 * them it waits: whoever would break or cannot be judged, and whose owner did not say
 * to be ready in time. Who need only raise a version range loses nothing by it.
 *
 * @param options.trx - reads as of it
 * @returns the plan with what is accepted of its changes, too
 */
export async function judgeAwaited(
  { knex, directory, settings }: PipelineDependencies,
  record: MigrationRecord,
  options: { trx?: Knex.Transaction } = {},
): Promise<{
  plan: MigrationPlan;
  verdicts: ConsumerVerdict[];
  awaited: Consumer[];
}> {
  const { datasetRef, deadline } = record;
  const { trx } = options;
  const { plan, verdicts } = await judgeAnswered(trx ?? knex, {
    ...judgedPlanOf(record),
    datasetRef,
    consumers: await directory.getConsumers(datasetRef, { trx }),
    strict: settings.strictConstraints,
  });
  const awaited = boardEntries(record, verdicts)
    .filter(entry => isAwaited(entry, deadline))
    .map(({ consumer }) => consumer);
  return { plan, verdicts, awaited };
}

function isAwaited(
  { asked, until }: BoardEntry,
  deadline: Date | undefined,
): boolean {
  if (asked !== 'adapt' && asked !== 'declare') {
    return false;
  }
  // Without a deadline, a day is one that its owner named.
  return deadline ? new Date(until!) >= deadline : until === undefined;
}
