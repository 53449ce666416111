import { ConflictError, InputError, NotAllowedError } from '@backstage/errors';
import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { FencedError, SourceChangedError } from '../../../engine/errors';
import {
  Engine,
  EnginePlan,
  EngineRun,
  LocateRequest,
  Location,
  RunPhase,
} from '../../../engine/types';
import { conformanceChunkRows, conformanceOwner } from '../types';
import { compare } from './compare';
import { Fault } from './faults';
import { holdAgainstContract } from './holdAgainstContract';
import { preflightRows } from './preflight';
import {
  ReferenceStore,
  StoredDataset,
  snapshotOf,
  StoredRun,
  turn,
} from './ReferenceStore';
import { mapRows, splitRows } from './rows';

/**
 * The smallest engine that passes the kit: rows in memory, one step for every
 * commit. With faults it is one of the engines that must not pass.
 */
export class ReferenceEngine implements Engine {
  readonly id = 'reference';
  readonly switchesTogether = true;
  readonly #lost = new Set<string>();

  /** @param step - called before and after every commit; throws to die there */
  constructor(
    private readonly store: ReferenceStore,
    private readonly faults: ReadonlySet<Fault> = new Set(),
    private readonly step: () => void = () => {},
  ) {}

  private has = (fault: Fault): boolean => this.faults.has(fault);

  async locate(request: LocateRequest): Promise<Location | undefined> {
    const { contract, entityRef, owner } = request;
    const { physicalName } = contract.schema;
    if (!contract.servers.some(({ type }) => type === 'reference')) {
      return undefined;
    }
    if (
      !/^[a-z0-9_]{1,63}$/.test(physicalName) &&
      !this.has('takes any name')
    ) {
      throw new InputError(`The name ${physicalName} is strange`);
    }
    if (owner !== conformanceOwner && !this.has('lets anybody use a dataset')) {
      throw new NotAllowedError(`${entityRef} may not use ${physicalName}`);
    }
    return {
      engine: this.id,
      connection: 'memory',
      key: this.has('gives every entity its own key')
        ? entityRef
        : `reference:${physicalName}`,
      display: `memory.${physicalName}`,
      detail: { name: physicalName },
    };
  }

  async inspect(location: Location) {
    const { live, recorded } = this.at(location);
    return {
      exists: true,
      recordedVersion: this.has('records no version') ? undefined : recorded,
      fields: live.fields.map(({ name, required }) => ({
        name,
        physicalType: 'any',
        nullable: !required,
      })),
    };
  }

  async plan(request: Parameters<Engine['plan']>[0]): Promise<EnginePlan> {
    const { live } = this.at(request.location);
    if (this.has('changes data while planning')) {
      live.rows = live.rows.slice(1);
    }
    const found = live.fields.map(({ name }) => name);
    const named = request.mapping.source.map(({ name }) => name);
    const odd = [...found, ...named].filter(
      name => found.includes(name) !== named.includes(name),
    );
    return {
      strategy: 'shadow-copy',
      notes: (request.mapping.setAside ?? []).map(
        ({ field }) => `Rows whose ${field} does not cast stay in memory.`,
      ),
      refusals: this.has('ignores what the source looks like')
        ? []
        : odd.map(name => `The field ${name} is only on one side`),
    };
  }

  async preflight(request: Parameters<Engine['preflight']>[0]) {
    const { rows } = this.at(request.location).live;
    const result = preflightRows(rows, request);
    if (this.has('refuses for what it sets aside')) {
      result.findings.forEach(finding => {
        finding.kind = 'cast-fails';
      });
    }
    return this.has('finds nothing in a preflight')
      ? { ...result, findings: [] }
      : result;
  }

  async preview(request: Parameters<Engine['preview']>[0]) {
    const { mapping, limit } = request;
    const { live } = this.at(request.location);
    const { mapped: rows } = splitRows(mapping, live.rows);
    const before = rows.slice(0, limit);
    const after = await mapRows(
      request,
      this.has('previews other rows') ? rows.slice(-limit) : before,
      'preview',
    );
    const asText = (value: unknown) => (value === null ? null : String(value));
    return {
      before: before.map(row =>
        mapping.source.map(({ name }) => asText(row[name])),
      ),
      after: after.map(row =>
        mapping.target.map(({ name }) => asText(row[name])),
      ),
    };
  }

