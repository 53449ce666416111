import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { MigrationRecord } from '../database/MigrationRecord';
import { Lease } from '../leases/types';
import { JobWatch } from './JobWatch';

/** How soon a running job notices that a person cancelled its migration. */
const LOOK_MS = 1_000;

/**
 * Watches all jobs of migrations that this process runs, by one statement a
 * second, and by none while they are short. That it may miss something is
 * harmless: every write checks the fence and the sequence itself.
 */
export class JobWatches {
  private readonly watches = new Set<JobWatch>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly options: { knex: Knex; logger: LoggerService },
  ) {}

  /** Watches a job until it is told to stop. */
  watch(about: { record: MigrationRecord; lease?: Lease }): JobWatch {
    const watch = new JobWatch({
      ...this.options,
      ...about,
      onStopped: stopped => this.watches.delete(stopped),
    });
    this.watches.add(watch);
    this.schedule();
    return watch;
  }

  private schedule(): void {
    this.timer ??= setTimeout(async () => {
      try {
        await this.look();
      } catch (error) {
        // The database will be asked again; the jobs themselves meet it too.
        this.options.logger.debug(`Could not watch the jobs: ${error}`);
      }
      this.timer = undefined;
      if (this.watches.size > 0) {
        this.schedule();
      }
    }, LOOK_MS).unref();
  }

  private async look(): Promise<void> {
    const { knex } = this.options;
    const latest = performance.now() - LOOK_MS;
    const due = [...this.watches].filter(({ begunAt }) => begunAt <= latest);
    if (due.length === 0) {
      return;
    }
    const rows = await knex('migrations')
      .whereRaw('id = any(?)', [due.map(({ migrationId }) => migrationId)])
      .select('id', 'sequence');
    const sequences = new Map(
      rows.map(({ id, sequence }) => [id, Number(sequence)]),
    );
    for (const watch of due) {
      // Others have ended meanwhile, and their migration went on.
      if (this.watches.has(watch)) {
        watch.look(sequences.get(watch.migrationId));
      }
    }
  }
}
