import { showMigration } from '../api/migrationRequests';
import { migrationOutput, toMigrationOutput } from './migrations';
import { ActionContext } from './types';

/** `get-status`: how far a migration is. */
export function createGetStatusAction({
  actionsRegistry,
  api,
  portalUrl,
}: ActionContext) {
  actionsRegistry.register({
    name: 'get-status',
    title: 'Get the status of a dataset migration',
    description: `
Says how far a migration is: its state and stage, rows and time left, who blocks it, why it failed, whether it was verified.

A migration is over when \`ended\` is true.
`,
    attributes: { readOnly: true, destructive: false, idempotent: true },
    schema: {
      input: z =>
        z
          .object({
            migrationId: z
              .string()
              .max(64)
              .describe('As `migrate` and `list-blocked` give it'),
          })
          .strict(),
      output: z => z.object({ migration: migrationOutput(z) }),
    },
    examples: [
      {
        title: 'How far a migration is',
        input: { migrationId: '3f2b9c1e-6a55-4e0e-9f0c-0d6f6f2f7a10' },
      },
    ],
    async action({ input, credentials }) {
      const migration = await showMigration(
        api,
        credentials,
        input.migrationId,
      );
      return {
        output: { migration: toMigrationOutput(migration, portalUrl) },
      };
    },
  });
}
