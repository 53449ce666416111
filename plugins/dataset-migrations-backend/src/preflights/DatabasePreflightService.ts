import { randomUUID } from 'node:crypto';
import { NotFoundError } from '@backstage/errors';
import {
  Mapping,
  PreflightFinding,
  PreflightReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { exprFields } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Knex } from 'knex';
import { AgentRegistry } from '../agents/AgentRegistry';
import { UUID } from '../api/cursors';
import { DatasetDirectory } from '../datasets/types';
import { EngineRegistry } from '../engines/EngineRegistry';
import { withoutSecrets } from '../pipeline/failures';
import { MASK, maskedFields } from '../planning/maskPreview';
import { resolvePlan } from '../planning/resolvePlan';
import { JobQueue } from '../queue/types';
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
    },
  ) {}

  async start(
    datasetRef: string,
    targetVersion: string,
    requestedBy: string,
  ): Promise<PreflightReport> {
    // What cannot be planned is refused now, not by a job.
    await this.resolve(datasetRef, targetVersion);
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
        { key: `preflight:${id}` },
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
    const { location, from, to, plan } = await this.resolve(
      datasetRef,
      targetVersion,
    );
    const { mapping } = plan;
    const result = await this.options.engines.get(location.engine).preflight({
      location,
      mapping,
      targetContract: to,
      ...options,
    });
    const hidden = maskedFields(mapping, { from, to });
    const all = [...hidden.before, ...hidden.after];
    const isHidden = (field?: string) => {
      const names = field === undefined ? [] : namesBehind(field, mapping);
      // A key of several fields, or one that only a step knows.
      return names.length === 0
        ? all.length > 0
        : names.some(name => all.includes(name));
    };
    return {
      rowsScanned: result.rowsScanned,
      findings: result.findings.map(finding =>
        finding.samples && isHidden(finding.field)
          ? { ...finding, samples: finding.samples.map(() => MASK) }
          : finding,
      ),
    };
  }

  private async resolve(datasetRef: string, targetVersion: string) {
    const { directory, agents } = this.options;
    const dataset = await directory.getDataset(datasetRef);
    return resolvePlan(dataset, targetVersion, agents);
  }

  private async find(id: string) {
    return UUID.test(id)
      ? this.options.knex('preflights').where({ id }).first()
      : undefined;
  }
}

/**
 * The fields whose values a finding about a field may show; none where the name
 * is that of no field of either version.
 */
function namesBehind(field: string, mapping: Mapping): string[] {
  const { source, target, setAside = [] } = mapping;
  const cast = setAside.filter(reason => reason.field === field);
  return [
    ...[...source, ...target]
      .map(({ name }) => name)
      .filter(name => name === field),
    ...cast.flatMap(({ value }) => exprFields(value)),
  ];
}