  async fence(run: EngineRun): Promise<void> {
    await this.commit(run, dataset => {
      dataset.fence = Math.max(dataset.fence, run.fence);
    });
  }

  async phase(run: EngineRun): Promise<RunPhase> {
    return this.runOf(run)?.phase ?? 'none';
  }

  async prepare(run: EngineRun): Promise<void> {
    await this.commit(run, dataset => {
      const found = dataset.runs.get(run.migrationId);
      const usable =
        found &&
        (found.kept ||
          found.phase === 'cut-over' ||
          found.sourceWrites === dataset.live.writes);
      const again = this.has('starts over in every worker');
      if (usable && !(again && found.phase === 'prepared')) {
        return;
      }
      dataset.runs.set(run.migrationId, {
        phase: 'prepared',
        policy: run.policy,
        fromVersion: run.fromVersion,
        toVersion: run.toVersion,
        shadow: { fields: run.mapping.target, rows: [], writes: 0 },
        aside: run.mapping.setAside && [],
        rowsDone: 0,
        chunksDone: 0,
        sourceWrites: dataset.live.writes,
      });
    });
  }

  async copyChunk(run: EngineRun) {
    const before = this.requireRun(run, ['prepared', 'copied', 'cut-over']);
    const { live } = this.at(run.location);
    const size = this.has('copies everything at once')
      ? Infinity
      : conformanceChunkRows;
    const chunk =
      before.phase === 'prepared'
        ? live.rows.slice(before.rowsDone, before.rowsDone + size)
        : [];
    const end = before.rowsDone + chunk.length;
    this.requireFence(run, this.at(run.location));
    const split = splitRows(run.mapping, chunk);
    const mapped = await this.mapChunk(
      run,
      this.has('maps what it should set aside') ? chunk : split.mapped,
      String(before.rowsDone),
    );
    const aside = this.has('keeps nothing of what it sets aside')
      ? []
      : split.aside;
    if (this.has('writes rows and quarantine apart')) {
      await this.commit(run, () => this.runOf(run)!.aside?.push(...aside));
    }
    const losesThis =
      this.has('loses a chunk') &&
      before.chunksDone === 1 &&
      !this.#lost.has(run.migrationId);
    const rows = losesThis ? [] : mapped;
    this.#lost.add(losesThis ? run.migrationId : '');
    if (this.has('writes rows and checkpoint apart')) {
      await this.commit(run, () => this.runOf(run)!.shadow.rows.push(...rows));
    }
    return this.commit(run, dataset => {
      const stored = this.runOf(run)!;
      if (stored.phase === 'prepared') {
        this.requireUnchanged(dataset, stored);
        if (!this.has('writes rows and checkpoint apart')) {
          stored.shadow.rows.push(...rows);
        }
        if (!this.has('writes rows and quarantine apart')) {
          stored.aside?.push(...aside);
        }
        if (this.has('doubles a chunk') && before.chunksDone === 1) {
          stored.shadow.rows.push(...rows);
        }
        stored.rowsDone = end;
        stored.chunksDone += chunk.length > 0 ? 1 : 0;
        stored.phase = end >= live.rows.length ? 'copied' : 'prepared';
      } else if (this.has('goes on after the end')) {
        stored.rowsDone += 1;
      }
      return {
        done: stored.phase !== 'prepared',
        rows: chunk.length,
        rowsDone: stored.rowsDone,
        chunksDone: stored.chunksDone,
      };
    });
  }

  async catchUp() {
    return { changes: 0, changesWaiting: 0 };
  }

  async verify(run: EngineRun) {
    this.throwIfAborted(run);
    const stored = this.requireRun(run, ['copied']);
    const dataset = this.at(run.location);
    this.requireUnchanged(dataset, stored);
    const expected = [];
    for (
      let at = 0;
      at < dataset.live.rows.length;
      at += conformanceChunkRows
    ) {
      const chunk = dataset.live.rows.slice(at, at + conformanceChunkRows);
      const { mapped } = splitRows(run.mapping, chunk);
      expected.push(...(await this.mapChunk(run, mapped, String(at))));
    }
    const { target } = run.mapping;
    const report = compare(expected, stored.shadow.rows, target, this.has);
    const contractChecks = await holdAgainstContract(
      run.targetContract,
      this.has('ignores what the contract says') ? [] : stored.shadow.rows,
    );
    return this.withAside(run, stored, {
      ...report,
      ok:
        report.ok &&
        contractChecks.every(
          ({ ok, rule }) =>
            ok || (rule === 'required' && this.has('ignores required fields')),
        ),
      contractChecks,
    });
  }

