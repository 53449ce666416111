import limiter from 'p-limit';
import { listMigrations } from '../api/migrationRequests';
import { blockersOutput, toBlockers } from './blockers';
import { datasetRefInput } from './inputs';
import { migrationUrl } from './migrations';
import { ActionContext } from './types';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 50;
const CONCURRENT_READS = 4;

/** `list-blocked`: migrations that wait for their consumers. */
export function createListBlockedAction({
  actionsRegistry,
  api,
  portalUrl,
}: ActionContext) {
  const { migrations } = api.controlPlane;
  actionsRegistry.register({
    name: 'list-blocked',
    title: 'List blocked dataset migrations',
    description: `
Lists the migrations that are blocked since a consumer would break, newest first, each with who blocks it and why: "reads \`delay\`, renamed to \`arrival_delay\`". Only of datasets that the caller may see.

What unblocks one: its consumers are changed (their owner is in \`blockedBy\`), and it goes on by itself; or it is published beside the old version (\`coexist\`), cancelled, or overridden by a permitted person, on its page or over REST.
`,
    attributes: { readOnly: true, destructive: false, idempotent: true },
    schema: {
      input: z =>
        z
          .object({
            datasetRef: datasetRefInput(z)
              .describe('Only of this dataset: resource:default/flights')
              .optional(),
            limit: z
              .number()
              .int()
              .min(1)
              .max(MAX_LIMIT)
              .describe(
                `At most so many, ${DEFAULT_LIMIT} by default and ${MAX_LIMIT} at most`,
              )
              .optional(),
            cursor: z
              .string()
              .max(1_000)
              .describe('`nextCursor` of the answer before')
              .optional(),
          })
          .strict(),
      output: z =>
        z.object({
          items: z.array(
            z.object({
              migrationId: z.string(),
              datasetRef: z.string(),
              fromVersion: z.string(),
              toVersion: z.string(),
              startedBy: z.string(),
              createdAt: z.string(),
              reason: z.string().describe('All of it in one sentence'),
              ...blockersOutput(z),
              url: z.string().describe('Its page').optional(),
            }),
          ),
          totalItems: z.number().int().describe('How many are blocked'),
          nextCursor: z.string().describe('Absent on the last page').optional(),
        }),
    },
    examples: [
      { title: 'All that is blocked', input: {} },
      {
        title: 'Why a dataset does not move',
        input: { datasetRef: 'resource:default/flights' },
      },
    ],
    async action({ input, credentials }) {
      const page = await listMigrations(api, credentials, {
        limit: DEFAULT_LIMIT,
        ...input,
        state: ['blocked'],
      });
      const limit = limiter(CONCURRENT_READS);
      const found = await Promise.all(
        page.items.map(({ id }) => limit(() => migrations.get(id))),
      );
      const items = found
        // It may have gone on since the list was read.
        .filter(({ state }) => state === 'blocked')
        .map(migration => ({
          migrationId: migration.id,
          datasetRef: migration.datasetRef,
          fromVersion: migration.fromVersion,
          toVersion: migration.toVersion,
          startedBy: migration.startedBy,
          createdAt: migration.createdAt,
          reason: migration.error?.message ?? '',
          ...toBlockers(migration.consumers),
          url: migrationUrl(portalUrl, migration.id),
        }));
      const { totalItems, nextCursor } = page;
      return { output: { items, totalItems, nextCursor } };
    },
  });
}
