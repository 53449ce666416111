import { ConflictError } from '@backstage/errors';
import {
  Contract,
  Mapping,
  Policy,
  PreflightFinding,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  evaluateMapping,
  Row,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  ChunkResult,
  Engine,
  EngineRun,
  FencedError,
  Inspection,
  Location,
  LocateRequest,
  RunPhase,
  SourceChangedError,
} from '@skein/backstage-plugin-dataset-migrations-node';

interface RunState {
  phase: RunPhase;
  shadow: Row[];
  sourceWrites: number;
  old?: { rows: Row[]; version?: string };
}

/** One dataset of the engine's world. */
export interface MemoryStore {
  rows: Row[];
  version?: string;
  fence: number;
  /** Counts the application's writes. */
  writes: number;
  runs: Map<string, RunState>;
}

export const memoryLocation: Location = {
  engine: 'memory',
  connection: 'test',
  key: 'memory:flights',
  display: 'test.flights',
  detail: {},
};

/**
 * An engine whose world is a variable: what the pipeline is tested with where
 * the data do not matter. It outlives the workers of a test as a database does.
 */
export class MemoryEngine implements Engine {
  readonly id = 'memory';
  readonly store: MemoryStore = {
    rows: [],
    fence: 0,
    writes: 0,
    runs: new Map(),
  };
  /** Every call that took a run, in order. */
  readonly calls: string[] = [];
  /** Called before a method works; may wait, or throw. */
  before?: (method: string, run?: EngineRun) => Promise<void> | void;
  /** Called while a chunk is copied, with the way to tell how far that got. */
  amidChunk?: (report: (progress: ChunkResult) => void) => Promise<void>;
  findings: PreflightFinding[] = [];
  /** Gives samples of values whether any were asked for or not. */
  talkative = false;
  refusals: string[] = [];

  constructor(private readonly chunkRows: number) {}

  /** The application writes. */
  write(change: (rows: Row[]) => Row[]): void {
    this.store.rows = change(this.store.rows);
    this.store.writes += 1;
  }

  async locate(_request: LocateRequest): Promise<Location> {
    return memoryLocation;
  }

  async inspect(): Promise<Inspection> {
    return {
      exists: true,
      recordedVersion: this.store.version,
      fields: [],
      rows: this.store.rows.length,
    };
  }

  async plan({ policy }: { policy: Policy }) {
    return {
      strategy: 'shadow-copy' as const,
      rows: this.store.rows.length,
      notes: [`Planned for ${policy}`],
      refusals: this.refusals,
    };
  }

  async preflight(request: { samples: number; signal: AbortSignal }) {
    await this.before?.('preflight');
    request.signal.throwIfAborted();
    return {
      rowsScanned: this.store.rows.length,
      findings: this.findings.map(({ samples, ...finding }) => ({
        ...finding,
        ...((this.talkative || request.samples > 0) && { samples }),
      })),
    };
  }

  async preview({ mapping, limit }: { mapping: Mapping; limit: number }) {
    const rows = this.store.rows.slice(0, limit);
    const text = (names: string[]) => (row: Row) =>
      names.map(name => (row[name] === null ? null : String(row[name])));
    return {
      before: rows.map(text(mapping.source.map(({ name }) => name))),
      after: rows
        .map(row => evaluateMapping(mapping, row))
        .map(text(mapping.target.map(({ name }) => name))),
    };
  }

  async fence(run: EngineRun): Promise<void> {
    await this.enter('fence', run);
    this.store.fence = run.fence;
  }

  async phase(run: EngineRun): Promise<RunPhase> {
    return this.store.runs.get(run.migrationId)?.phase ?? 'none';
  }

  async prepare(run: EngineRun): Promise<void> {
    await this.enter('prepare', run);
    if (!this.store.runs.has(run.migrationId)) {
      this.store.runs.set(run.migrationId, {
        phase: 'prepared',
        shadow: [],
        sourceWrites: this.store.writes,
      });
    }
  }

