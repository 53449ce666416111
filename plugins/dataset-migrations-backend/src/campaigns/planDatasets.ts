import { assertError } from '@backstage/errors';
import {
  ConsumerVerdict,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import pLimit from 'p-limit';
import semver from 'semver';
import { keepingAlive } from '../database/limitIdleTransactions';
import { listAcceptedChanges } from '../database/operations/acceptedChanges/listAcceptedChanges';
import {
  CampaignDatasetChange,
  writeCampaignDatasets,
} from '../database/operations/campaigns/writeCampaignDatasets';
import { DatasetRecord, KnownDataset } from '../datasets/types';
import { isPermanent } from '../pipeline/failures';
import { withoutSecrets } from '../secrets/withoutSecrets';
import { CampaignDependencies, MayMigrate } from './dependencies';
import { inSeconds } from './inSeconds';
import { CampaignRecord } from './types';
import { windowProblem } from './windowProblem';

/** Datasets of one transaction, which another process gets when this one dies. */
const BATCH = 50;
/** Stores that are asked at a time. */
const AT_ONCE = 4;
/** Until a dataset is planned again whose store or catalog did not answer. */
const AGAIN_SECONDS = 15;
/** After so many minutes it is left out, with what went wrong. */
const PATIENCE_MINUTES = 10;
/** Consumers that are named. */
const MAX_BLOCKERS = 20;

/**
 * The dry run, some datasets at a time: what each would become, whom it would
 * break, and how the engine would go about it, from metadata alone. Any number
 * of processes may do it side by side: each takes rows that no other holds, of
 * engines whose storage it reaches.
 *
 * @param engines - whose datasets are planned here, as long as it is not too late
 * @returns how many were planned; none when all are, or others are at them
 */
export async function planDatasets(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  engines: string[],
): Promise<number> {
  return deps.knex.transaction(async trx => {
    const refs: string[] = await trx('campaign_datasets')
      .where({ campaign_id: campaign.id, state: 'pending' })
      .whereRaw('(not_before IS NULL OR not_before <= now())')
      .whereNotIn(
        'dataset_ref',
        patient(campaign)
          ? trx('datasets')
              .select('entity_ref')
              .whereRaw('engine <> all(?)', [engines])
          : [],
      )
      .orderBy('position')
      .limit(BATCH)
      .forUpdate()
      .skipLocked()
      .pluck('dataset_ref');
    if (refs.length === 0) {
      return 0;
    }
    const mayMigrate = await deps.judgeInitiator(campaign.initiator);
    const limit = pLimit(AT_ONCE);
    const changes = await keepingAlive(trx, async () => {
      const known = await readKnown(deps, refs);
      return Promise.all(
        refs.map(ref =>
          limit(() =>
            planDataset(deps, campaign, ref, mayMigrate, known.get(ref)),
          ),
        ),
      );
    });
    await writeCampaignDatasets(trx, campaign.id, changes);
    return refs.length;
  });
}

/**
 * What the read model has of some datasets. Where they cannot be read together, each is
 * read by itself, and one of them does not keep the others.
 */
async function readKnown(
  { knex, directory, logger }: CampaignDependencies,
  refs: string[],
): Promise<Map<string, KnownDataset>> {
  try {
    const known = await directory.findMany(refs);
    const accepted = await listAcceptedChanges(knex, refs);
    return new Map(
      [...known].map(([ref, found]) => [
        ref,
        { ...found, accepted: accepted.get(ref) ?? [] },
      ]),
    );
  } catch (error) {
    assertError(error);
    logger.warn(
      `Could not read ${refs.length} datasets together: ${withoutSecrets(
        error.message,
      )}`,
    );
    return new Map();
  }
}

async function planDataset(
  { directory, planner }: CampaignDependencies,
  campaign: CampaignRecord,
  datasetRef: string,
  mayMigrate: MayMigrate,
  known: KnownDataset | undefined,
): Promise<CampaignDatasetChange> {
  const { request } = campaign;
  let about: Partial<CampaignDatasetChange> = {};
  const excluded = (reason: string): CampaignDatasetChange => ({
    ...about,
    datasetRef,
    state: 'excluded',
    reason,
  });
  try {
    const dataset = known?.dataset ?? (await directory.getDataset(datasetRef));
    about = {
      title: dataset.title,
      owner: dataset.owner,
      engine: dataset.engine,
      connection: dataset.location?.connection,
    };
    if (!(await mayMigrate(datasetRef))) {
      return excluded(
        `${campaign.initiator.subject} has not the permission 'dataset.migrate' for it`,
      );
    }
    const problem = windowProblem(dataset);
    if (problem) {
      return excluded(problem);
    }
    const targetVersion = targetOf(dataset, request.targetVersion);
    if (!targetVersion) {
      return excluded(
        `It is at version ${dataset.currentVersion ?? 'none'}, and has no ${
          request.targetVersion === undefined
            ? 'next version'
            : `later version in ${request.targetVersion}`
        }`,
      );
    }
    const { policy } = request;
    const plan = await planner.plan(
      datasetRef,
      { targetVersion, ...(policy !== 'proposed' && { policy }) },
      known,
    );
    const { enginePlan } = plan;
    const planned = {
      fromVersion: plan.fromVersion,
      toVersion: plan.toVersion,
      policy: policy === 'proposed' ? plan.proposedPolicy : policy,
      changes: plan.changes.length,
      breaking: plan.breaking,
      strategy: enginePlan.strategy,
      rows: enginePlan.rows,
      bytes: enginePlan.bytes,
      verdicts: countVerdicts(plan.consumers),
      blockedBy: plan.consumers
        .filter(({ blocking }) => blocking)
        .slice(0, MAX_BLOCKERS)
        .map(({ consumer }) => consumer.entityRef),
    };
    return enginePlan.refusals.length > 0
      ? { ...excluded(enginePlan.refusals.join('; ')), planned }
      : { ...about, datasetRef, state: 'waiting', planned };
  } catch (error) {
    assertError(error);
    const reason = withoutSecrets(error.message);
    return isPermanent(error) || !patient(campaign)
      ? excluded(reason)
      : {
          ...about,
          datasetRef,
          state: 'pending',
          reason,
          notBefore: inSeconds(AGAIN_SECONDS),
        };
  }
}

function patient({ selectedAt }: CampaignRecord): boolean {
  return Date.now() - selectedAt!.getTime() < PATIENCE_MINUTES * 60_000;
}

/** The highest version after the current one that the campaign wants. */
function targetOf(
  { currentVersion, nextVersion, versions }: DatasetRecord,
  range: string | undefined,
): string | undefined {
  if (range === undefined || !currentVersion) {
    return nextVersion;
  }
  const later = versions
    .map(({ version }) => version)
    .filter(version => semver.gt(version, currentVersion));
  return semver.maxSatisfying(later, range) ?? undefined;
}

function countVerdicts(consumers: ConsumerVerdict[]): Record<Verdict, number> {
  const counts = { ready: 0, breaks: 0, unknown: 0 };
  for (const { verdict } of consumers) {
    counts[verdict] += 1;
  }
  return counts;
}
