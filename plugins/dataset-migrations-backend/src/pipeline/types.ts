import { LoggerService } from '@backstage/backend-plugin-api';
import {
  AcceptedChange,
  Consumer,
  MigrationError,
  Stage,
  TimeWindow,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { CompatibilityGrades } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Engine } from '@skein/backstage-plugin-dataset-migrations-node';
import { Knex } from 'knex';
import { AgentRegistry } from '../agents/AgentRegistry';
import { MigrationPatch, MigrationRecord } from '../database/MigrationRecord';
import { DatasetDirectory, DatasetRecord } from '../datasets/types';
import { EngineRegistry } from '../engines/EngineRegistry';
import { MayStillMigrate, MigrationListener } from '../migrations/types';
import { AnnouncementKind, Outbox } from '../notifications/types';
import { JobQueue } from '../queue/types';
import { Telemetry } from '../telemetry/types';
import { CheckpointHook, CheckpointMoment } from './checkpoints';
import { PartRun } from './engineRun';
import { JobWatches } from './JobWatches';
import { PipelineSettings } from './settings';

/** What the pipeline works with. */
export interface PipelineDependencies {
  knex: Knex;
  queue: JobQueue;
  directory: DatasetDirectory;
  outbox: Outbox;
  engines: EngineRegistry;
  agents: AgentRegistry;
  /** Rules of compatibility that are graded otherwise than by default. */
  grades?: CompatibilityGrades;
  /** When datasets of an owner may go on by themselves whose entity says nothing. */
  windowsOfOwner: ReadonlyMap<string, TimeWindow[]>;
  telemetry: Telemetry;
  logger: LoggerService;
  settings: PipelineSettings;
  /** How long before a deadline consumers are reminded; see `readRemindBefore`. */
  remindBeforeSeconds: number[];
  /** How often owners of consumers get a digest; see `readDigest`. Never, where absent. */
  digestEverySeconds?: number;
  /** Name of this process in leases. */
  workerId: string;
  /** Of the jobs that it runs. */
  watches: JobWatches;
  mayStillMigrate: MayStillMigrate;
  migrationChanged: MigrationListener;
  checkpoint?: CheckpointHook;
}

/** What a job can be working on: a stage, or the undoing of an unfinished run. */
export type Work = Stage | 'cancel';

/** What a stage function gets. */
export interface StageContext {
  deps: PipelineDependencies;
  /** As of the job's start. */
  record: MigrationRecord;
  engine: Engine;
  /** Aborts when the job must end: cancelled, superseded, timed out, shut down. */
  signal: AbortSignal;
  /** How often this very job has been tried before. */
  retryCount: number;
  logger: LoggerService;
  /** Of the stage before, in the same job. */
  carried?: Carried;
  /** When this job asked the catalog who reads the dataset, by `performance.now()`. */
  askedCatalogAt?: number;
  /**
   * Only for work that holds the lease; the fence is raised already. The runs of
   * all objects, never none; a switch of the first takes the others along.
   */
  runs(): PartRun[];
  /** Writes what earlier stages of the job did, before something is written of this one. */
  writeEarlier(): Promise<void>;
  /** Lets a harness in, see `checkpoints.ts`. */
  checkpoint(moment: CheckpointMoment): Promise<void>;
}

/** What of a migration a stage may change; the rest follows from its outcome. */
export type StagePatch = Omit<
  MigrationPatch,
  'id' | 'state' | 'stage' | 'sequence' | 'error' | 'createdAt'
>;

interface OutcomeBase {
  patch?: StagePatch;
  /** A line for the migration's log. */
  message?: string;
  /** More that belongs to the transaction of the outcome. */
  inTransaction?: (trx: Knex.Transaction) => Promise<void>;
  announce?: AnnouncementKind;
}

/** What a stage leaves to the next one, should that follow in the same job. */
export interface Carried {
  /** As the catalog said a moment ago; not where it said nothing of it. */
  dataset?: DatasetRecord;
  /** The same. */
  consumers: Consumer[];
  /** What was accepted of the dataset's changes a moment ago; see `judgeAnswered`. */
  accepted: readonly AcceptedChange[];
}

/** How a job ended; written in one transaction with the job that follows. */
export type StageOutcome =
  | (OutcomeBase & {
      kind: 'next';
      stage: Stage;
      carried?: Carried;
      /** See `StageContext`. */
      askedCatalogAt?: number;
    })
  /** A bounded slice is done, or it must wait: the same stage in another job. */
  | (OutcomeBase & { kind: 'again'; afterSeconds?: number })
  | (OutcomeBase & {
      kind: 'blocked';
      error: Omit<MigrationError, 'stage'>;
    })
  | (OutcomeBase & { kind: 'failed'; error: { name: string; message: string } })
  | (OutcomeBase & {
      kind: 'finished';
      state: 'succeeded' | 'cancelled' | 'rolled-back';
    });

export type StageFunction = (context: StageContext) => Promise<StageOutcome>;
