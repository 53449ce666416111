import {
  CampaignDatasetState,
  opensAt,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { changeCampaign } from '../database/operations/campaigns/changeCampaign';
import {
  CampaignCounts,
  countDatasetsOf,
} from '../database/operations/campaigns/countCampaignDatasets';
import { getCampaign } from '../database/operations/campaigns/getCampaign';
import { countConsented } from '../database/operations/campaigns/countConsented';
import { listStartable } from '../database/operations/campaigns/listStartable';
import { sayOutOfReach } from '../database/operations/campaigns/sayOutOfReach';
import { Fleet } from '../telemetry/Workers';
import { Knex } from 'knex';
import { cancelOverdue } from './cancelMigrations';
import { changeAndTell } from './changeAndTell';
import { couldStart } from './couldStart';
import { CampaignDependencies } from './dependencies';
import { enterWave } from './enterWave';
import { AssertHeld } from './exclusively';
import { pauseCampaign } from './pauseCampaign';
import { skipBelowFailures } from './skipBelowFailures';
import { startDatasets } from './startDatasets';
import { CampaignRecord } from './types';
import { endedOf, whyStop } from './whyStop';
import { Rest } from './writeDispatchable';

/** What a round has to give to one campaign. */
export interface Round {
  /** Migrations that the fleet can take besides those in flight. */
  room: number;
  fleet: Fleet;
  /** Whether those that wait for a worker are told so in this round. */
  saysOutOfReach: boolean;
  /** That it is still this process which does it, and goes on. */
  assertHeld: AssertHeld;
}

/** What came of a round. */
export interface Dispatched {
  started: number;
  rest: Rest;
}

/** Of a campaign that may start nothing now. */
export function nothingStarted(
  campaign: CampaignRecord,
  inFlight: number,
): Dispatched {
  return { started: 0, rest: { campaign, inFlight, within: 0 } };
}

/**
 * Takes a running campaign on: starts what may start, within the room of the round,
 * and ends it when nothing is left. One process at a time does it.
 */
export async function dispatch(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  round: Round,
): Promise<Dispatched> {
  const { knex } = deps;
  await cancelOverdue(deps, campaign);
  let counts = await countDatasetsOf(knex, campaign.id);
  const nothing = nothingStarted(campaign, counts.active);
  const reason = whyStop(campaign, counts);
  // Where nothing is left there is nothing to pause.
  if (reason !== undefined && !isDone(counts)) {
    await pauseCampaign(
      deps,
      campaign,
      reason,
      (now, countsNow) =>
        !isDone(countsNow) && whyStop(now, countsNow) !== undefined,
    );
    return nothing;
  }
  if ((await skipBelowFailures(knex, campaign.id)) > 0) {
    counts = await countDatasetsOf(knex, campaign.id);
  }
  if (isDone(counts)) {
    await finish(deps, campaign, counts);
    return nothing;
  }
  const counted = await lowerAccepted(knex, campaign, counts);
  if (!counted) {
    return nothing;
  }
  const opens = opensAt(campaign.request.windows, new Date());
  if (opens) {
    await changeCampaign(knex, campaign, { opensAt: opens });
    return nothing;
  }
  const inWave = await enterWave(deps, counted);
  if (!inWave) {
    return nothing;
  }

  if (round.saysOutOfReach) {
    await sayOutOfReach(knex, campaign.id, round.fleet);
  }
  const within = await allowed(deps, campaign, counts);
  const started = await startUpTo(deps, inWave, {
    ...round,
    room: Math.min(within, round.room),
  });
  if (inWave.opensAt) {
    await changeCampaign(knex, inWave, { opensAt: null });
  }
  if (started + counts.active > 0) {
    await goesOnAgain(deps, inWave);
  } else if (counts.blocked > 0) {
    await tellBlocked(deps, inWave, counts.blocked);
  }
  return {
    started,
    rest: {
      campaign: inWave,
      inFlight: counts.active + started,
      within: within - started,
    },
  };
}

/**
 * What was let through and was tried again by its owner since is not let through
 * anymore: of those that fail from now on, as many as ever make the campaign stop.
 *
 * @returns the campaign as it is then; undefined when it does not run any more
 */
async function lowerAccepted(
  knex: Knex,
  campaign: CampaignRecord,
  counts: CampaignCounts,
): Promise<CampaignRecord | undefined> {
  if (counts.failed >= (campaign.accepted?.failed ?? 0)) {
    return campaign;
  }
  return knex.transaction(async trx => {
    const { accepted } = await getCampaign(trx, campaign.id, {
      lock: 'update',
    });
    const now = await countDatasetsOf(trx, campaign.id);
    return changeCampaign(trx, campaign, {
      accepted: accepted && {
        ...accepted,
        failed: Math.min(accepted.failed, now.failed),
        ended: Math.min(accepted.ended, endedOf(now)),
      },
    });
  });
}

/** The next time that only blocked datasets are left is told again. */
async function goesOnAgain(
  { knex }: CampaignDependencies,
  campaign: CampaignRecord,
): Promise<void> {
  if (campaign.toldBlocked) {
    await changeCampaign(knex, campaign, { toldBlocked: false });
  }
}

/** Once: from now on it waits for consumers, for as long as they take. */
async function tellBlocked(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  blocked: number,
): Promise<void> {
  if (
    campaign.toldBlocked ||
    (await couldStart(deps.knex, campaign, { anyTime: true }))
  ) {
    return;
  }
  const otherwise = await countConsented(deps.knex, campaign.id);
  const byConsumers = blocked - otherwise;
  // What waits for nobody goes on by itself; or its own log says what it lacks.
  if (byConsumers <= 0) {
    return;
  }
  const others =
    otherwise > 0
      ? `, ${otherwise} ${
          otherwise === 1 ? 'waits' : 'wait'
        } for a window or a permission`
      : '';
  const reason = `${byConsumers} ${
    byConsumers === 1 ? 'dataset is' : 'datasets are'
  } blocked by consumers${others}, and nothing else can go on`;
  const told = await changeAndTell(deps, campaign, {
    patch: { toldBlocked: true },
    level: 'warn',
    message: reason,
    tell: 'waiting',
  });
  if (told) {
    void deps.tellCreator({ ...told, reason });
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
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  counts: CampaignCounts,
): Promise<void> {
  const ends = (
    ['succeeded', 'failed', 'cancelled', 'skipped'] as const
  ).filter(state => counts[state] > 0);
  const finished = await changeAndTell(deps, campaign, {
    // Failed ones may be tried again since.
    onlyIf: (_, now) => isDone(now),
    patch: {
      state: 'finished',
      dispatchable: 0,
      opensAt: null,
      finishedAt: new Date(),
    },
    message: `Finished: ${
      ends.map(state => `${counts[state]} ${state}`).join(', ') ||
      'nothing was to be migrated'
    }`,
    tell: 'finished',
  });
  if (finished) {
    void deps.tellCreator(finished);
  }
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
  { room, fleet, assertHeld }: Round,
): Promise<number> {
  const { batchSize } = campaign.request.limits;
  let started = 0;
  let looked = 0;
  // Others get their turn, however many of this one cannot start.
  while (started < room && looked < MAX_LOOKS) {
    const next = await listStartable(
      deps.knex,
      campaign,
      Math.min(batchSize, room - started),
      { engines: fleet.engines },
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
    // Where they fail before they start, the rest is not to follow them.
    if (
      result < next.length &&
      whyStop(campaign, await countDatasetsOf(deps.knex, campaign.id)) !==
        undefined
    ) {
      break;
    }
  }
  return started;
}