  async cutOver(run: EngineRun): Promise<void> {
    const over: RunPhase[] = ['cut-over', 'retired'];
    const stored = this.requireRun(
      run,
      this.has('switches to an incomplete copy')
        ? ['prepared', 'copied', ...over]
        : ['copied', ...over],
    );
    if (over.includes(stored.phase)) {
      return;
    }
    const dataset = this.at(run.location);
    if (run.policy === 'switch') {
      await this.disturbReaders(dataset, stored);
    }
    if (this.has('switches and records apart') && run.policy === 'switch') {
      await this.commit(run, () => {
        dataset.live = stored.shadow;
      });
    }
    await this.commitAll(run, (one, target) => this.switchOne(one, target));
  }

  private switchOne(run: EngineRun, dataset: StoredDataset): void {
    const stored = this.requireRun(
      run,
      this.has('switches to an incomplete copy')
        ? ['prepared', 'copied']
        : ['copied'],
    );
    this.requireUnchanged(dataset, stored);
    stored.recordedBefore = dataset.recorded;
    if (run.policy === 'switch') {
      stored.kept = dataset.live;
      dataset.live = stored.shadow;
    } else if (this.has('drops the old version when publishing')) {
      dataset.live = stored.shadow;
    }
    stored.phase = 'cut-over';
    dataset.recorded = run.toVersion;
    dataset.inForce = run.migrationId;
  }

  async rollback(given: EngineRun): Promise<void> {
    await this.commitAll(given, (run, dataset) => {
      const stored = this.requireRun(run, ['cut-over', 'rolled-back']);
      if (stored.phase === 'rolled-back') {
        return;
      }
      if (
        dataset.inForce !== run.migrationId &&
        !this.has('rolls back an earlier migration')
      ) {
        throw new ConflictError('The dataset has been migrated again since');
      }
      if (stored.shadow.writes > 0 && !this.has('rolls back over writes')) {
        throw new ConflictError('The new version was written since');
      }
      if (
        stored.sourceWrites !== dataset.live.writes &&
        this.has('rolls back no old version that was written')
      ) {
        throw new ConflictError('The old version was written since');
      }
      if (!this.has('rolls back to the new version')) {
        dataset.live = stored.kept ?? dataset.live;
      }
      stored.kept = undefined;
      if (!this.has('keeps a quarantine that came back')) {
        stored.aside = undefined;
      }
      stored.phase = 'rolled-back';
      dataset.recorded = stored.recordedBefore;
    });
  }

  async retire(given: EngineRun): Promise<void> {
    await this.commitAll(given, (run, dataset) => {
      const stored = this.requireRun(run, ['cut-over', 'retired']);
      if (stored.phase === 'retired') {
        return;
      }
      const changed = stored.sourceWrites !== dataset.live.writes;
      if (changed && !this.has('retires over writes')) {
        throw new ConflictError('The old version was written since');
      }
      if (!this.has('forgets to retire')) {
        dataset.live = stored.shadow;
        stored.phase = 'retired';
      }
    });
  }

  async abandon(run: EngineRun): Promise<void> {
    await this.commit(run, dataset => {
      const phase = this.runOf(run)?.phase;
      if (phase === 'cut-over' || phase === 'retired') {
        throw new ConflictError('The run is switched already');
      }
      if (!this.has('leaves the shadow')) {
        dataset.runs.delete(run.migrationId);
      }
    });
  }

  async cleanUp(run: EngineRun): Promise<void> {
    await this.commit(run, dataset => {
      const stored = this.requireRun(run, [
        'cut-over',
        'retired',
        'cleaned-up',
      ]);
      if (stored.phase === 'cut-over' && stored.policy === 'coexist') {
        throw new ConflictError('Retire the old version first');
      }
      if (this.has('cleans up the live data')) {
        dataset.live.rows = [];
      }
      stored.phase = 'cleaned-up';
      if (this.has('cleans up the quarantine')) {
        stored.aside = undefined;
      }
      if (!this.has('forgets to clean up')) {
        stored.kept = undefined;
      }
    });
  }

