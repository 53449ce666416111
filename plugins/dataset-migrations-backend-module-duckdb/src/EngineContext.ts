import { Settings } from './config/readSettings';
import { DuckDbPool } from './process/DuckDbPool';
import { DurableFiles } from './publishing/DurableFiles';
import { KnownToWork } from './steps/KnownToWork';

/** What every step of the engine works with. */
export interface EngineContext {
  settings: Settings;
  pool: DuckDbPool;
  files: DurableFiles;
  /** Remembered from one plan to the next. */
  knownToWork: KnownToWork;
}
