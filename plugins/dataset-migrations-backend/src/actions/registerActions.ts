import { createGetStatusAction } from './createGetStatusAction';
import { createListBlockedAction } from './createListBlockedAction';
import { createMigrateAction } from './createMigrateAction';
import { createPlanAction } from './createPlanAction';
import { createStartCampaignAction } from './createStartCampaignAction';
import { ActionContext } from './types';

/**
 * Gives the actions registry what scripts and agents may do: the same as over
 * REST, under the same permissions, audited as the same events.
 */
export function registerActions(context: ActionContext): void {
  createPlanAction(context);
  createMigrateAction(context);
  createGetStatusAction(context);
  createStartCampaignAction(context);
  createListBlockedAction(context);
}