  /** The whole of a transaction: checks the fence and does its work at once. */
  private async commit<T>(
    run: EngineRun,
    work: (dataset: StoredDataset) => T,
  ): Promise<T> {
    this.throwIfAborted(run);
    const dataset = this.at(run.location);
    this.step();
    await turn();
    this.throwIfAborted(run);
    if (!this.has('checks the fence too early')) {
      this.requireFence(run, dataset);
    }
    const result = work(dataset);
    this.step();
    return result;
  }

  /** The same for all runs that belong together: all of the work, or none. */
  private async commitAll(
    run: EngineRun,
    work: (run: EngineRun, dataset: StoredDataset) => void,
  ): Promise<void> {
    const others = this.has('switches the first object only')
      ? []
      : run.together ?? [];
    if (this.has('switches one object after the other')) {
      for (const one of [run, ...others]) {
        await this.commit(one, dataset => work(one, dataset));
      }
      return;
    }
    await this.commit(run, () => {
      const all = [run, ...others].map(one => ({
        one,
        dataset: this.at(one.location),
      }));
      if (!this.has('checks the fence of the first object only')) {
        all.forEach(({ one, dataset }) => this.requireFence(one, dataset));
      }
      const before = all.map(({ dataset }) => snapshotOf(dataset));
      try {
        all.forEach(({ one, dataset }) => work(one, dataset));
      } catch (error) {
        all.forEach(({ dataset }, index) =>
          Object.assign(dataset, before[index]),
        );
        throw error;
      }
    });
  }

  private requireFence(run: EngineRun, dataset: StoredDataset): void {
    if (dataset.fence > run.fence && !this.has('forgets the fence')) {
      throw new FencedError('Another worker took over');
    }
  }

  private requireUnchanged(dataset: StoredDataset, stored: StoredRun): void {
    if (
      dataset.live.writes !== stored.sourceWrites &&
      !this.has('overlooks writes')
    ) {
      throw new SourceChangedError('The source was written');
    }
  }

  private async mapChunk(
    run: EngineRun,
    rows: StoredDataset['live']['rows'],
    checkpoint: string,
  ) {
    const signal = this.has('waits for hanging agents')
      ? new AbortController().signal
      : run.signal;
    if (this.has('swallows rows that cannot be cast')) {
      const mapped = await Promise.all(
        rows.map(row =>
          mapRows({ ...run, signal }, [row], checkpoint, this.has).catch(
            () => [],
          ),
        ),
      );
      return mapped.flat();
    }
    return mapRows({ ...run, signal }, rows, checkpoint, this.has);
  }

  private withAside(
    { mapping, location }: EngineRun,
    stored: StoredRun,
    report: VerificationReport,
  ): VerificationReport {
    if (!mapping.setAside) {
      return report;
    }
    const { aside } = splitRows(mapping, this.at(location).live.rows);
    const kept = stored.aside ?? [];
    const found = compare(aside, kept, mapping.source, this.has);
    return {
      ...report,
      ok: report.ok && (found.ok || this.has('verifies no quarantine')),
      setAside: {
        place: 'memory',
        sourceRows: found.sourceRows,
        keptRows: found.targetRows,
        sourceChecksum: found.sourceChecksum,
        keptChecksum: found.targetChecksum,
        fields: mapping.setAside.map(({ field }) => ({
          name: field,
          rows: kept.length,
        })),
      },
    };
  }

  private async disturbReaders(dataset: StoredDataset, { shadow }: StoredRun) {
    const { live } = dataset;
    if (this.has('leaves a gap')) {
      dataset.live = { ...live, rows: [] };
      await turn();
      await turn();
      dataset.live = live;
    }
    if (this.has('mixes versions')) {
      const middle = Math.floor(live.rows.length / 2);
      dataset.live = {
        ...live,
        rows: [...shadow.rows.slice(0, middle), ...live.rows.slice(middle)],
      };
      await turn();
      await turn();
      dataset.live = live;
    }
  }

  private throwIfAborted({ signal }: EngineRun): void {
    if (!this.has('ignores cancel')) {
      signal.throwIfAborted();
    }
  }

  private at(location: Location): StoredDataset {
    return this.store.dataset(location.detail.name as string);
  }

  private runOf({ location, migrationId }: EngineRun): StoredRun | undefined {
    return this.at(location).runs.get(migrationId);
  }

  private requireRun(run: EngineRun, phases: RunPhase[]): StoredRun {
    const found = this.runOf(run);
    if (!found || !phases.includes(found.phase)) {
      throw new ConflictError(
        `The migration is ${found?.phase ?? 'not prepared'}`,
      );
    }
    return found;
  }
}
