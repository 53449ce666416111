import {
  LoggerService,
  RootConfigService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { AgentRegistry } from './agents/AgentRegistry';
import { CampaignRunner } from './campaigns/CampaignRunner';
import { CampaignService } from './campaigns/CampaignService';
import { CampaignDependencies } from './campaigns/dependencies';
import { readCampaignSettings } from './campaigns/settings';
import { DatasetDirectory } from './datasets/types';
import { EngineRegistry } from './engines/EngineRegistry';
import { EngineWatch } from './engines/EngineWatch';
import { DatabaseMigrationService } from './migrations/DatabaseMigrationService';
import { MigrationService } from './migrations/MigrationService';
import { MayStillMigrate, MigrationListener } from './migrations/types';
import { readDigest } from './notifications/readDigest';
import { readRemindBefore } from './notifications/readRemindBefore';
import { Outbox } from './notifications/types';
import { CheckpointHook } from './pipeline/checkpoints';
import { engineOf } from './pipeline/engineOf';
import { createJobHandlers } from './pipeline/jobHandlers';
import { JobWatches } from './pipeline/JobWatches';
import { readPipelineSettings } from './pipeline/settings';
import { PipelineDependencies } from './pipeline/types';
import { scheduleUpkeep } from './pipeline/upkeep/scheduleUpkeep';
import { reconsiderBlocked } from './pipeline/upkeep/reconsiderBlocked';
import { DirectoryPlanner } from './planning/DirectoryPlanner';
import { readGrades } from './planning/readGrades';
import { Planner } from './planning/Planner';
import { DatabasePreflightService } from './preflights/DatabasePreflightService';
import { PreflightService } from './preflights/PreflightService';
import { warnOfConnections } from './queue/connectionBudget';
import { readQueueSettings } from './queue/settings';
import { JobQueue } from './queue/types';
import { scheduleRetention } from './retention/scheduleRetention';
import { readRetentionSettings } from './retention/settings';
import { ReadinessService } from './readiness/ReadinessService';
import { Telemetry } from './telemetry/types';
import { Workers } from './telemetry/Workers';

export { AgentRegistry } from './agents/AgentRegistry';
export { EngineRegistry } from './engines/EngineRegistry';
export { openDatabase } from './database/openDatabase';
export { createQueue } from './queue/createQueue';

/**
 * What the control plane is made of. In this order: `openDatabase(database)`,
 * `createQueue({ knex, config, logger })`, `EngineRegistry.create(...)`,
 * `new AgentRegistry(...)`, then directory and outbox, then this.
 */
export interface ControlPlaneOptions {
  knex: Knex;
  queue: JobQueue;
  logger: LoggerService;
  scheduler: SchedulerService;
  config: RootConfigService;
  directory: DatasetDirectory;
  outbox: Outbox;
  engines: EngineRegistry;
  agents: AgentRegistry;
  telemetry: Telemetry;
  workers: Workers;
  /** Migrations that this process runs at a time; 0 for one that only enqueues. */
  slots: number;
  mayStillMigrate: MayStillMigrate;
  judgeInitiator: CampaignDependencies['judgeInitiator'];
  findDatasets: CampaignDependencies['findDatasets'];
  tellCreator: CampaignDependencies['tellCreator'];
  /** Tells viewers; signals, in the plugin. */
  migrationChanged: MigrationListener;
  /** Only for harnesses that kill workers. */
  checkpoint?: CheckpointHook;
}

export interface ControlPlane {
  migrations: MigrationService;
  campaigns: CampaignService;
  planner: Planner;
  preflights: PreflightService;
  readiness: ReadinessService;
  /** Starts the queue, its workers (none where `slots` is 0) and the scheduled tasks. */
  start(): Promise<void>;
  /** Gives running jobs back. */
  stop(): Promise<void>;
}

/** Puts queue, pipeline and services together; nothing runs before `start`. */
export function createControlPlane(given: ControlPlaneOptions): ControlPlane {
  const { knex, queue, config, directory, workers, scheduler, slots } = given;
  const options = {
    ...given,
    grades: readGrades(config),
  };
  const settings = readPipelineSettings(config);
  const retention = readRetentionSettings(config);
  const workerId = `${hostname()}:${process.pid}:${randomUUID()}`;
  const campaignSettings = readCampaignSettings(config);
  const pipeline: PipelineDependencies = {
    ...options,
    settings,
    remindBeforeSeconds: readRemindBefore(config),
    digestEverySeconds: readDigest(config),
    workerId,
    watches: new JobWatches(options),
    windowsOfOwner: campaignSettings.windowsOfOwner,
  };
  const preflights = new DatabasePreflightService(options);
  const handlers = createJobHandlers({ pipeline, preflights });
  const watch = new EngineWatch({
    ...options,
    onChange: () => void workers.refresh(),
  });
  const queueSettings = readQueueSettings(config);
  const engines = () =>
    watch.available().filter(id => queueSettings.engineSlots[id] !== 0);

  const migrations = new DatabaseMigrationService({
    ...options,
    strictConstraints: settings.strictConstraints,
  });
  const planner = new DirectoryPlanner({
    ...options,
    strictConstraints: settings.strictConstraints,
    rollbackWindowMs: settings.rollbackWindowMs,
  });
  const campaignRunner = new CampaignRunner({
    ...options,
    settings: campaignSettings,
    migrations,
    planner,
    availableEngines: () => watch.available(),
    fleet: () => workers.fleet(),
  });

  return {
    migrations,
    campaigns: new CampaignService(options.knex),
    planner,
    preflights,
    readiness: new ReadinessService(pipeline),

    async start() {
      await queue.start();
      directory.onChanged((datasetRef, consumerRefs) =>
        reconsiderBlocked(pipeline, { datasetRef, consumerRefs }),
      );
      await scheduleUpkeep(pipeline, scheduler);
      await scheduleRetention(options, retention);
      await queue.onDead(handlers.onDead);
      await watch.start();
      if (slots > 0) {
        await workers.start({ id: workerId, slots, engines });
        await warnOfConnections({
          ...options,
          settings: queueSettings,
          workers: (await workers.alive()).length,
        });
        await queue.work(handlers.onJob, {
          slots,
          engines,
          engineOf: payload => engineOf(knex, payload),
        });
      }
      campaignRunner.start();
    },

    async stop() {
      watch.stop();
      // It may enqueue what it cannot end.
      const told = given.outbox.stop();
      await Promise.all([
        campaignRunner.stop(),
        workers.drain(),
        queue.stop(told),
      ]);
      await workers.stop();
    },
  };
}
