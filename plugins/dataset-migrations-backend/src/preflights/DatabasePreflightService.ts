import { randomUUID } from 'node:crypto';
import { NotFoundError } from '@backstage/errors';
import {
  PreflightFinding,
  PreflightReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { CompatibilityGrades } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Knex } from 'knex';
import { AgentRegistry } from '../agents/AgentRegistry';
import { UUID } from '../api/cursors';
import { DatasetDirectory } from '../datasets/types';
import { EngineRegistry } from '../engines/EngineRegistry';
import { locatedParts } from '../planning/locatedParts';
import { resolvePlan } from '../planning/resolvePlan';
import { scanParts } from '../planning/scanParts';
import { JobQueue } from '../queue/types';
import { withoutSecrets } from '../secrets/withoutSecrets';
import { PreflightService } from './PreflightService';

/** A preflight is a row and a job; the row holds counts, never values (G11). */
export class DatabasePreflightService implements PreflightService {
  constructor(
    private readonly options: {
      knex: Knex;
      queue: JobQueue;
      directory: DatasetDirectory;
      engines: EngineRegistry;
      agents: AgentRegistry;
      grades?: CompatibilityGrades;
    },
  ) {}

  async start(
    datasetRef: string,
    targetVersion: string,
    requestedBy: string,
  ): Promise<PreflightReport> {
    // What cannot be planned is refused now, not by a job.
    const { location } = await this.resolve(datasetRef, targetVersion);
    const { knex, queue } = this.options;
    const id = randomUUID();
    await knex.transaction(async trx => {
      await trx('preflights').insert({
        id,
        dataset_ref: datasetRef,
        target_version: targetVersion,
        requested_by: requestedBy,
        state: 'queued',
        findings: '[]',
      });
      await queue.enqueue(
        trx,
        { task: 'preflight', preflightId: id },
        { key: `preflight:${id}`, engine: location.engine },
      );
    });
    return this.get(datasetRef, id);
  }

  async get(datasetRef: string, id: string): Promise<PreflightReport> {
    const row = await this.find(id);
    if (row?.dataset_ref !== datasetRef) {
      throw new NotFoundError(`There is no preflight '${id}' of ${datasetRef}`);
    }
    return {
      id,
      state: row.state,
      rowsScanned:
        row.rows_scanned === null ? undefined : Number(row.rows_scanned),
      findings: row.findings,
      error: row.error ?? undefined,
    };
  }

  async getWithSamples(
    datasetRef: string,
    id: string,
    options: { samples: number; signal: AbortSignal },
  ): Promise<PreflightReport> {
    const report = await this.get(datasetRef, id);
    if (report.state !== 'done' || !report.findings.length) {
      return report;
    }
    const { target_version: targetVersion } = await this.find(id);
    const { rowsScanned, findings } = await this.scan(
      datasetRef,
      targetVersion,
      options,
    );
    return { ...report, rowsScanned, findings };
  }

  /** Runs the job of a preflight. */
  async run(id: string, signal: AbortSignal): Promise<void> {
    const { knex } = this.options;
    const row = await this.find(id);
    if (!row || row.state === 'done' || row.state === 'failed') {
      return;
    }
    await knex('preflights').where({ id }).update({ state: 'running' });
    const { rowsScanned, findings } = await this.scan(
      row.dataset_ref,
      row.target_version,
      { samples: 0, signal },
    );
    await knex('preflights')
      .where({ id })
      .update({
        state: 'done',
        rows_scanned: rowsScanned,
        findings: JSON.stringify(
          findings.map(({ samples, ...finding }) => finding),
        ),
        finished_at: knex.fn.now(),
      });
  }

  /** The job's retries are used up, or there is no use in them. */
  async fail(id: string, message: string): Promise<void> {
    const { knex } = this.options;
    await knex('preflights')
      .where({ id })
      .whereIn('state', ['queued', 'running'])
      .update({
        state: 'failed',
        error: withoutSecrets(message),
        finished_at: knex.fn.now(),
      });
  }

  private async scan(
    datasetRef: string,
    targetVersion: string,
    options: { samples: number; signal: AbortSignal },
  ): Promise<{ rowsScanned: number; findings: PreflightFinding[] }> {
    const resolved = await this.resolve(datasetRef, targetVersion);
    return scanParts(
      this.options.engines.get(resolved.location.engine),
      locatedParts(resolved),
      options,
    );
  }

  private async resolve(datasetRef: string, targetVersion: string) {
    const { directory, agents, grades } = this.options;
    const dataset = await directory.getDataset(datasetRef);
    return resolvePlan(dataset, targetVersion, agents, grades);
  }

  private async find(id: string) {
    return UUID.test(id)
      ? this.options.knex('preflights').where({ id }).first()
      : undefined;
  }
}
