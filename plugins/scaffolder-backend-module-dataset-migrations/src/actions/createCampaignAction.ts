import { AuthService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { ConflictError } from '@backstage/errors';
import {
  ActionContext,
  createTemplateAction,
  TemplateAction,
} from '@backstage/plugin-scaffolder-node';
import { durationToMilliseconds, JsonObject } from '@backstage/types';
import {
  Campaign,
  CampaignState,
  CreateCampaignRequest,
  DatasetMigrationsApi,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { BackendCalls } from '../backend/BackendCalls';
import { cancelCampaign } from '../campaign/cancelCampaign';
import {
  describeCounts,
  describeDryRun,
  isBlocked,
} from '../campaign/describe';
import { hasFailed, startCampaign } from '../campaign/startCampaign';
import { Pages } from '../migration/pages';
import { DEFAULT_INTERVALS, watch } from '../watch/watch';
import { examples } from './createCampaignAction.examples';
import { campaignInputs } from './campaignInputs';
import { timeoutInput } from './inputs';

const DEFAULT_TIMEOUT = { hours: 1 };

/** States that a campaign leaves only when somebody does something. */
const SETTLED: readonly CampaignState[] = [
  'planned',
  'paused',
  'finished',
  'cancelled',
  'failed',
];

/**
 * The same with an index signature, which inputs of steps must have and an
 * interface does not.
 *
 * @public
 */
export type Plain<T> = T extends object ? { [K in keyof T]: Plain<T[K]> } : T;

/**
 * Input of `dataset:campaign`.
 *
 * @public
 */
export type CampaignActionInput = Plain<
  Omit<CreateCampaignRequest, 'autoStart'>
> & {
  start?: boolean;
  wait?: boolean;
  timeout?: { hours?: number; minutes?: number; seconds?: number };
  whenBlocked?: 'fail' | 'continue';
};

/**
 * Output of `dataset:campaign`.
 *
 * @public
 */
export type CampaignActionOutput = {
  campaignId?: string;
  state: string;
  url?: string;
  total: number;
  counts: Record<string, number>;
  breaking?: number;
};

/**
 * `dataset:campaign`: creates a campaign over many datasets, starts it and, if
 * asked, waits for its end. A task that is run again, or recovered by another
 * scaffolder, goes on with the campaign that it has created, and tries again what
 * failed in it. A cancelled task cancels it.
 *
 * @public
 */
export function createCampaignAction(options: {
  api: DatasetMigrationsApi;
  auth: AuthService;
  config: Config;
  /** Milliseconds between two looks at a campaign: from 500 up to 5,000. */
  intervals?: { shortest: number; longest: number };
}): TemplateAction<CampaignActionInput, CampaignActionOutput, 'v2'> {
  const pages = new Pages(options.config);
  return createTemplateAction({
    id: 'dataset:campaign',
    description: 'Migrates many datasets as one campaign',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        ...campaignInputs,
        start: z =>
          z
            .boolean()
            .describe(
              'Migrate after the dry run. Without it, the campaign is planned and waits on its page for somebody who starts it',
            )
            .optional(),
        wait: z =>
          z
            .boolean()
            .describe(
              'Wait for the end of the campaign, or of the dry run where it is not started. Without it, the step ends as soon as the campaign is created',
            )
            .optional(),
        timeout: z =>
          timeoutInput(z)
            .describe(
              'How long to wait, an hour by default. When it is over the step fails and the campaign goes on',
            )
            .optional(),
        whenBlocked: z =>
          z
            .enum(['fail', 'continue'])
            .describe(
              'What the step does when all that is left waits for consumers: fail (default), or end with the state `running`',
            )
            .optional(),
      },
      output: {
        campaignId: z => z.string().describe('Absent in a dry run').optional(),
        state: z =>
          z.string().describe('State of the campaign; `dry-run` in a dry run'),
        url: z => z.string().describe('Page of the campaign').optional(),
        total: z => z.number().describe('Datasets that were selected so far'),
        counts: z => z.record(z.number()).describe('Datasets by state'),
        breaking: z =>
          z
            .number()
            .describe(
              'Datasets of which somebody would break; absent before the dry run is done',
            )
            .optional(),
      },
    },
    async handler(ctx) {
      const { start, wait, timeout, whenBlocked, ...rest } = ctx.input;
      const request: CreateCampaignRequest = {
        ...rest,
        autoStart: start ?? false,
      };
      if (ctx.isDryRun) {
        ctx.logger.info(
          `Would create the campaign '${request.title}' over ${JSON.stringify(
            request.selection,
          )}`,
        );
        ctx.output('state', 'dry-run');
        ctx.output('total', 0);
        ctx.output('counts', {});
        return;
      }

      const backend = new BackendCalls({
        ...options,
        getInitiatorCredentials: () => ctx.getInitiatorCredentials(),
      });
      const created = await startCampaign(ctx, backend, request);
      const url = pages.campaign(created.id);
      ctx.logger.info(`Campaign ${created.id}, ${created.title}: ${url}`);
      if (!wait) {
        output(ctx, created, url);
        return;
      }

      const settled = await follow(ctx, {
        backend,
        id: created.id,
        timeout: timeout ?? DEFAULT_TIMEOUT,
        intervals: options.intervals ?? DEFAULT_INTERVALS,
      });
      if (!settled) {
        throw new Error(
          `Campaign ${created.id} did not end in time; it goes on: ${url}`,
        );
      }
      output(ctx, settled, url);
      requireSuccess(settled, url, {
        started: request.autoStart!,
        whenBlocked: whenBlocked ?? 'fail',
      });
    },
  });
}

