import {
  LoggerService,
  RootConfigService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { AgentRegistry } from './agents/AgentRegistry';
import { DatasetDirectory } from './datasets/types';
import { EngineRegistry } from './engines/EngineRegistry';
import { MigrationService } from './migrations/MigrationService';
import { MayStillMigrate, MigrationListener } from './migrations/types';
import { Outbox } from './notifications/types';
import { CheckpointHook } from './pipeline/checkpoints';
import { Planner } from './planning/Planner';
import { PreflightService } from './preflights/PreflightService';
import { JobQueue } from './queue/types';
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
  /** Jobs that this process runs at a time; 0 for one that only enqueues. */
  slots: number;
  mayStillMigrate: MayStillMigrate;
  /** Tells viewers; signals, in the plugin. */
  migrationChanged: MigrationListener;
  /** Only for harnesses that kill workers. */
  checkpoint?: CheckpointHook;
}

export interface ControlPlane {
  migrations: MigrationService;
  planner: Planner;
  preflights: PreflightService;
  queue: JobQueue;
  /** Starts the queue, its workers (none where `slots` is 0) and the scheduled tasks. */
  start(): Promise<void>;
  /** Gives running jobs back. */
  stop(): Promise<void>;
}

/** Puts queue, pipeline and services together; nothing runs before `start`. */
export declare function createControlPlane(
  options: ControlPlaneOptions,
): ControlPlane;
