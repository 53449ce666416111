import { startMigration } from '../api/migrationRequests';
import {
  datasetRefInput,
  idempotencyKeyInput,
  policyInput,
  versionInput,
} from './inputs';
import { migrationOutput, toMigrationOutput } from './migrations';
import { ActionContext } from './types';

/** `migrate`: starts the migration of one dataset. */
export function createMigrateAction({
  actionsRegistry,
  api,
  portalUrl,
}: ActionContext) {
  actionsRegistry.register({
    name: 'migrate',
    title: 'Migrate a dataset',
    description: `
Starts the migration of one dataset to another version, and answers as soon as it is queued. Workers do the rest: they copy, verify, switch and notify. Ask \`get-status\` with the \`migrationId\` until \`ended\` is true.

Needs the permission to migrate that dataset. Refused while another migration of it, or of the same physical place, is active. Readers see the whole old version until the whole new one is verified; it can be rolled back for a while. A consumer that would break blocks it under the policy \`switch\`; ask \`plan\` first.
`,
    attributes: { readOnly: false, destructive: true, idempotent: false },
    schema: {
      input: z =>
        z
          .object({
            datasetRef: datasetRefInput(z),
            targetVersion: versionInput(z),
            policy: policyInput(z).optional(),
            expectedVersion: versionInput(z)
              .describe(
                'The version that you believe is current; refused if it is another',
              )
              .optional(),
            idempotencyKey: idempotencyKeyInput(z).optional(),
          })
          .strict(),
      output: migrationOutput,
    },
    examples: [
      {
        title: 'Migrate, if the dataset is still where the plan saw it',
        input: {
          datasetRef: 'resource:default/flights',
          targetVersion: '2.0.0',
          expectedVersion: '1.0.0',
          idempotencyKey: 'flights-to-2.0.0',
        },
      },
      {
        title: 'Publish the new version beside the old one',
        description: 'Nobody who reads the old version loses it',
        input: {
          datasetRef: 'resource:default/flights',
          targetVersion: '2.0.0',
          policy: 'coexist',
        },
      },
    ],
    async action({ input, credentials }) {
      const { idempotencyKey, ...request } = input;
      const started = await startMigration(
        api,
        { credentials },
        { request, idempotencyKey },
      );
      return { output: toMigrationOutput(started, portalUrl) };
    },
  });
}
