import {
  Campaign,
  CampaignState,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Zod } from './types';

const SHOWN_EVENTS = 5;

const over: readonly CampaignState[] = ['finished', 'cancelled', 'failed'];

/** A campaign, as the actions output it: what an agent acts on. */
export function campaignOutput(z: Zod) {
  return z.object({
    campaignId: z.string(),
    title: z.string(),
    state: z
      .string()
      .describe(
        'planning, planned, running, paused, cancelling; or one of the ends: finished, cancelled, failed',
      ),
    ended: z
      .boolean()
      .describe(
        'False while it may still change. A planned or paused one waits for a person',
      ),
    reason: z.string().describe('Why it is paused, or failed').optional(),
    createdBy: z.string(),
    createdAt: z.string(),
    startedAt: z.string().optional(),
    finishedAt: z.string().optional(),
    total: z.number().int().describe('Datasets that were selected'),
    counts: z.record(z.number()).describe('Datasets by state'),
    wave: z.object({ current: z.number(), count: z.number() }).optional(),
    endedPerMinute: z.number().optional(),
    secondsLeft: z.number().optional(),
    opensAt: z
      .string()
      .describe('When it may start migrations again; absent while it may')
      .optional(),
    dryRun: z
      .object({
        breaking: z.number().describe('Datasets of which somebody would break'),
        verdicts: z.record(z.number()).describe('Consumers by verdict'),
        metadataOnly: z.number(),
        rows: z.number(),
        bytes: z.number(),
        cycles: z.array(z.array(z.string())),
      })
      .describe('What it would do; absent while it is still planned')
      .optional(),
    mayNow: z
      .array(z.string())
      .describe('What the caller may do with it now, on its page or over REST'),
    events: z
      .array(
        z.object({ at: z.string(), level: z.string(), message: z.string() }),
      )
      .describe('What happened to it, newest first'),
    url: z.string().describe('Its page').optional(),
  });
}

export function toCampaignOutput(campaign: Campaign, portalUrl?: string) {
  const { id, actions, events, ...rest } = campaign;
  return {
    ...rest,
    campaignId: id,
    ended: over.includes(campaign.state),
    mayNow: actions,
    events: events.slice(0, SHOWN_EVENTS),
    url: portalUrl && `${portalUrl}/dataset-migrations/campaigns/${id}`,
  };
}
