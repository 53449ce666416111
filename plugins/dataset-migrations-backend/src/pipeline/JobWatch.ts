import { LoggerService } from '@backstage/backend-plugin-api';
import { FencedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { Knex } from 'knex';
import { MigrationRecord } from '../database/MigrationRecord';
import { SupersededError } from '../database/SupersededError';
import { renewLease } from '../leases/renewLease';
import { Lease, LEASE_SECONDS } from '../leases/types';

const RENEW_MS = (LEASE_SECONDS * 1000) / 3;

/**
 * What is looked at beside a job: aborts it when its migration went on without
 * it, and keeps its lease alive.
 */
export class JobWatch {
  private readonly controller = new AbortController();
  /** By `performance.now()`. */
  readonly begunAt = performance.now();
  private renewing = false;

  constructor(
    private readonly options: {
      knex: Knex;
      logger: LoggerService;
      record: MigrationRecord;
      lease?: Lease;
      onStopped(watch: JobWatch): void;
    },
  ) {}

  get migrationId(): string {
    return this.options.record.id;
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  stop(): void {
    this.options.onStopped(this);
  }

  /** @param sequence - that the migration has by now; none where it is gone */
  look(sequence: number | undefined): void {
    const { record, lease } = this.options;
    if (sequence !== record.sequence) {
      this.abort(
        new SupersededError(`Migration ${record.id} went on without this job`),
      );
    } else if (lease && performance.now() - lease.renewedAt > RENEW_MS) {
      void this.renew(lease);
    }
  }

  /** May have to wait, for whoever holds a row of the lease; nobody waits for it. */
  private async renew(lease: Lease): Promise<void> {
    const { knex, logger } = this.options;
    if (this.renewing) {
      return;
    }
    this.renewing = true;
    try {
      if (!(await renewLease(knex, lease))) {
        this.abort(
          new FencedError(
            `The lease of ${lease.locationKeys.join(', ')} has passed on`,
          ),
        );
      }
    } catch (error) {
      // It is renewed at the next look, if it is still there.
      logger.debug(`Could not renew a lease: ${error}`);
    } finally {
      this.renewing = false;
    }
  }

  private abort(reason: Error): void {
    this.controller.abort(reason);
    this.stop();
  }
}
