import {
  CampaignDatasetState,
  opensAt,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { appendCampaignEvent } from '../database/operations/campaigns/campaignEvents';
import { changeCampaign } from '../database/operations/campaigns/changeCampaign';
import {
  CampaignCounts,
  countByWave,
  countCampaignDatasets,
} from '../database/operations/campaigns/countCampaignDatasets';
import {
  countStartable,
  listStartable,
} from '../database/operations/campaigns/listStartable';
import { cancelOverdue } from './cancelMigrations';
import { CampaignDependencies } from './dependencies';
import { AssertHeld } from './exclusively';
import { skipBelowFailures } from './skipBelowFailures';
import { startDatasets } from './startDatasets';
import { CampaignRecord } from './types';
import { failureRate } from './waves';
import { endedOf, whyStop } from './whyStop';

/**
 * Takes a running campaign on: starts what may start, within `room`, and ends it
 * when nothing is left. One process at a time does it.
 *
 * @param room - migrations that the fleet can take besides those in flight
 * @param assertHeld - that it is still this process which does it, and goes on
 * @returns how many were started
 */
export async function dispatch(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  room: number,
  assertHeld: AssertHeld,
): Promise<number> {
  const { knex } = deps;
  await cancelOverdue(deps, campaign);
  await skipBelowFailures(knex, campaign.id);

  const counts = (await countCampaignDatasets(knex, [campaign.id])).get(
    campaign.id,
  )!;
  if (isDone(counts)) {
    await finish(deps, campaign, counts);
    return 0;
  }
  const reason = whyStop(campaign, counts);
  if (reason !== undefined) {
    await pause(deps, campaign, reason);
    return 0;
  }
  const opens = opensAt(campaign.request.windows, new Date());
  if (opens) {
    await changeCampaign(knex, campaign, { dispatchable: 0, opensAt: opens });
    return 0;
  }
  const inWave = await enterWave(deps, campaign);
  if (!inWave) {
    return 0;
  }

  const within = await allowed(deps, campaign, counts);
  const started = await startUpTo(
    deps,
    inWave,
    Math.min(within, room),
    assertHeld,
  );
  const dispatchable = await countStartable(knex, inWave, within - started);
  await changeCampaign(knex, inWave, { opensAt: null, dispatchable });
  if (started + counts.active + dispatchable === 0 && counts.blocked > 0) {
    await tellBlocked(deps, inWave, counts.blocked);
  }
  return started;
}

/** Once: from now on it waits for consumers, for as long as they take. */
async function tellBlocked(
  { knex, outbox, tellCreator }: CampaignDependencies,
  campaign: CampaignRecord,
  blocked: number,
): Promise<void> {
  if (campaign.toldBlocked) {
    return;
  }
  const reason = `${blocked} ${
    blocked === 1 ? 'dataset is' : 'datasets are'
  } blocked by consumers, and nothing else can go on`;
  const told = await knex.transaction(async trx => {
    const changed = await changeCampaign(trx, campaign, { toldBlocked: true });
    if (changed) {
      await appendCampaignEvent(trx, campaign.id, {
        level: 'warn',
        message: reason,
      });
      await outbox.announceCampaign(trx, 'waiting', changed);
    }
    return changed;
  });
  if (told) {
    await tellCreator({ ...told, reason });
  }
}

/** Datasets of a campaign that one round looks at, whether they start or not. */
const MAX_LOOKS = 1_000;

const unfinished: CampaignDatasetState[] = [
  'pending',
  'waiting',
  'active',
  'blocked',
];

function isDone(counts: CampaignCounts): boolean {
  return unfinished.every(state => counts[state] === 0);
}

async function finish(
  { knex, outbox, tellCreator }: CampaignDependencies,
  campaign: CampaignRecord,
  counts: CampaignCounts,
): Promise<void> {
  const ends = (
    ['succeeded', 'failed', 'cancelled', 'skipped'] as const
  ).filter(state => counts[state] > 0);
  const finished = await knex.transaction(async trx => {
    const changed = await changeCampaign(trx, campaign, {
      state: 'finished',
      dispatchable: 0,
      opensAt: null,
      finishedAt: new Date(),
    });
    if (changed) {
      await appendCampaignEvent(trx, campaign.id, {
        message: `Finished: ${
          ends.map(state => `${counts[state]} ${state}`).join(', ') ||
          'nothing was to be migrated'
        }`,
      });
      await outbox.announceCampaign(trx, 'finished', changed);
    }
    return changed;
  });
  if (finished) {
    await tellCreator(finished);
  }
}

async function pause(
  { knex, tellCreator }: CampaignDependencies,
  campaign: CampaignRecord,
  reason: string,
): Promise<void> {
  const paused = await changeCampaign(knex, campaign, {
    state: 'paused',
    reason,
    dispatchable: 0,
    opensAt: null,
  });
  if (paused) {
    await appendCampaignEvent(knex, campaign.id, {
      level: 'warn',
      message: `Paused: ${reason}`,
    });
    await tellCreator(paused);
  }
}

/**
 * Goes on to the next wave when nothing of those so far runs or could start.
 * What is blocked, or waits for its owner's window, holds nobody else back, as
 * long as any of the wave has ended.
 *
 * @returns the campaign in its wave; undefined when too much of the last failed
 */
async function enterWave(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
): Promise<CampaignRecord | undefined> {
  const { knex } = deps;
  const { waves } = campaign.request;
  if (!waves) {
    return campaign;
  }
  const counts = await countByWave(knex, campaign.id);
  const last = Math.max(...counts.keys());
  let current = campaign;
  while (current.currentWave < last) {
    if (
      runsUpTo(counts, current.currentWave) ||
      (await countStartable(knex, withoutLimits(current), 1)) > 0
    ) {
      return current;
    }
    const wave = counts.get(current.currentWave);
    if (wave && endedOf(wave) === 0 && wave.waiting + wave.blocked > 0) {
      // It says nothing yet about those that come after it.
      return current;
    }
    const rate = wave ? failureRate(wave) : 0;
    if (
      rate > waves.maxFailureRate &&
      (campaign.accepted?.wave ?? 0) < current.currentWave
    ) {
      await pause(
        deps,
        current,
        `${percent(rate)} of wave ${
          current.currentWave
        } failed; allowed are ${percent(waves.maxFailureRate)}`,
      );
      return undefined;
    }
    const next = await changeCampaign(knex, current, {
      currentWave: current.currentWave + 1,
    });
    if (!next) {
      return undefined;
    }
    await appendCampaignEvent(knex, campaign.id, {
      message: `Wave ${next.currentWave} of ${last} begins`,
    });
    current = next;
  }
  return current;
}

function runsUpTo(counts: Map<number, CampaignCounts>, last: number): boolean {
  return [...counts].some(([wave, { active }]) => wave <= last && active > 0);
}

/** Limits of connections and owners make datasets wait, and no wave end. */
function withoutLimits(campaign: CampaignRecord): CampaignRecord {
  const { batchSize, maxInFlight } = campaign.request.limits;
  return {
    ...campaign,
    request: { ...campaign.request, limits: { batchSize, maxInFlight } },
  };
}

/** How many the campaign itself may start now. */
async function allowed(
  { knex }: CampaignDependencies,
  { id, request }: CampaignRecord,
  counts: CampaignCounts,
): Promise<number> {
  const { maxInFlight, startsPerMinute } = request.limits;
  let count = maxInFlight - counts.active;
  if (startsPerMinute !== undefined) {
    const [{ started }] = await knex('campaign_datasets')
      .count({ started: '*' })
      .where({ campaign_id: id })
      .whereRaw(`started_at > now() - interval '1 minute'`);
    count = Math.min(count, startsPerMinute - Number(started));
  }
  return Math.max(count, 0);
}

/** Batch after batch; those that turn out not to start now make room for others. */
async function startUpTo(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  count: number,
  assertHeld: AssertHeld,
): Promise<number> {
  const { batchSize } = campaign.request.limits;
  let started = 0;
  let looked = 0;
  // Others get their turn, however many of this one cannot start.
  while (started < count && looked < MAX_LOOKS) {
    const next = await listStartable(
      deps.knex,
      campaign,
      Math.min(batchSize, count - started),
    );
    if (next.length === 0) {
      break;
    }
    looked += next.length;
    await assertHeld();
    const result = await startDatasets(deps, campaign, next);
    if (result === undefined) {
      break;
    }
    started += result;
  }
  return started;
}

function percent(rate: number): string {
  return `${Math.round(rate * 1000) / 10} %`;
}