async function follow(
  ctx: Pick<ActionContext<any>, 'logger' | 'signal'>,
  options: {
    backend: BackendCalls;
    id: string;
    timeout: JsonObject;
    intervals: { shortest: number; longest: number };
  },
): Promise<Campaign | undefined> {
  const { backend, id, timeout, intervals } = options;
  const { logger, signal } = ctx;
  let told = '';
  return watch({
    get: () =>
      backend.asScaffolder((client, requestOptions) =>
        client.campaigns.get(id, requestOptions),
      ),
    async onLook(campaign) {
      const line = progressOf(campaign);
      if (line !== told) {
        logger.info(line);
      }
      told = line;
    },
    isSettled: campaign =>
      SETTLED.includes(campaign.state) || isBlocked(campaign),
    whereabouts: progressOf,
    deadline: Date.now() + durationToMilliseconds(timeout),
    intervals,
    signal,
    logger,
  }).catch(async error => {
    if (signal?.aborted) {
      await cancelCampaign(id, backend, logger);
      throw new Error('The task was cancelled', { cause: error });
    }
    throw error;
  });
}

function progressOf(campaign: Campaign): string {
  return campaign.state === 'planned'
    ? describeDryRun(campaign)
    : `${campaign.state}: ${describeCounts(campaign.counts)}`;
}

function output(
  ctx: Pick<ActionContext<any>, 'output'>,
  campaign: Campaign,
  url: string,
): void {
  ctx.output('campaignId', campaign.id);
  ctx.output('state', campaign.state);
  ctx.output('url', url);
  ctx.output('total', campaign.total);
  ctx.output('counts', campaign.counts);
  ctx.output('breaking', campaign.dryRun?.breaking);
}

function requireSuccess(
  campaign: Campaign,
  url: string,
  options: { started: boolean; whenBlocked: 'fail' | 'continue' },
): void {
  const { state, counts, reason } = campaign;
  const what = `Campaign ${campaign.id}`;
  const because = reason ? `: ${reason}` : '';
  if (isBlocked(campaign)) {
    if (options.whenBlocked === 'fail') {
      throw new ConflictError(
        `${what}: ${counts.blocked} of ${campaign.total} datasets are blocked by their consumers, and go on by themselves once these are ready: ${url}`,
      );
    }
    return;
  }
  if (state === 'finished' ? hasFailed(campaign) : state !== 'planned') {
    throw new Error(
      `${what} is ${state}${because} (${describeCounts(counts)}): ${url}`,
    );
  }
}
