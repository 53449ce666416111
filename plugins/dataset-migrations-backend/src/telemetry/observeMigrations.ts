import { LoggerService } from '@backstage/backend-plugin-api';
import { MetricsService } from '@backstage/backend-plugin-api/alpha';
import { MigrationState } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { Gauge, observeGauges } from './observeGauges';

/** What somebody has to look at, of all datasets together. */
export interface MigrationsSnapshot {
  /**
   * Seconds since the last sign of progress of the migration that has been
   * quiet the longest; 0 when none is at work.
   */
  quietSeconds: number;
  /** Notifications that were given up and not sent again since. */
  deadDeliveries: number;
}

/** States in which jobs of a migration run, each of which touches its row. */
const AT_WORK: MigrationState[] = ['running', 'cancelling', 'rolling-back'];

const GAUGES: Gauge<MigrationsSnapshot>[] = [
  {
    name: 'migrations.quiet_age',
    unit: 's',
    description:
      'Time since the last progress of the migration at work that has been quiet the longest. Every replica reports the same value, so aggregate with max',
    read: snapshot => snapshot.quietSeconds,
  },
  {
    name: 'deliveries.dead',
    unit: '{delivery}',
    description:
      'Notifications that were given up. Every replica reports the same value, so aggregate with max',
    read: snapshot => snapshot.deadDeliveries,
  },
];

/** Two counts from indexes on the state. */
export async function readMigrations(knex: Knex): Promise<MigrationsSnapshot> {
  const [[quiet], [dead]] = await Promise.all([
    knex('migrations')
      .whereIn('state', AT_WORK)
      .select(
        knex.raw(
          `coalesce(extract(epoch FROM now() - min(updated_at)), 0)::float8 AS seconds`,
        ),
      ),
    knex('deliveries')
      .where({ state: 'dead' })
      .select(knex.raw('count(*)::int AS count')),
  ]);
  return { quietSeconds: quiet.seconds, deadDeliveries: dead.count };
}

/**
 * Reports them whenever metrics are collected.
 *
 * @returns stops reporting
 */
export function observeMigrations(options: {
  metrics: MetricsService;
  logger: LoggerService;
  read(): Promise<MigrationsSnapshot>;
}): () => void {
  return observeGauges({ ...options, gauges: GAUGES });
}
