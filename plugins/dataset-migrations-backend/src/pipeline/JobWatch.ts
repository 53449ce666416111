import { LoggerService } from '@backstage/backend-plugin-api';
import { FencedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { Knex } from 'knex';
import { MigrationRecord } from '../database/MigrationRecord';
import { SupersededError } from '../database/SupersededError';
import { renewLease } from '../leases/renewLease';
import { Lease, LEASE_SECONDS } from '../leases/types';

/** How soon a running job notices that a person cancelled its migration. */
const LOOK_MS = 1_000;
const RENEW_MS = (LEASE_SECONDS * 1000) / 3;

/**
 * Runs beside a job: aborts it when its migration went on without it, and keeps
 * its lease alive. That it may miss something is harmless: every write checks
 * the fence and the sequence itself.
 */
export class JobWatch {
  private readonly controller = new AbortController();
  private timer?: NodeJS.Timeout;
  private stopped = false;

  constructor(
    private readonly options: {
      knex: Knex;
      logger: LoggerService;
      record: MigrationRecord;
      lease?: Lease;
    },
  ) {
    this.schedule();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule() {
    if (this.stopped || this.signal.aborted) {
      return;
    }
    this.timer = setTimeout(async () => {
      try {
        await this.look();
      } catch (error) {
        // The database will be asked again; the job itself meets it too.
        this.options.logger.debug(`Could not watch the job: ${error}`);
      }
      this.schedule();
    }, LOOK_MS);
    this.timer.unref();
  }

  private async look() {
    const { knex, record, lease } = this.options;
    const current = await knex('migrations')
      .where({ id: record.id })
      .first('sequence');
    if (Number(current?.sequence) !== record.sequence) {
      this.controller.abort(
        new SupersededError(`Migration ${record.id} went on without this job`),
      );
      return;
    }
    if (
      lease &&
      performance.now() - lease.renewedAt > RENEW_MS &&
      !(await renewLease(knex, lease))
    ) {
      this.controller.abort(
        new FencedError(
          `The lease of ${lease.locationKeys.join(', ')} has passed on`,
        ),
      );
    }
  }
}
