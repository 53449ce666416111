import { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
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
export function registerActions(given: ActionContext): void {
  const context = { ...given, actionsRegistry: withinLimit(given) };
  createPlanAction(context);
  createMigrateAction(context);
  createGetStatusAction(context);
  createStartCampaignAction(context);
  createListBlockedAction(context);
}

/** What changes something counts towards the limit of its caller, as over REST. */
function withinLimit({
  actionsRegistry,
  api,
}: ActionContext): ActionsRegistryService {
  return {
    register(options) {
      actionsRegistry.register({
        ...options,
        async action(context) {
          if (!options.attributes?.readOnly) {
            const subject = api.initiators.subjectOf(context.credentials);
            await api.changeLimit.count(subject);
          }
          return options.action(context);
        },
      });
    },
  };
}
