import { assertError } from '@backstage/errors';
import { setTimeout as wait } from 'node:timers/promises';
import { countCampaignDatasets } from '../database/operations/campaigns/countCampaignDatasets';
import { countInFlight } from '../database/operations/campaigns/countInFlight';
import { getCampaign } from '../database/operations/campaigns/getCampaign';
import { listCampaignsIn } from '../database/operations/campaigns/listCampaigns';
import { takeTurn, untilNextTurn } from '../database/takeTurn';
import { Fleet } from '../telemetry/Workers';
import { cancelCampaign } from './cancelMigrations';
import { CampaignDependencies } from './dependencies';
import { dispatch, Dispatched, nothingStarted, Round } from './dispatch';
import { AssertHeld, exclusively } from './exclusively';
import { finishPlanning } from './finishPlanning';
import { planDatasets } from './planDatasets';
import { selectDatasets } from './selectDatasets';
import { shareOut } from './shareOut';
import { CampaignRecord } from './types';
import { Rest, writeDispatchable } from './writeDispatchable';

/** Migrations in flight for each job that the workers can run at a time. */
const PER_SLOT = 4;

/** How often those that wait for a worker are told so: all that waits is looked through. */
const SAY_EVERY_MS = 10_000;

/** A batch, even where there are few workers. */
const LEAST_ROOM = 100;

/**
 * Takes campaigns on. It runs in every process; what only one may do at a time is
 * guarded by locks of PostgreSQL, which go with the process that holds them. All
 * state is in the database, so whoever looks next goes on where another stopped.
 */
export class CampaignRunner {
  private readonly stopped = new AbortController();
  private readonly loops: Promise<void>[] = [];
  /** Until it is known whose it is, it may be ours. */
  private hasTurn = true;
  /** When those that wait for a worker were told so last. */
  private saidAt = -Infinity;

  constructor(private readonly deps: CampaignDependencies) {}

  start(): void {
    this.loops.push(
      this.repeat('Planning campaigns', () => this.plan()),
      this.repeat('Dispatching campaigns', () => this.dispatchInTurn()),
    );
  }

  /** Returns when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.loops);
  }

  /**
   * One step of every dry run.
   *
   * @returns whether there is more to do at once
   */
  async plan(): Promise<boolean> {
    let isMore = false;
    for (const campaign of await listCampaignsIn(this.deps.knex, [
      'planning',
    ])) {
      const step = () => this.planOne(campaign);
      isMore = (await this.unlessItFails(campaign, step, false)) || isMore;
    }
    return isMore;
  }

  private async planOne(campaign: CampaignRecord): Promise<boolean> {
    if (!campaign.selectedAt) {
      return this.select(campaign);
    }
    const engines = await this.plannedHere();
    if (!engines) {
      return false;
    }
    const planned = await planDatasets(this.deps, campaign, engines);
    if (planned === 0) {
      await finishPlanning(this.deps, campaign);
    }
    return planned > 0;
  }

  private async select({ id }: CampaignRecord): Promise<boolean> {
    const { knex } = this.deps;
    let isSelected = false;
    await exclusively(knex, `select:${id}`, async () => {
      const now = await getCampaign(knex, id);
      if (now.state === 'planning' && !now.selectedAt) {
        await selectDatasets(this.deps, now);
        isSelected = true;
      }
    });
    return isSelected;
  }

  /**
   * The engines whose datasets this process plans, if it plans at all. To plan thousands
   * takes the processor, and who waits for an answer has it first: a process without
   * slots leaves to the workers alive what one of them reaches.
   */
  private async plannedHere(): Promise<string[] | undefined> {
    const { slots, fleet, availableEngines } = this.deps;
    const available = availableEngines();
    const workers = slots === 0 ? await fleet() : undefined;
    if (!workers || workers.slots === 0) {
      return available;
    }
    const left = available.filter(
      id => workers.engines?.includes(id) === false,
    );
    return left.length > 0 ? left : undefined;
  }

