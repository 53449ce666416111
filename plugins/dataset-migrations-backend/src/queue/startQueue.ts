import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { PgBoss } from 'pg-boss';
import { Claims } from './Claims';
import { queueConnection } from './connection';
import { queuePoolSize } from './connectionBudget';
import { ensureSchema } from './ensureSchema';
import { dueQueues } from './inspectJobs';
import { JobRunner } from './JobRunner';
import { Lanes } from './Lanes';
import { DEAD_QUEUE, EARLIER_QUEUE } from './names';
import { Poll } from './Poll';
import { QueueDatabase } from './QueueDatabase';
import { Queues } from './Queues';
import { QueueSettings } from './settings';
import { Supervisor } from './Supervisor';

/** Jobs are counted at every supervision. */
const MONITOR_SECONDS = 1;

/** Jobs that are kept no longer are looked for as often as all else of that kind. */
const MAINTENANCE_SECONDS = 3600;

/** What there is once the queue has started. */
export interface Running {
  database: QueueDatabase;
  boss: PgBoss;
  queues: Queues;
  claims: Claims;
  runner: JobRunner;
  supervisor: Supervisor;
  poll: Poll;
}

/**
 * Connects to the plugin's database, makes there what the queue keeps, and
 * starts the library with settings that are measured, not guessed: see
 * docs/concepts/queue.md.
 *
 * @param options.lanes - woken by notifications and polls
 * @param options.shutdown - lets running jobs come to a halt
 */
export async function startQueue(options: {
  knex: Knex;
  logger: LoggerService;
  settings: QueueSettings;
  lanes: Lanes;
  shutdown: AbortSignal;
}): Promise<Running> {
  const { knex, logger, settings, lanes } = options;
  const { schema } = settings;
  const warn = (error: { message: string }) =>
    logger.warn(`Queue: ${error.message}`);
  const database = new QueueDatabase({
    settings: {
      ...(await queueConnection(knex)),
      application_name: 'dataset-migrations-queue',
      max: queuePoolSize(settings),
    },
    onNotified: queue => lanes.notified(queue),
    // No reason to end: the pool connects anew, and the lanes poll on.
    onLost: warn,
  });
  const boss = new PgBoss({
    db: database,
    schema,
    createSchema: false,
    useListenNotify: true,
    schedule: false,
    // By {@link Supervisor}.
    supervise: false,
    monitorIntervalSeconds: MONITOR_SECONDS,
    maintenanceIntervalSeconds: MAINTENANCE_SECONDS,
    persistWarnings: false,
    // Who works is in `workers`; it would watch the event loop fifty times a second.
    registerInstance: false,
    // It would make a span of every poll.
    openTelemetry: { enabled: false },
  });
  // Without a listener an event named 'error' ends the process.
  boss.on('error', warn);
  boss.on('warning', warn);
  try {
    await ensureSchema(database, schema);
    await boss.start();
  } catch (error) {
    await database.close();
    throw error;
  }

  const queues = new Queues(boss, settings);
  await queues.ensure(DEAD_QUEUE);
  await queues.ensure(EARLIER_QUEUE);
  const claims = new Claims({ database, schema, logger });
  return {
    database,
    boss,
    queues,
    claims,
    runner: new JobRunner({ ...options, boss, schema, claims, queues }),
    supervisor: new Supervisor({ boss, knex, logger }),
    poll: new Poll({
      everyMs: settings.pollSeconds * 1000,
      takers: lanes.all,
      due: names => dueQueues(database, { schema, queues: names }),
    }),
  };
}
