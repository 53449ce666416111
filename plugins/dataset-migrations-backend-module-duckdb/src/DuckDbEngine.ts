import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  CatchUpResult,
  ChunkResult,
  Engine,
  EnginePlan,
  EnginePreflight,
  EngineRun,
  Inspection,
  LocateRequest,
  Location,
  PreviewRows,
  RunPhase,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { Settings } from './config/readSettings';
import { EngineContext } from './EngineContext';
import { available } from './places/available';
import { ENGINE_ID, locate } from './places/locate';
import { DuckDbPool } from './process/DuckDbPool';
import { DurableFiles, StepHook } from './publishing/DurableFiles';
import { abandon } from './steps/abandon';
import { catchUp } from './steps/catchUp';
import { cleanUp } from './steps/cleanUp';
import { copyChunk } from './steps/copyChunk';
import { cutOver } from './steps/cutOver';
import { inspect } from './steps/inspect';
import { KnownToWork } from './steps/KnownToWork';
import { openRun } from './steps/openRun';
import { phase } from './steps/phase';
import { plan } from './steps/plan';
import { preflight } from './steps/preflight';
import { prepare } from './steps/prepare';
import { preview } from './steps/preview';
import { retire } from './steps/retire';
import { rollback } from './steps/rollback';
import { unlessTaken } from './steps/unlessTaken';
import { verify } from './steps/verify';

/**
 * Datasets of Parquet, CSV or NDJSON files. Each step is a file in `steps/`.
 *
 * @internal
 */
export class DuckDbEngine implements Engine {
  readonly id = ENGINE_ID;
  readonly switchesTogether =
    'Files of several objects cannot be switched together: every folder publishes its versions by a manifest of its own, so readers would see one object before the other. Give each object a contract of its own.';
  private readonly context: EngineContext;

  /**
   * @param options - `onStep`: for tests only, see {@link StepHook}; `pool`: the
   *   processes of another engine, to share them
   */
  constructor(
    settings: Settings,
    options: { onStep?: StepHook; pool?: DuckDbPool } = {},
  ) {
    this.context = {
      settings,
      pool: options.pool ?? new DuckDbPool(settings),
      files: new DurableFiles(options.onStep),
      knownToWork: new KnownToWork(),
    };
  }

  available(): Promise<string | undefined> {
    return available(this.context.settings.roots);
  }

  locate(request: LocateRequest): Promise<Location | undefined> {
    return locate(this.context.settings.roots, request);
  }

  inspect(location: Location): Promise<Inspection> {
    return inspect(this.context, location);
  }

  plan(request: Parameters<Engine['plan']>[0]): Promise<EnginePlan> {
    return plan(this.context, request);
  }

  preflight(
    request: Parameters<Engine['preflight']>[0],
  ): Promise<EnginePreflight> {
    return preflight(this.context, request);
  }

  preview(request: Parameters<Engine['preview']>[0]): Promise<PreviewRows> {
    return preview(this.context, request);
  }

  async fence(run: EngineRun): Promise<void> {
    const { log } = await openRun(this.context, run);
    await log.hold(run.fence);
  }

  phase(run: EngineRun): Promise<RunPhase> {
    return phase(this.context, run);
  }

  prepare(run: EngineRun): Promise<void> {
    return this.holding(run, () => prepare(this.context, run));
  }

  copyChunk(
    run: EngineRun,
    onProgress?: (progress: ChunkResult) => void,
  ): Promise<ChunkResult> {
    return this.holding(run, () => copyChunk(this.context, run, onProgress));
  }

  catchUp(run: EngineRun): Promise<CatchUpResult> {
    return this.holding(run, () => catchUp(this.context, run));
  }

  verify(run: EngineRun): Promise<VerificationReport> {
    return this.holding(run, () => verify(this.context, run));
  }

  cutOver(run: EngineRun): Promise<void> {
    return this.holding(run, () => cutOver(this.context, run));
  }

  rollback(run: EngineRun): Promise<void> {
    return this.holding(run, () => rollback(this.context, run));
  }

  retire(run: EngineRun): Promise<void> {
    return this.holding(run, () => retire(this.context, run));
  }

  abandon(run: EngineRun): Promise<void> {
    return this.holding(run, () => abandon(this.context, run));
  }

  cleanUp(run: EngineRun): Promise<void> {
    return this.holding(run, () => cleanUp(this.context, run));
  }

  /** Ends the DuckDB processes. */
  close(): Promise<void> {
    return this.context.pool.close();
  }

  private holding<T>(run: EngineRun, step: () => Promise<T>): Promise<T> {
    return unlessTaken(this.context, run, step);
  }
}
