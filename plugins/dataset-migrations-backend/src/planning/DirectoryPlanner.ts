import { InputError } from '@backstage/errors';
import {
  Consumer,
  fieldsOf,
  ObjectPreview,
  PlanRequest,
  PlanResponse,
  PreviewResponse,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { CompatibilityGrades } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { AgentRegistry } from '../agents/AgentRegistry';
import {
  DatasetDirectory,
  DatasetRecord,
  KnownDataset,
} from '../datasets/types';
import { EngineRegistry } from '../engines/EngineRegistry';
import { PreviewRows } from '@skein/backstage-plugin-dataset-migrations-node';
import { blockers, whatIsKnown } from './judge';
import { judgeAnswered } from './judgeAnswered';
import { LocatedPart, locatedParts } from './locatedParts';
import { maskedFields, maskRows } from './maskPreview';
import { Planner } from './Planner';
import { planWithEngine } from './planWithEngine';
import { resolvePlan } from './resolvePlan';

const MAX_PREVIEW_ROWS = 100;

/** Plans from the read model; the engine is asked for metadata alone. */
export class DirectoryPlanner implements Planner {
  constructor(
    private readonly options: {
      knex: Knex;
      directory: DatasetDirectory;
      engines: EngineRegistry;
      agents: AgentRegistry;
      grades?: CompatibilityGrades;
      strictConstraints: boolean;
      rollbackWindowMs: number;
      logger: LoggerService;
    },
  ) {}

  async plan(
    datasetRef: string,
    request: PlanRequest,
    known?: KnownDataset,
  ): Promise<PlanResponse> {
    const { directory } = this.options;
    const resolved = await this.resolve(
      datasetRef,
      request.targetVersion,
      known?.dataset,
    );
    const { location, from, to } = resolved;
    const { plan, verdicts: consumers } = await judgeAnswered(
      this.options.knex,
      {
        plan: resolved.plan,
        from,
        to,
        datasetRef,
        consumers:
          known?.consumers ?? (await directory.getConsumers(datasetRef)),
        strict: this.options.strictConstraints,
        accepted: known?.accepted,
      },
    );
    const blockingCount = blockers(consumers).length;
    const proposedPolicy = blockingCount > 0 ? 'coexist' : 'switch';
    const engine = this.options.engines.get(location.engine);
    const enginePlan = await planWithEngine(
      engine,
      locatedParts(resolved),
      request.policy ?? proposedPolicy,
    );
    return {
      datasetRef,
      fromVersion: plan.fromVersion,
      toVersion: plan.toVersion,
      steps: plan.steps,
      stepsFrom: plan.stepsFrom,
      changes: plan.changes,
      source: fieldsOf(from),
      target: fieldsOf(to),
      breaking: plan.breaking,
      requiredBump: plan.requiredBump,
      rollbackSeconds: this.options.rollbackWindowMs / 1000,
      consumers,
      blockingCount,
      enginePlan,
      proposedPolicy,
    };
  }

  async judge(
    datasetRef: string,
    targetVersion: string,
    consumers: Consumer[],
  ): ReturnType<Planner['judge']> {
    const resolved = await this.resolve(datasetRef, targetVersion);
    const { from, to } = resolved;
    const { plan, verdicts } = await judgeAnswered(this.options.knex, {
      plan: resolved.plan,
      from,
      to,
      datasetRef,
      consumers,
      strict: this.options.strictConstraints,
    });
    return {
      fromVersion: from.version,
      verdicts,
      known: whatIsKnown({ plan, from, to }),
    };
  }

  async preview(
    datasetRef: string,
    targetVersion: string,
    options: { limit: number; signal: AbortSignal },
  ): Promise<PreviewResponse> {
    const { limit, signal } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PREVIEW_ROWS) {
      throw new InputError(
        `limit must be a whole number from 1 to ${MAX_PREVIEW_ROWS}, not ${limit}`,
      );
    }
    const resolved = await this.resolve(datasetRef, targetVersion);
    const engine = this.options.engines.get(resolved.location.engine);
    const agents = this.options.agents.runner({
      migrationId: 'preview',
      datasetRef,
      fence: 0,
      logger: this.options.logger,
    });
    const [first, ...further] = await Promise.all(
      locatedParts(resolved).map(async part =>
        previewOf(
          part,
          await engine.preview({ ...part, limit, signal, agents }),
        ),
      ),
    );
    return further.length > 0 ? { ...first, further } : first;
  }

  private async resolve(
    datasetRef: string,
    targetVersion: string,
    known?: DatasetRecord,
  ) {
    const { directory, agents, grades } = this.options;
    const dataset = known ?? (await directory.getDataset(datasetRef));
    return resolvePlan(dataset, targetVersion, agents, grades);
  }
}

function previewOf(part: LocatedPart, rows: PreviewRows): ObjectPreview {
  const { object, mapping, sourceContract, targetContract } = part;
  const columnsBefore = mapping.source.map(field => field.name);
  const columnsAfter = mapping.target.map(field => field.name);
  const hidden = maskedFields(mapping, {
    from: sourceContract,
    to: targetContract,
  });
  return {
    ...(object !== undefined && { object }),
    columnsBefore,
    columnsAfter,
    before: maskRows(rows.before, columnsBefore, hidden.before),
    after: maskRows(rows.after, columnsAfter, hidden.after),
    maskedBefore: hidden.before,
    maskedAfter: hidden.after,
  };
}
