import { JsonObject } from '@backstage/types';
import { Config } from '@backstage/config';
import { LoggerService } from '@backstage/backend-plugin-api';
import {
  Contract,
  Field,
  Mapping,
  PlannedLock,
  Policy,
  PreflightFinding,
  TransformActivity,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { AgentRunner } from '../agents/types';

/**
 * Where a dataset lives, resolved through the operator's bindings and nothing
 * else (G11). Serialisable; stored with the migration.
 *
 * @public
 */
export interface Location {
  engine: string;
  /** Name of the operator's connection or root, e.g. `warehouse`. */
  connection: string;
  /**
   * Identity of the physical place: equal for two entities that name one table.
   * Locks, leases and the active-migration index are keyed by it.
   */
  key: string;
  /** For people: `warehouse.public.flights`, `files/flights`. */
  display: string;
  /** The engine's own, e.g. `{schema, table}` or `{folder, format}`. */
  detail: JsonObject;
}

/** @public */
export interface LocateRequest {
  entityRef: string;
  /** Entity ref of the owner; bindings may allow owners instead of entities. */
  owner?: string;
  contract: Contract;
}

/** What the store itself says about a location. @public */
export interface Inspection {
  exists: boolean;
  /** The version recorded beside the data; absent before the first migration. */
  recordedVersion?: string;
  /** Fields as found, in the engine-independent types where they map. */
  fields: Array<{ name: string; physicalType: string; nullable: boolean }>;
  /** Estimates without a scan. */
  rows?: number;
  bytes?: number;
}

/**
 * How the engine will carry a mapping out, from metadata only.
 *
 * @public
 */
export interface EnginePlan {
  strategy: 'metadata-only' | 'shadow-copy';
  rows?: number;
  bytes?: number;
  chunks?: number;
  /** How long copying and verifying takes, roughly, in seconds. */
  seconds?: number;
  /** What the store must have free beside the data, in bytes. */
  diskBytes?: number;
  /** What is locked, and for how long; absent for a store without locks. */
  locks?: PlannedLock[];
  notes: string[];
  /** Why it must not be carried out; empty when it may. */
  refusals: string[];
}

/**
 * Everything an engine needs for one migration of one schema object. The same
 * for every call; only `fence` grows when another worker takes over.
 *
 * @public
 */
export interface EngineRun {
  /**
   * What the run is known by beside the data: the id of the migration, with the
   * name of the object after it where its contract has several.
   */
  migrationId: string;
  location: Location;
  fromVersion: string;
  toVersion: string;
  policy: Policy;
  mapping: Mapping;
  sourceContract: Contract;
  targetContract: Contract;
  /**
   * The fencing token. Every write checks, in its own transaction, that no
   * higher one was written beside the data (G4).
   */
  fence: number;
  /** Aborts the call within one chunk; the engine throws what `signal.reason` is. */
  signal: AbortSignal;
  logger: LoggerService;
  /** Runs imperative agents; present for every run, unused by declarative mappings. */
  agents: AgentRunner;
  /**
   * Adds a sentence to the migration's log, for the people who watch: what a
   * call waits for that takes long. Without it, nobody is told.
   */
  report?: (message: string) => void;
  /**
   * The runs of the contract's other objects, with the same fence. Every call
   * works on its own run alone, except that `cutOver`, `rollback` and `retire`
   * switch all of them in one transaction, or none.
   */
  together?: EngineRun[];
}

/** What is to be planned for one schema object. @public */
export interface EnginePlanRequest {
  location: Location;
  mapping: Mapping;
  policy: Policy;
  sourceContract: Contract;
  targetContract: Contract;
  /** Those of the contract's other objects, which are switched with it. */
  together?: EnginePlanRequest[];
}

/** @public */
export interface ChunkResult {
  /** True when every row has been copied. Calling again changes nothing. */
  done: boolean;
  /** Rows of this chunk. */
  rows: number;
  /** Totals as of the checkpoint beside the data. */
  rowsDone: number;
  rowsTotal?: number;
  chunksDone: number;
  chunksTotal?: number;
  /** How much is done, from 0 to 1, where that is known and the total of rows is not. */
  share?: number;
  /** What the engine is doing; `copying` when absent. */
  activity?: TransformActivity;
  /** Changes made to the source that the new version does not have yet. */
  changesWaiting?: number;
  /** Why the engine goes slower than it could, as a sentence. */
  throttledBy?: string;
}

/** @public */
export interface CatchUpResult {
  /**
   * Changes of the source that were brought over by this call; none while the
   * engine spares its store.
   */
  changes: number;
  /** Changes that have come since and wait for the next call. */
  changesWaiting: number;
}

/** @public */
export interface PreviewRows {
  before: Array<Array<string | null>>;
  after: Array<Array<string | null>>;
}

/** @public */
export interface EnginePreflight {
  /** None where the store vouches for all that is asked of the rows. */
  rowsScanned: number;
  findings: PreflightFinding[];
}

/**
 * What the store says about one migration, from which any worker can go on.
 * @public
 */
export type RunPhase =
  | 'none'
  | 'prepared'
  | 'copied'
  | 'cut-over'
  | 'retired'
  | 'rolled-back'
  | 'cleaned-up';

/**
 * Holds data and carries plans out, set-based. Knows nothing of the queue, of
 * consumers, of the plugin's database.
 *
 * Every method that takes a run is idempotent: called twice, or after a crash
 * anywhere inside it, it ends with the same bytes. `cutOver`, `rollback` and
 * `retire` are called again after a crash although the phase says that they
 * switched, to finish what follows a switch. Writes check the fence
 * beside the data in their own transaction and throw {@link FencedError} when
 * a higher one is there. State, checkpoint and fence are kept where the data
 * is.
 *
 * Messages of errors, findings, refusals and reports name fields, kinds of
 * failure and numbers of rows, never values: they are kept with the migration
 * and shown to everybody who may read it (G11). Values go into the samples of a
 * preflight, the rows of a preview and the ranges of a mismatch alone.
 *
 * @public
 */
export interface Engine {
  readonly id: string;

  /**
   * True when it switches the runs in {@link EngineRun.together} as one.
   * Otherwise contracts with several objects are refused; a sentence says why.
   */
  readonly switchesTogether?: true | string;

  /**
   * Whether this process reaches the storage that the operator configured:
   * volumes are there and may be written. Asked at the start of a worker and
   * every half minute, so cheap, and nothing is changed in the data. Without
   * it, the storage counts as reachable.
   *
   * @returns why not, for people, without credentials; undefined when it does
   */
  available?(): Promise<string | undefined>;

  /**
   * Resolves a contract's server and object to a location.
   * @returns undefined when no server of the contract is for this engine
   * @throws NotAllowedError when the operator's bindings do not give the
   *   entity or its owner that place; InputError when the contract names it
   *   badly (climbing paths, strange identifiers)
   */
  locate(request: LocateRequest): Promise<Location | undefined>;

  inspect(location: Location): Promise<Inspection>;

  /**
   * Strategy, size, notes and refusals, from metadata only: cheap enough to be
   * called while a person waits. Also refuses what does not fit: a source whose
   * columns are not those of the contract, missing privileges.
   */
  plan(request: EnginePlanRequest): Promise<EnginePlan>;

  /** Scans the source for rows that would not pass; changes nothing. */
  preflight(request: {
    location: Location;
    mapping: Mapping;
    targetContract: Contract;
    signal: AbortSignal;
    /** Offending values to return per finding, at most. */
    samples: number;
  }): Promise<EnginePreflight>;

  /** Rows before and after the mapping, as text, unmasked. */
  preview(request: {
    location: Location;
    mapping: Mapping;
    limit: number;
    signal: AbortSignal;
    agents: AgentRunner;
  }): Promise<PreviewRows>;

  /** Writes the fence beside the data, or throws FencedError if a higher one is there. */
  fence(run: EngineRun): Promise<void>;

  /** How far this migration got, read from beside the data. */
  phase(run: EngineRun): Promise<RunPhase>;

  /** Creates the shadow, the change flag and the checkpoint in one transaction. */
  prepare(run: EngineRun): Promise<void>;

  /**
   * Copies one chunk; rows and checkpoint in the same transaction.
   *
   * @param onProgress - told now and then how far the chunk at work got, by an
   *   engine whose chunks take long: for people who watch, no checkpoint
   */
  copyChunk(
    run: EngineRun,
    onProgress?: (progress: ChunkResult) => void,
  ): Promise<ChunkResult>;

  /**
   * Brings what was written to the source since `prepare` into the complete
   * shadow, a bounded part of it; changes nothing before every row is copied or
   * after the cut over. Called now and then while a migration waits for its cut
   * over, so that what is left for it stays small.
   */
  catchUp(run: EngineRun): Promise<CatchUpResult>;

  /**
   * Row counts, order-independent checksums of source-through-mapping against
   * target, and the target against its contract. Changes nothing. On a
   * mismatch the report names columns and key ranges (G5).
   */
  verify(run: EngineRun): Promise<VerificationReport>;

  /**
   * One atomic switch (policy `switch`), or publication of the new version
   * beside the old one (`coexist`), of all runs that belong together. Records
   * the version beside the data. Throws {@link SourceChangedError} when the
   * source was written since `prepare`.
   */
  cutOver(run: EngineRun): Promise<void>;

  /**
   * Restores the old version. Throws ConflictError when the new version was
   * written since the cut over and that cannot be mapped back (G8).
   */
  rollback(run: EngineRun): Promise<void>;

  /** Under `coexist`: the new version takes the dataset's name, the old one goes. */
  retire(run: EngineRun): Promise<void>;

  /**
   * Removes what a run that did not cut over left beside the data (cancel,
   * failure given up). The live data is untouched.
   */
  abandon(run: EngineRun): Promise<void>;

  /** Removes the kept old version after the retention window. */
  cleanUp(run: EngineRun): Promise<void>;
}

/** Makes an engine from the operator's configuration. @public */
export interface EngineFactory {
  id: string;
  /**
   * `config` is the root configuration; an engine reads
   * `datasetMigrations.engines.<id>` of it and nothing else.
   */
  create(options: { config: Config; logger: LoggerService }): Promise<Engine>;
}

/**
 * Rows of an imperative agent's batch, keyed by field name (`name`, never
 * `physicalName`). The same in every engine: booleans are booleans; integers of
 * 16 and 32 bits and floats are numbers (NaN and the infinities the strings
 * `NaN`, `Infinity`, `-Infinity`); integers of 64 bits and decimals are decimal
 * strings, so that none loses digits; dates, times and timestamps are ISO 8601
 * strings (`2026-11-22`, `09:30:00`, `2026-11-22T09:30:00`, with zone
 * `2026-11-22T09:30:00Z`, fractions of a second up to microseconds where there
 * are any); strings and UUIDs are strings; bytes are base64; json, arrays and
 * objects are JSON values; NULL is null.
 *
 * @public
 */
export interface Batch {
  fields: Field[];
  rows: JsonObject[];
}
