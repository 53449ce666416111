import { LoggerService } from '@backstage/backend-plugin-api';
import {
  ContractServer,
  Field,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Engine, EngineRun } from '../../engine/types';

/**
 * Owner of every dataset of the kit. The harness configures the engine under
 * test so that this owner, and nobody else, may use what `createDataset` makes.
 *
 * @public
 */
export const conformanceOwner = 'group:default/conformance';

/**
 * How many rows the harness makes the engine put into a chunk. An engine that
 * cannot cut so finely (pages of a table, row groups of a file), or takes long for
 * each chunk, comes as close as it can: the kit needs at least three chunks of
 * {@link conformanceRows} rows, and never counts on an exact number.
 *
 * @public
 */
export const conformanceChunkRows = 10;

/** Rows of the kit's main dataset. @public */
export const conformanceRows = 95;

/**
 * A row in the words of the kit: integers are numbers, `null` is NULL. The kit
 * uses integers, strings and booleans only, so that no formatting is in doubt.
 *
 * @public
 */
export type ConformanceRow = Record<string, string | number | boolean | null>;

/** A dataset that the harness made, as a contract would speak of it. @public */
export interface HarnessDataset {
  /** Goes into the contract's `schema.physicalName`. */
  physicalName: string;
  /** Go into the contract's `servers`; `Engine.locate` must find it by them. */
  servers: ContractServer[];
}

/**
 * One alteration of what is not yet live, made behind the engine's back (issue:
 * "a corrupted shadow fails verification every time"). `key` is the value of
 * the field `id`.
 *
 * @public
 */
export type Corruption =
  | { kind: 'alter'; key: number; column: string; value: string | number }
  | { kind: 'drop'; key: number }
  | { kind: 'double'; key: number }
  | { kind: 'exchange'; keys: [number, number]; column: string }
  | { kind: 'null-to-empty'; key: number; column: string };

/**
 * A write of an application to the live data, in the shape of the version that
 * the dataset's name stands for at that moment.
 *
 * @public
 */
export type LiveWrite =
  | { kind: 'insert'; row: ConformanceRow }
  | { kind: 'update'; key: number; column: string; value: string | number }
  | { kind: 'delete'; key: number }
  | { kind: 'truncate' };

/**
 * A worker that dies: from its `step`-th step on nothing it does reaches the
 * store, as if its process had been killed there.
 *
 * @public
 */
export interface DoomedWorker {
  /** After death every call rejects (or never settles its work in the store). */
  engine: Engine;
  /** Whether it got as far as the step at which it dies. */
  dead(): boolean;
  dispose(): Promise<void>;
}

/**
 * What the kit needs of an engine's world. One harness serves one check and is
 * disposed of after it. Nothing in it may use the code of the engine under test
 * to read or to write data: its reader is independent.
 *
 * @public
 */
export interface EngineHarness {
  /** The engine under test, as one worker has it. */
  engine: Engine;

  /**
   * A second instance over the same store, as another worker process has it:
   * it shares no memory with the first.
   */
  createWorker(): Promise<Engine>;

  /**
   * An instance that is killed at its `step`-th step, counted from 1 over its
   * whole life. A step is whatever the store could see half done: a statement
   * and its answer, a commit, a file created, written, synced, renamed. Count
   * before each of them: the kit, which tries 1, 2, 3, ... until a worker survives,
   * stands between any two side effects then.
   */
  createDoomedWorker(step: number): Promise<DoomedWorker>;

  /** Makes a live dataset with these rows; `fields` may have a primary key. */
  createDataset(dataset: {
    /** Lower case letters, digits, underscores. */
    name: string;
    fields: Field[];
    rows: ConformanceRow[];
  }): Promise<HarnessDataset>;

  /**
   * Reads the dataset in one go by the name (path, manifest) that its consumers
   * use, as an independent reader does. Field names of the result are those of
   * the version found. Order does not matter.
   */
  read(dataset: HarnessDataset): Promise<ConformanceRow[]>;

  /**
   * Reads several datasets as one reader does who must see them at one moment:
   * in one transaction. Needed for engines that switch several together.
   */
  readTogether?(datasets: HarnessDataset[]): Promise<ConformanceRow[][]>;

  /**
   * Reads one version by the name that the engine gives readers who keep to
   * it; undefined when that version has no name at the moment.
   */
  readVersion(
    dataset: HarnessDataset,
    version: string,
  ): Promise<ConformanceRow[] | undefined>;

  /** Alters the shadow of a run that has been copied. */
  corrupt(run: EngineRun, corruption: Corruption): Promise<void>;

  /**
   * What a run set aside. Absent for an engine without quarantine, which must
   * then refuse mappings that set rows aside when it plans them.
   */
  quarantine?: {
    /**
     * Reads it independently, from where people would look for it: fields of the
     * old version, without what the engine adds. Undefined when it keeps nothing
     * for that run, or nothing any more.
     */
    read(run: EngineRun): Promise<ConformanceRow[] | undefined>;
    /** Alters that of a run that has been copied; columns of the old version. */
    corrupt(run: EngineRun, corruption: Corruption): Promise<void>;
  };

  /** The kinds of writes that applications can make to such data at all. */
  liveWrites: ReadonlyArray<LiveWrite['kind']>;

  /**
   * The kinds of them that the engine brings over, so that a migration succeeds
   * in spite of them; none by default. A roll back brings them back, too, where
   * the mapping leads back.
   */
  keptWrites?: ReadonlyArray<LiveWrite['kind']>;

  /** Writes as an application does, through the dataset's name. */
  write(dataset: HarnessDataset, write: LiveWrite): Promise<void>;

  /**
   * Adds rows, in the shape of the old version, as a piece of their own beside
   * those that are there: a file, a partition. Absent for stores that know no
   * such pieces. An engine whose harness has it brings over what arrives during
   * a migration, instead of failing.
   */
  arrive?(dataset: HarnessDataset, rows: ConformanceRow[]): Promise<void>;

  /**
   * Whatever stands beside the data for some run: shadows, kept old versions,
   * triggers, staged files; by name. Not the control state (fences, runs,
   * versions). Empty after `abandon` and after `cleanUp`.
   */
  leftovers(dataset: HarnessDataset): Promise<string[]>;

  logger: LoggerService;

  /**
   * Milliseconds that a call may go on after it was cancelled; 20 seconds by
   * default.
   */
  patience?: number;

  dispose(): Promise<void>;
}

/**
 * One thing that every engine must do. `run` rejects with an AssertionError,
 * or with what the engine threw, when it does not.
 *
 * @public
 */
export interface EngineCheck {
  /** Begins with the number of the guarantee where there is one: `G4: ...`. */
  name: string;
  run(harness: EngineHarness): Promise<void>;
}
