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

const FLIGHTS = 'flights';

export const memoryLocation = locationOf(FLIGHTS);

/** Where the engine has an object of that name. */
export function locationOf(name: string): Location {
  return {
    engine: 'memory',
    connection: 'test',
    key: `memory:${name}`,
    display: `test.${name}`,
    detail: { name },
  };
}

/**
 * An engine whose world is a variable: what the pipeline is tested with where
 * the data do not matter. It outlives the workers of a test as a database does.
 */
export class MemoryEngine implements Engine {
  readonly id = 'memory';
  switchesTogether?: true | string = true;
  private readonly stores = new Map<string, MemoryStore>();
  /** Every call that took a run, in order. */
  readonly calls: string[] = [];
  /** Called before a method works; may wait, or throw. */
  before?: (method: string, run?: EngineRun) => Promise<void> | void;
  /** What follows a switch; called again where a run has switched already. */
  afterSwitch?: (run: EngineRun) => Promise<void>;
  /** Called while a chunk is copied, with the way to tell how far that got. */
  amidChunk?: (report: (progress: ChunkResult) => void) => Promise<void>;
  findings: PreflightFinding[] = [];
  /** Gives samples of values whether any were asked for or not. */
  talkative = false;
  refusals: string[] = [];

  constructor(private readonly chunkRows: number) {}

  /** Where most tests have their rows. */
  get store(): MemoryStore {
    return this.at(memoryLocation);
  }

  /** What is at a location of {@link locationOf}; nothing before the first write. */
  at({ detail }: Location): MemoryStore {
    const name = String(detail.name ?? FLIGHTS);
    let found = this.stores.get(name);
    if (!found) {
      found = { rows: [], fence: 0, writes: 0, runs: new Map() };
      this.stores.set(name, found);
    }
    return found;
  }

  /** The application writes. */
  write(change: (rows: Row[]) => Row[], location = memoryLocation): void {
    const store = this.at(location);
    store.rows = change(store.rows);
    store.writes += 1;
  }

  async locate(_request: LocateRequest): Promise<Location> {
    return memoryLocation;
  }

  async inspect(location: Location): Promise<Inspection> {
    const { version, rows } = this.at(location);
    return {
      exists: true,
      recordedVersion: version,
      fields: [],
      rows: rows.length,
    };
  }

  async plan({ policy, location }: { policy: Policy; location: Location }) {
    return {
      strategy: 'shadow-copy' as const,
      rows: this.at(location).rows.length,
      notes: [`Planned for ${policy}`],
      refusals: this.refusals,
    };
  }

  async preflight(request: {
    location: Location;
    samples: number;
    signal: AbortSignal;
  }) {
    await this.before?.('preflight');
    request.signal.throwIfAborted();
    return {
      rowsScanned: this.at(request.location).rows.length,
      findings: this.findings.map(({ samples, ...finding }) => ({
        ...finding,
        ...((this.talkative || request.samples > 0) && { samples }),
      })),
    };
  }

  async preview(request: {
    location: Location;
    mapping: Mapping;
    limit: number;
  }) {
    const { location, mapping, limit } = request;
    const rows = this.at(location).rows.slice(0, limit);
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
    this.storeOf(run).fence = run.fence;
  }

  async phase(run: EngineRun): Promise<RunPhase> {
    return this.storeOf(run).runs.get(run.migrationId)?.phase ?? 'none';
  }

  async prepare(run: EngineRun): Promise<void> {
    await this.enter('prepare', run);
    if (!this.storeOf(run).runs.has(run.migrationId)) {
      this.storeOf(run).runs.set(run.migrationId, {
        phase: 'prepared',
        shadow: [],
        sourceWrites: this.storeOf(run).writes,
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
    const rows = this.storeOf(run)
      .rows.slice(from, from + this.chunkRows)
      .map(row => evaluateMapping(run.mapping, row));
    state.shadow.push(...rows);
    const done = state.shadow.length >= this.storeOf(run).rows.length;
    state.phase = done ? 'copied' : 'prepared';
    return {
      done,
      rows: rows.length,
      rowsDone: state.shadow.length,
      rowsTotal: this.storeOf(run).rows.length,
      chunksDone: Math.ceil(state.shadow.length / this.chunkRows),
      chunksTotal: Math.ceil(this.storeOf(run).rows.length / this.chunkRows),
    };
  }

  async catchUp(run: EngineRun) {
    await this.enter('catchUp', run);
    return { changes: 0, changesWaiting: 0 };
  }

  async verify(run: EngineRun) {
    await this.enter('verify', run);
    const expected = this.storeOf(run).rows.map(row =>
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

  async cutOver(given: EngineRun): Promise<void> {
    await this.enter('cutOver', given);
    const runs = this.runsOf(given);
    if (!this.are(runs, 'cut-over')) {
      this.switchTo(runs);
    }
    await this.afterSwitch?.(given);
  }

  async rollback(given: EngineRun): Promise<void> {
    await this.enter('rollback', given);
    const runs = this.runsOf(given);
    if (this.are(runs, 'rolled-back')) {
      return;
    }
    if (
      runs.some(
        run => this.state(run).sourceWrites !== this.storeOf(run).writes,
      )
    ) {
      throw new ConflictError('The new version was written since');
    }
    for (const run of runs) {
      const [state, store] = [this.state(run), this.storeOf(run)];
      store.rows = state.old!.rows;
      store.version = run.fromVersion;
      state.phase = 'rolled-back';
    }
  }

  async retire(given: EngineRun): Promise<void> {
    await this.enter('retire', given);
    for (const run of this.runsOf(given)) {
      this.state(run).old = undefined;
      this.state(run).phase = 'retired';
    }
  }

  async abandon(run: EngineRun): Promise<void> {
    await this.enter('abandon', run);
    this.storeOf(run).runs.delete(run.migrationId);
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
    const { fence } = this.storeOf(run);
    if (run.fence < fence) {
      throw new FencedError(`${run.fence} is below ${fence}`);
    }
  }

  private switchTo(runs: EngineRun[]): void {
    if (
      runs.some(
        run => this.state(run).sourceWrites !== this.storeOf(run).writes,
      )
    ) {
      throw new SourceChangedError('The source was written');
    }
    for (const run of runs) {
      const [state, store] = [this.state(run), this.storeOf(run)];
      state.old = { rows: store.rows, version: store.version };
      state.phase = 'cut-over';
      store.rows = state.shadow;
      store.version = run.toVersion;
    }
  }

  private storeOf({ location }: EngineRun): MemoryStore {
    return this.at(location);
  }

  private runsOf(run: EngineRun): EngineRun[] {
    return [run, ...(run.together ?? [])];
  }

  private are(runs: EngineRun[], phase: RunPhase): boolean {
    return runs.every(run => this.state(run).phase === phase);
  }

  private state(run: EngineRun): RunState {
    const state = this.storeOf(run).runs.get(run.migrationId);
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
