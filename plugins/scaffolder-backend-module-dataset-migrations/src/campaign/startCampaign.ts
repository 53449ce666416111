import { ActionContext } from '@backstage/plugin-scaffolder-node';
import {
  Campaign,
  CampaignState,
  CreateCampaignRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { BackendCalls } from '../backend/BackendCalls';

/** A task that is run again wants another campaign after one of these. */
const GIVEN_UP: readonly CampaignState[] = ['cancelled', 'failed'];

/**
 * Creates the campaign of a step, or finds the one that an earlier run of the
 * same step has created: by the checkpoint, or, if the scaffolder died before
 * writing that, by the idempotency key. What failed in it is tried again; one
 * that was cancelled, or whose datasets could not be selected, is followed by a
 * new one.
 */
export async function startCampaign(
  ctx: Pick<ActionContext<any>, 'task' | 'step' | 'checkpoint' | 'logger'>,
  backend: BackendCalls,
  request: CreateCampaignRequest,
): Promise<Campaign> {
  for (let attempt = 1; ; attempt++) {
    const idempotencyKey = ['scaffolder', ctx.task.id, ctx.step?.id ?? '']
      .concat('campaign', request.title)
      .map(encodeURIComponent)
      .concat(String(attempt))
      .join('/');
    let createdNow = false;
    const id = await ctx.checkpoint({
      key: `created.${request.title}.${attempt}`,
      fn: async () => {
        createdNow = true;
        const created = await backend.asInitiator((api, options) =>
          api.campaigns.create(request, { ...options, idempotencyKey }),
        );
        return created.id;
      },
    });
    const campaign = await backend.asScaffolder((api, options) =>
      api.campaigns.get(id, options),
    );
    if (GIVEN_UP.includes(campaign.state) && !createdNow) {
      ctx.logger.info(`Campaign ${id} ${campaign.state}; creating it anew`);
      continue;
    }
    if (campaign.state === 'finished' && !createdNow && hasFailed(campaign)) {
      ctx.logger.info(`Trying again what failed in campaign ${id}`);
      return backend.asInitiator((api, options) =>
        api.campaigns.act(id, 'retry-failed', options),
      );
    }
    return campaign;
  }
}

/** Whether `retry-failed` would have something to do. */
export function hasFailed({ counts }: Campaign): boolean {
  return counts.failed + counts.cancelled + counts.skipped > 0;
}
