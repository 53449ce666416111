import { AuthService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { ConflictError } from '@backstage/errors';
import {
  ActionContext,
  createTemplateAction,
  TemplateAction,
} from '@backstage/plugin-scaffolder-node';
import { durationToMilliseconds } from '@backstage/types';
import {
  DatasetMigrationsApi,
  Migration,
  MigrationState,
  Policy,
  StartMigrationRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { BackendCalls } from '../backend/BackendCalls';
import { cancelMigration } from '../migration/cancelMigration';
import {
  changeOutput,
  consumerOutput,
  describeBlock,
  describePlan,
} from '../migration/describe';
import { Pages } from '../migration/pages';
import { StageReporter } from '../migration/StageReporter';
import { startMigration } from '../migration/startMigration';
import { DEFAULT_INTERVALS, watch } from '../watch/watch';
import { examples } from './createMigrateAction.examples';
import { readDatasetRef, timeoutInput } from './inputs';

const DEFAULT_TIMEOUT = { hours: 1 };

/** States that a migration leaves only when somebody does something. */
const SETTLED: readonly MigrationState[] = [
  'succeeded',
  'failed',
  'blocked',
  'cancelled',
  'rolled-back',
];

/** @public */
export interface MigrateActionOptions {
  api: DatasetMigrationsApi;
  auth: AuthService;
  config: Config;
  /** Milliseconds between two looks at a migration: from 500 up to 5,000. */
  intervals?: { shortest: number; longest: number };
}

/**
 * Input of `dataset:migrate`.
 *
 * @public
 */
export type MigrateActionInput = {
  dataset: string;
  targetVersion: string;
  policy?: Policy;
  wait?: boolean;
  timeout?: { hours?: number; minutes?: number; seconds?: number };
  whenBlocked?: 'fail' | 'continue';
};

/**
 * Output of `dataset:migrate`.
 *
 * @public
 */
export type MigrateActionOutput = {
  migrationId?: string;
  state: string;
  url: string;
  changes: Array<{
    kind: string;
    from?: string;
    to?: string;
    effect: string;
    summary: string;
  }>;
  blockedConsumers: Array<{
    entityRef: string;
    owner?: string;
    verdict: string;
    reasons: string[];
  }>;
};

/**
 * `dataset:migrate`: starts the migration of a dataset and, if asked, waits for
 * its end. A task that is run again, or recovered by another scaffolder, goes
 * on with the migration that it has started. A cancelled task cancels it.
 *
 * @public
 */
export function createMigrateAction(
  options: MigrateActionOptions,
): TemplateAction<MigrateActionInput, MigrateActionOutput, 'v2'> {
  const pages = new Pages(options.config);
  return createTemplateAction({
    id: 'dataset:migrate',
    description: 'Migrates a dataset to another version',
    examples,
    supportsDryRun: true,
    schema: {
      input: {
        dataset: z =>
          z.string().describe('Entity ref of the dataset, a Resource'),
        targetVersion: z =>
          z.string().describe('Version to migrate to, as in its contract'),
        policy: z =>
          z
            .enum(['switch', 'coexist'])
            .describe(
              'switch: the new version takes the place of the old one (default). coexist: it is published beside it',
            )
            .optional(),
        wait: z =>
          z
            .boolean()
            .describe(
              'Wait for the end and report the stages. Without it, the step ends as soon as the migration is queued',
            )
            .optional(),
        timeout: z =>
          timeoutInput(z)
            .describe(
              'How long to wait, an hour by default. When it is over the step fails and the migration goes on',
            )
            .optional(),
        whenBlocked: z =>
          z
            .enum(['fail', 'continue'])
            .describe(
              'What the step does when consumers block the migration: fail (default), or end with the state `blocked`',
            )
            .optional(),
      },
      output: {
        migrationId: z => z.string().describe('Absent in a dry run').optional(),
        state: z =>
          z.string().describe('State of the migration; `planned` in a dry run'),
        url: z => z.string().describe('Page of the migration'),
        changes: z =>
          z
            .array(
              z.object({
                kind: z.string(),
                from: z.string().optional(),
                to: z.string().optional(),
                effect: z.string(),
                summary: z.string(),
              }),
            )
            .describe('Differences between the versions'),
        blockedConsumers: z =>
          z
            .array(
              z.object({
                entityRef: z.string(),
                owner: z.string().optional(),
                verdict: z.string(),
                reasons: z.array(z.string()),
              }),
            )
            .describe('Consumers that block the migration'),
      },
    },
    async handler(ctx) {
      const { api, auth } = options;
      const backend = new BackendCalls({
        api,
        auth,
        getInitiatorCredentials: () => ctx.getInitiatorCredentials(),
      });
      const request: StartMigrationRequest = {
        datasetRef: readDatasetRef(ctx.input.dataset),
        targetVersion: ctx.input.targetVersion,
        policy: ctx.input.policy ?? 'switch',
      };

      if (ctx.isDryRun) {
        await plan(ctx, backend, request, pages);
        return;
      }

      const started = await startMigration(ctx, backend, request);
      const url = pages.migration(started.id);
      ctx.logger.info(
        `Migration ${started.id} of ${started.datasetRef}, ${started.fromVersion} to ${started.toVersion}: ${url}`,
      );
      if (!ctx.input.wait) {
        output(ctx, started, url);
        return;
      }

      const { timeout = DEFAULT_TIMEOUT } = ctx.input;
      const reporter = new StageReporter(ctx);
      const settled = await watch({
        get: () =>
          backend.asScaffolder((client, requestOptions) =>
            client.getMigration(started.id, requestOptions),
          ),
        onLook: migration => reporter.report(migration),
        isSettled: ({ state }) => SETTLED.includes(state),
        whereabouts: ({ state, stage }) => `${state} ${stage}`,
        deadline: Date.now() + durationToMilliseconds(timeout),
        intervals: options.intervals ?? DEFAULT_INTERVALS,
        signal: ctx.signal,
        logger: ctx.logger,
      }).catch(async error => {
        if (ctx.signal?.aborted) {
          await cancelMigration(started.id, backend, ctx.logger);
          throw new Error('The task was cancelled', { cause: error });
        }
        throw error;
      });
      if (!settled) {
        throw new Error(
          `Migration ${started.id} did not end in time; it goes on: ${url}`,
        );
      }
      output(ctx, settled, url);
      requireSuccess(settled, url, ctx.input.whenBlocked ?? 'fail');
    },
  });
}

type Outputs = Pick<ActionContext<any>, 'output'>;

async function plan(
  ctx: Outputs & Pick<ActionContext<any>, 'logger'>,
  backend: BackendCalls,
  { datasetRef, targetVersion, policy }: StartMigrationRequest,
  pages: Pages,
): Promise<void> {
  const planned = await backend.asInitiator((api, options) =>
    api.plan(datasetRef, { targetVersion, policy }, options),
  );
  ctx.logger.info(describePlan(planned));
  ctx.output('state', 'planned');
  ctx.output('url', pages.migrate(datasetRef, targetVersion));
  ctx.output('changes', planned.changes.map(changeOutput));
  ctx.output('blockedConsumers', blocking(planned.consumers));
}

function output(ctx: Outputs, migration: Migration, url: string): void {
  ctx.output('migrationId', migration.id);
  ctx.output('state', migration.state);
  ctx.output('url', url);
  ctx.output('changes', migration.changes.map(changeOutput));
  ctx.output(
    'blockedConsumers',
    migration.state === 'blocked' ? blocking(migration.consumers) : [],
  );
}

function blocking(consumers: Migration['consumers']) {
  return consumers.filter(verdict => verdict.blocking).map(consumerOutput);
}

function requireSuccess(
  migration: Migration,
  url: string,
  whenBlocked: 'fail' | 'continue',
): void {
  switch (migration.state) {
    case 'succeeded':
      return;
    case 'blocked':
      if (whenBlocked === 'fail') {
        throw new ConflictError(describeBlock(migration, url));
      }
      return;
    default: {
      const { error } = migration;
      const stage = error?.stage ? ` in ${error.stage}` : '';
      const reason = error ? `: ${error.message}` : '';
      throw new Error(
        `Migration ${migration.id} ${migration.state}${stage}${reason}`,
      );
    }
  }
}