  async copyChunk(
    run: EngineRun,
    onProgress: (progress: ChunkResult) => void = () => {},
  ): Promise<ChunkResult> {
    await this.enter('copyChunk', run);
    await this.amidChunk?.(onProgress);
    const state = this.state(run);
    const from = state.shadow.length;
    const rows = this.store.rows
      .slice(from, from + this.chunkRows)
      .map(row => evaluateMapping(run.mapping, row));
    state.shadow.push(...rows);
    const done = state.shadow.length >= this.store.rows.length;
    state.phase = done ? 'copied' : 'prepared';
    return {
      done,
      rows: rows.length,
      rowsDone: state.shadow.length,
      rowsTotal: this.store.rows.length,
      chunksDone: Math.ceil(state.shadow.length / this.chunkRows),
      chunksTotal: Math.ceil(this.store.rows.length / this.chunkRows),
    };
  }

  async catchUp(run: EngineRun) {
    await this.enter('catchUp', run);
    return { changes: 0, changesWaiting: 0 };
  }

  async verify(run: EngineRun) {
    await this.enter('verify', run);
    const expected = this.store.rows.map(row =>
      JSON.stringify(evaluateMapping(run.mapping, row)),
    );
    const actual = this.state(run).shadow.map(row => JSON.stringify(row));
    const ok = JSON.stringify(expected) === JSON.stringify(actual);
    return {
      ok,
      sourceRows: expected.length,
      targetRows: actual.length,
      sourceChecksum: String(expected.length),
      targetChecksum: String(actual.length),
      columns: [],
      mismatches: ok
        ? []
        : [{ column: 'id', ranges: ['id 1..9'], message: 'id differs' }],
      contractChecks: [],
      seconds: 0,
    };
  }

  async cutOver(run: EngineRun): Promise<void> {
    await this.enter('cutOver', run);
    const state = this.state(run);
    if (state.sourceWrites !== this.store.writes) {
      throw new SourceChangedError('The source was written');
    }
    const { rows, version } = this.store;
    state.old = { rows, version };
    state.phase = 'cut-over';
    this.store.rows = state.shadow;
    this.store.version = run.toVersion;
  }

  async rollback(run: EngineRun): Promise<void> {
    await this.enter('rollback', run);
    const state = this.state(run);
    if (state.sourceWrites !== this.store.writes) {
      throw new ConflictError('The new version was written since');
    }
    this.store.rows = state.old!.rows;
    this.store.version = run.fromVersion;
    state.phase = 'rolled-back';
  }

  async retire(run: EngineRun): Promise<void> {
    await this.enter('retire', run);
    this.state(run).old = undefined;
    this.state(run).phase = 'retired';
  }

  async abandon(run: EngineRun): Promise<void> {
    await this.enter('abandon', run);
    this.store.runs.delete(run.migrationId);
  }

  async cleanUp(run: EngineRun): Promise<void> {
    await this.enter('cleanUp', run);
    this.state(run).old = undefined;
    this.state(run).phase = 'cleaned-up';
  }

  /** What every write does first: obey the signal, check the fence. */
  private async enter(method: string, run: EngineRun): Promise<void> {
    this.calls.push(method);
    await this.before?.(method, run);
    run.signal.throwIfAborted();
    if (run.fence < this.store.fence) {
      throw new FencedError(`${run.fence} is below ${this.store.fence}`);
    }
  }

  private state(run: EngineRun): RunState {
    const state = this.store.runs.get(run.migrationId);
    if (!state) {
      throw new ConflictError(`Run ${run.migrationId} was not prepared`);
    }
    return state;
  }
}

/** Two fields; version 2.0.0 renames one of them, which breaks its readers. */
export function contract(
  version: string,
  names: [string, string],
  classification?: string,
): Contract {
  const field = (name: string, id: string) => ({
    id,
    name,
    type: { kind: 'integer', bits: 64 } as const,
    required: true,
    unique: false,
    classification,
  });
  return {
    id: 'flights',
    version,
    status: version === '1.0.0' ? 'active' : 'proposed',
    schema: {
      name: 'flights',
      physicalName: 'flights',
      fields: [field(names[0], 'f1'), field(names[1], 'f2')],
    },
    servers: [],
  };
}
