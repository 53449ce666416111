import { InputError } from '@backstage/errors';
import { showCampaign } from '../api/campaignRequests';
import { showMigration } from '../api/migrationRequests';
import { campaignOutput, toCampaignOutput } from './campaigns';
import { migrationOutput, toMigrationOutput } from './migrations';
import { ActionContext } from './types';

/** `get-status`: how far a migration or a campaign is. */
export function createGetStatusAction({
  actionsRegistry,
  api,
  portalUrl,
}: ActionContext) {
  actionsRegistry.register({
    name: 'get-status',
    title: 'Get the status of a dataset migration or campaign',
    description: `
Says how far a migration is, or a campaign of many: exactly one of \`migrationId\` and \`campaignId\` is needed.

Of a migration: its state and stage, rows and time left, who blocks it, why it failed, whether it was verified. Of a campaign: its datasets by state, pace and time left, what its dry run says, why it is paused. Either is over when \`ended\` is true.
`,
    attributes: { readOnly: true, destructive: false, idempotent: true },
    schema: {
      input: z =>
        z
          .object({
            migrationId: z
              .string()
              .max(64)
              .describe('As `migrate` and `list-blocked` give it')
              .optional(),
            campaignId: z
              .string()
              .max(64)
              .describe('As `start-campaign` gives it')
              .optional(),
          })
          .strict(),
      output: z =>
        z.object({
          migration: migrationOutput(z).optional(),
          campaign: campaignOutput(z).optional(),
        }),
    },
    examples: [
      {
        title: 'How far a migration is',
        input: { migrationId: '3f2b9c1e-6a55-4e0e-9f0c-0d6f6f2f7a10' },
      },
      {
        title: 'How far a campaign is',
        input: { campaignId: '0b1f3c52-9d3e-4a47-b1f0-5f3f3f0a6c21' },
      },
    ],
    async action({ input: { migrationId, campaignId }, credentials }) {
      if (migrationId !== undefined && campaignId === undefined) {
        const migration = await showMigration(api, credentials, migrationId);
        return {
          output: { migration: toMigrationOutput(migration, portalUrl) },
        };
      }
      if (campaignId !== undefined && migrationId === undefined) {
        const campaign = await showCampaign(api, credentials, campaignId);
        return { output: { campaign: toCampaignOutput(campaign, portalUrl) } };
      }
      throw new InputError(
        `Exactly one of migrationId and campaignId is needed, not ${
          migrationId === undefined ? 'none' : 'both'
        }`,
      );
    },
  });
}