  /** One process at each look is enough. */
  private async dispatchInTurn(): Promise<void> {
    const { knex, settings } = this.deps;
    this.hasTurn = await takeTurn(
      knex,
      'campaign-dispatch',
      settings.lookEveryMs,
    );
    if (this.hasTurn) {
      await this.dispatch();
    }
  }

  /** One round of starts, over all campaigns, unless another process is at it. */
  async dispatch(): Promise<void> {
    const { knex } = this.deps;
    await exclusively(knex, 'dispatch', async assertHeld => {
      const campaigns = await listCampaignsIn(knex, ['running', 'cancelling']);
      if (campaigns.length > 0) {
        await this.dispatchAll(campaigns, assertHeld);
      }
    });
  }

  /** What one leaves over is the others'; see {@link shareOut}. */
  private async dispatchAll(
    campaigns: CampaignRecord[],
    assertHeld: AssertHeld,
  ): Promise<void> {
    const { knex } = this.deps;
    const counts = await countCampaignDatasets(
      knex,
      campaigns.map(({ id }) => id),
    );
    const inFlight = ({ id }: CampaignRecord) => counts.get(id)!.active;
    const fleet = await this.deps.fleet();
    let busy = await countInFlight(knex, fleet);
    const saysOutOfReach = performance.now() - this.saidAt > SAY_EVERY_MS;
    if (saysOutOfReach) {
      this.saidAt = performance.now();
    }
    const rests: Rest[] = [];
    await shareOut(campaigns, {
      room: this.capacity(fleet) - busy,
      inFlight,
      take: async (campaign, share) => {
        const { started, rest } = await this.unlessItFails(
          campaign,
          () =>
            this.dispatchOne(campaign, inFlight(campaign), {
              room: share,
              fleet,
              saysOutOfReach,
              assertHeld,
            }),
          nothingStarted(campaign, inFlight(campaign)),
        );
        rests.push(rest);
        busy += started;
        return started;
      },
    });
    if (!this.stopped.signal.aborted) {
      await writeDispatchable(this.deps, rests, busy);
    }
  }

  /** Migrations in flight that the workers alive can do with. */
  private capacity({ slots }: Fleet): number {
    const { maxInFlight } = this.deps.settings;
    return slots === 0
      ? 0
      : Math.min(Math.max(slots * PER_SLOT, LEAST_ROOM), maxInFlight);
  }

  private async dispatchOne(
    campaign: CampaignRecord,
    inFlight: number,
    round: Round,
  ): Promise<Dispatched> {
    if (campaign.state === 'cancelling') {
      await cancelCampaign(this.deps, campaign);
      return nothingStarted(campaign, inFlight);
    }
    return dispatch(this.deps, campaign, {
      ...round,
      assertHeld: async () => {
        this.stopped.signal.throwIfAborted();
        await round.assertHeld();
      },
    });
  }

  /** One campaign must not keep the others. */
  private async unlessItFails<T>(
    { id }: CampaignRecord,
    step: () => Promise<T>,
    otherwise: T,
  ): Promise<T> {
    if (this.stopped.signal.aborted) {
      return otherwise;
    }
    try {
      return await step();
    } catch (error) {
      assertError(error);
      if (!this.stopped.signal.aborted) {
        this.deps.logger.warn(`Campaign ${id}: ${error.message}`);
      }
      return otherwise;
    }
  }

  private async repeat(
    what: string,
    step: () => Promise<boolean | void>,
  ): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      let more = false;
      try {
        more = (await step()) === true;
      } catch (error) {
        assertError(error);
        this.deps.logger.warn(`${what}: ${error.message}`);
      }
      const pause = more ? 0 : this.untilNextLook();
      await wait(pause, undefined, { signal }).catch(() => {});
    }
  }

  /**
   * One process looks often: the one with the turn, which is a worker where there
   * are any, as a process that takes no jobs does not hold on to it.
   */
  private untilNextLook(): number {
    const { slots, settings } = this.deps;
    return untilNextTurn(this.hasTurn && slots > 0, settings.lookEveryMs);
  }
}
