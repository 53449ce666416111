import { InputError } from '@backstage/errors';
import { PlanResponse } from '@skein/backstage-plugin-dataset-migrations-common';
import { readableDataset } from '../api/ApiContext';
import { planMigration } from '../api/migrationRequests';
import { normalizeEntityRef } from '../datasets/entityRefs';
import { blockersOutput, toBlockers } from './blockers';
import { datasetRefInput, policyInput, versionInput } from './inputs';
import { ActionContext } from './types';

const MAX_CHANGES = 100;

/** `plan`: what a migration would do and whom it would break. */
export function createPlanAction({ actionsRegistry, api }: ActionContext) {
  actionsRegistry.register({
    name: 'plan',
    title: 'Plan the migration of a dataset',
    description: `
Says what migrating a dataset to another version would do: every change of its schema, which consumers would break and why, how the store carries it out, how long it takes roughly, and until when it can be rolled back. From metadata: it reads no rows and changes nothing.

Call it before \`migrate\`. Where \`refusals\` is not empty the migration would fail. Where somebody is in \`blockedBy\` it would wait for them under the policy \`switch\`; \`proposedPolicy\` then is \`coexist\`.

Where the number of the version promises more than its changes keep there is no plan. The error names the version that they need, and has it as \`lowestVersion\`, beside \`requiredBump\`: give the contract that \`version\`, and the \`to\` of its migration document the same, and plan that one.
`,
    attributes: { readOnly: true, destructive: false, idempotent: true },
    schema: {
      input: z =>
        z
          .object({
            datasetRef: datasetRefInput(z),
            targetVersion: versionInput(z)
              .describe(
                'Semantic version of one of its contracts. Default: the next one, the highest that is proposed',
              )
              .optional(),
            policy: policyInput(z)
              .describe(
                'For which policy the store is asked. Default: the one that the plan proposes',
              )
              .optional(),
          })
          .strict(),
      output: z =>
        z.object({
          datasetRef: z.string(),
          fromVersion: z.string(),
          toVersion: z.string(),
          breaking: z
            .boolean()
            .describe('Whether a reader may notice, also what was accepted'),
          requiredBump: z
            .string()
            .describe('The smallest step of the version that the changes need'),
          proposedPolicy: z.enum(['switch', 'coexist']),
          changes: z
            .array(
              z.object({
                kind: z.string(),
                from: z.string().optional(),
                to: z.string().optional(),
                effect: z.string(),
                summary: z.string(),
                accepted: z
                  .object({
                    by: z.string(),
                    reason: z.string(),
                    was: z.string(),
                  })
                  .optional()
                  .describe(
                    'Who accepted it and why, and how grave it is otherwise; it keeps nobody from going on',
                  ),
              }),
            )
            .describe(`Differences of the versions, the first ${MAX_CHANGES}`),
          changeCount: z.number().int().describe('How many there are'),
          consumers: z
            .object({
              ready: z.number(),
              breaks: z.number(),
              unknown: z.number(),
            })
            .describe('Number of consumers by verdict'),
          ...blockersOutput(z),
          engine: z.string(),
          strategy: z.enum(['metadata-only', 'shadow-copy']),
          rows: z.number().optional(),
          bytes: z.number().optional(),
          seconds: z.number().optional(),
          notes: z.array(z.string()),
          refusals: z
            .array(z.string())
            .describe('Why the store would refuse to carry it out'),
          rollbackSeconds: z
            .number()
            .describe('How long after the switch the old version can be back'),
        }),
    },
    examples: [
      {
        title: 'What the next version of a dataset would mean',
        input: { datasetRef: 'resource:default/flights' },
      },
      {
        title: 'A certain version, beside the old one',
        input: {
          datasetRef: 'resource:default/flights',
          targetVersion: '2.0.0',
          policy: 'coexist',
        },
      },
    ],
    async action({ input, credentials }) {
      const { policy } = input;
      const datasetRef = normalizeEntityRef(input.datasetRef, 'datasetRef');
      const targetVersion =
        input.targetVersion ??
        nextVersionOf(await readableDataset(api, credentials, datasetRef));
      const plan = await planMigration(api, credentials, datasetRef, {
        targetVersion,
        policy,
      });
      return { output: toOutput(plan) };
    },
  });
}

function nextVersionOf(dataset: {
  entityRef: string;
  currentVersion?: string;
  nextVersion?: string;
}): string {
  if (dataset.nextVersion === undefined) {
    throw new InputError(
      `targetVersion is needed: ${dataset.entityRef} is at ${
        dataset.currentVersion ?? 'no version'
      } and has none proposed above it`,
    );
  }
  return dataset.nextVersion;
}

function toOutput(plan: PlanResponse) {
  const { enginePlan } = plan;
  const consumers = { ready: 0, breaks: 0, unknown: 0 };
  for (const { verdict } of plan.consumers) {
    consumers[verdict] += 1;
  }
  return {
    datasetRef: plan.datasetRef,
    fromVersion: plan.fromVersion,
    toVersion: plan.toVersion,
    breaking: plan.breaking,
    requiredBump: plan.requiredBump,
    proposedPolicy: plan.proposedPolicy,
    changes: plan.changes.slice(0, MAX_CHANGES),
    changeCount: plan.changes.length,
    consumers,
    ...toBlockers(plan.consumers),
    engine: enginePlan.engine,
    strategy: enginePlan.strategy,
    rows: enginePlan.rows,
    bytes: enginePlan.bytes,
    seconds: enginePlan.seconds,
    notes: enginePlan.notes,
    refusals: enginePlan.refusals,
    rollbackSeconds: plan.rollbackSeconds,
  };
}
