import { ActionContext } from '@backstage/plugin-scaffolder-node';
import {
  Migration,
  StageRecord,
} from '@skein/backstage-plugin-dataset-migrations-common';

/**
 * Tells in the task's log what a migration does. A stage that ended is told
 * through a checkpoint, so a recovered task does not tell it again.
 */
export class StageReporter {
  private decile = 0;
  private readonly told = new Set<string>();

  constructor(
    private readonly ctx: Pick<ActionContext<any>, 'checkpoint' | 'logger'>,
  ) {}

  async report(migration: Migration): Promise<void> {
    const lines: string[] = [];
    for (const record of migration.stages) {
      if (record.finishedAt && record.state !== 'skipped') {
        lines.push(...(await this.reportEnd(migration, record)));
      }
    }
    lines.push(...this.reportProgress(migration));
    // One text: the scaffolder does not keep the order of many.
    if (lines.length) {
      this.ctx.logger.info(lines.join('\n'));
    }
  }

  private async reportEnd(
    migration: Migration,
    record: StageRecord,
  ): Promise<string[]> {
    const key = `told.${migration.id}.${record.stage}.${record.attempts}`;
    // A checkpoint is remembered from run to run, not within one.
    if (this.told.has(key)) {
      return [];
    }
    this.told.add(key);
    let fresh = false;
    await this.ctx.checkpoint({
      key,
      fn: async () => {
        fresh = true;
        return true;
      },
    });
    return fresh ? [describeEnd(migration, record)] : [];
  }

  /** A line for every tenth of the rows. */
  private reportProgress({ stage, progress }: Migration): string[] {
    if (stage !== 'transform' || !progress?.rowsTotal) {
      return [];
    }
    const decile = Math.floor((progress.rowsDone / progress.rowsTotal) * 10);
    if (decile <= this.decile) {
      return [];
    }
    this.decile = decile;
    const parts = [
      `${count(progress.rowsDone)} of ${count(progress.rowsTotal)} rows`,
    ];
    if (progress.rowsPerSecond) {
      parts.push(`${count(progress.rowsPerSecond)} rows/s`);
    }
    if (progress.secondsLeft) {
      parts.push(`${Math.ceil(progress.secondsLeft)} s left`);
    }
    return [`transform: ${parts.join(', ')}`];
  }
}

function describeEnd(migration: Migration, record: StageRecord): string {
  const { stage, state, startedAt, finishedAt } = record;
  const seconds =
    startedAt && finishedAt
      ? ` after ${(
          (Date.parse(finishedAt) - Date.parse(startedAt)) /
          1000
        ).toFixed(1)} s`
      : '';
  if (stage === 'verify' && migration.verification) {
    const { ok, targetRows, targetChecksum } = migration.verification;
    return `verify: ${state}${seconds}, ${count(targetRows)} rows, checksum ${
      ok ? 'equal' : 'different'
    } (${targetChecksum})`;
  }
  return `${stage}: ${state}${seconds}`;
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}
