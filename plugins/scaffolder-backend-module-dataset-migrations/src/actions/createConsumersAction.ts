import { AuthService } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import {
  createTemplateAction,
  TemplateAction,
} from '@backstage/plugin-scaffolder-node';
import {
  DatasetMigrationsApi,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { BackendCalls } from '../backend/BackendCalls';
import { consumerOutput, describeConsumer } from '../migration/describe';
import { examples } from './createConsumersAction.examples';
import { readDatasetRef } from './inputs';

/** The verdicts that fail a step, by what it was told to fail on. */
const FAILING: Record<'breaks' | 'unknown' | 'none', readonly Verdict[]> = {
  breaks: ['breaks'],
  unknown: ['breaks', 'unknown'],
  none: [],
};

/**
 * Input of `dataset:consumers`.
 *
 * @public
 */
export type ConsumersActionInput = {
  dataset: string;
  targetVersion: string;
  failOn?: 'breaks' | 'unknown' | 'none';
};

/**
 * Output of `dataset:consumers`.
 *
 * @public
 */
export type ConsumersActionOutput = {
  consumers: Array<{
    entityRef: string;
    owner?: string;
    constraint?: string;
    fields?: string[];
    verdict: Verdict;
    reasons: string[];
    blocking: boolean;
  }>;
  counts: Record<Verdict, number>;
};

/**
 * `dataset:consumers`: asks what a version would mean for each consumer of a
 * dataset, and fails the step if that is what the template wants. Changes
 * nothing, so a dry run does the same.
 *
 * @public
 */
export function createConsumersAction(options: {
  api: DatasetMigrationsApi;
  auth: AuthService;
}): TemplateAction<ConsumersActionInput, ConsumersActionOutput, 'v2'> {
  return createTemplateAction({
    id: 'dataset:consumers',
    description: 'Judges the consumers of a dataset by a version',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        dataset: z =>
          z.string().describe('Entity ref of the dataset, a Resource'),
        targetVersion: z =>
          z.string().describe('Version to judge by, as in its contract'),
        failOn: z =>
          z
            .enum(['breaks', 'unknown', 'none'])
            .describe(
              'breaks: fail when a consumer would break (default). unknown: also when that is not known of one. none: never fail',
            )
            .optional(),
      },
      output: {
        consumers: z =>
          z
            .array(
              z.object({
                entityRef: z.string(),
                owner: z.string().optional(),
                constraint: z.string().optional(),
                fields: z.array(z.string()).optional(),
                verdict: z.enum(['ready', 'breaks', 'unknown']),
                reasons: z.array(z.string()),
                blocking: z.boolean(),
              }),
            )
            .describe('Every consumer with its verdict'),
        counts: z =>
          z
            .object({
              ready: z.number(),
              breaks: z.number(),
              unknown: z.number(),
            })
            .describe('Number of consumers by verdict'),
      },
    },
    async handler(ctx) {
      const { targetVersion, failOn = 'breaks' } = ctx.input;
      const datasetRef = readDatasetRef(ctx.input.dataset);
      const backend = new BackendCalls({
        ...options,
        getInitiatorCredentials: () => ctx.getInitiatorCredentials(),
      });
      const { items, counts } = await backend.asInitiator(
        (api, requestOptions) =>
          api.getConsumers(datasetRef, { targetVersion }, requestOptions),
      );
      // One text: the scaffolder does not keep the order of many.
      ctx.logger.info(
        [
          `${items.length} consumers of ${datasetRef} for ${targetVersion}: ${counts.ready} ready, ${counts.breaks} break, ${counts.unknown} unknown`,
          ...items.map(verdict => `- ${describeConsumer(verdict)}`),
        ].join('\n'),
      );
      ctx.output('consumers', items.map(consumerOutput));
      ctx.output('counts', counts);

      const failing = items.filter(({ verdict }) =>
        FAILING[failOn].includes(verdict),
      );
      if (failing.length) {
        throw new ConflictError(
          [
            `${datasetRef} ${targetVersion} would not do for ${failing.length} of its consumers:`,
            ...failing.map(verdict => `- ${describeConsumer(verdict)}`),
          ].join('\n'),
        );
      }
    },
  });
}
