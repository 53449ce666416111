import { InputError } from '@backstage/errors';
import {
  campaignManagePermission,
  CreateCampaignRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { actOnCampaign, createCampaign } from '../api/campaignRequests';
import { campaignInputs } from './campaignInputs';
import { campaignOutput, toCampaignOutput } from './campaigns';
import { ActionContext } from './types';

/** `start-campaign`: many migrations, and first of all their dry run. */
export function createStartCampaignAction({
  actionsRegistry,
  api,
  portalUrl,
}: ActionContext) {
  actionsRegistry.register({
    name: 'start-campaign',
    title: 'Start a campaign over many datasets',
    description: `
Migrates many datasets within limits, upstream datasets before those that depend on them. In two calls:

1. With \`title\` and \`selection\` it creates the campaign and answers at once. The dry run plans every dataset in the background and changes nothing. Ask \`get-status\` with the \`campaignId\` until its state is \`planned\`; \`dryRun\` then says what would happen and whom it would break.
2. With that \`campaignId\` alone it starts the migrations. Ask \`get-status\` until \`ended\` is true.

With \`autoStart: true\` the first call is enough. Each dataset needs the permission to migrate it, of who created the campaign; those without are excluded, and the campaign says so.
`,
    attributes: { readOnly: false, destructive: true, idempotent: false },
    visibilityPermission: campaignManagePermission,
    schema: {
      input: z => {
        const { title, selection, ...others } = campaignInputs(z);
        return z
          .object({
            campaignId: z
              .string()
              .max(64)
              .describe('Of a planned campaign, to start it')
              .optional(),
            title: title.optional(),
            selection: selection.optional(),
            ...others,
          })
          .strict();
      },
      output: campaignOutput,
    },
    examples: [
      {
        title: 'Plan a campaign over what one team owns',
        input: {
          title: 'Flight data to 2.x',
          selection: { query: { owner: 'group:default/flight-data' } },
          targetVersion: '2.x',
          policy: 'proposed',
          waves: { canary: 5, shares: [0.2, 1], maxFailureRate: 0.05 },
          idempotencyKey: 'flight-data-2.x',
        },
      },
      {
        title: 'Start it, after a look at its dry run',
        input: { campaignId: '3f2b9c1e-6a55-4e0e-9f0c-0d6f6f2f7a10' },
      },
    ],
    async action({ input, credentials }) {
      const { campaignId, idempotencyKey, ...request } = input;
      const caller = { credentials };
      if (campaignId === undefined) {
        assertCreatable(request);
        const created = await createCampaign(api, caller, {
          request,
          idempotencyKey,
        });
        return { output: toCampaignOutput(created, portalUrl) };
      }
      const [other] = Object.keys(input).filter(key => key !== 'campaignId');
      if (other !== undefined) {
        throw new InputError(
          `campaignId starts a campaign as it was planned; '${other}' cannot be given with it`,
        );
      }
      const started = await actOnCampaign(api, caller, {
        id: campaignId,
        action: 'start',
      });
      return { output: toCampaignOutput(started, portalUrl) };
    },
  });
}

function assertCreatable(
  request: Partial<CreateCampaignRequest>,
): asserts request is CreateCampaignRequest {
  for (const key of ['title', 'selection'] as const) {
    if (request[key] === undefined) {
      throw new InputError(
        `${key} is needed to create a campaign, or campaignId to start one`,
      );
    }
  }
}
