import { LoggerService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import {
  Engine,
  EnginePlan,
  EnginePreflight,
  EngineRun,
  LocateRequest,
  Location,
  PreviewRows,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { PostgresSettings } from './config';
import { Session } from './connection/Session';
import { PoolMaker, Warehouse } from './connection/Warehouse';
import { StatementTimeout, withinTimeout } from './connection/withinTimeout';
import { writeFence } from './control/fences';
import { readRun } from './control/runs';
import { inspect } from './inspect';
import { ENGINE_ID, locate } from './locate';
import { planTable } from './plan/planTable';
import { preflight } from './preflight';
import { preview, steadyOrder } from './preview';
import {
  contextOf,
  limitsOf,
  placeOf,
  RunContext,
  warehouseOf,
} from './RunContext';
import { abandon } from './steps/abandon';
import { catchUp } from './steps/catchUp';
import { cleanUp } from './steps/cleanUp';
import { copyChunk } from './steps/copyChunk';
import { cutOver } from './steps/cutOver';
import { prepare } from './steps/prepare';
import { retire } from './steps/retire';
import { rollback } from './steps/rollback';
import { readTable } from './table/readTable';
import { TableDefinition } from './table/TableDefinition';
import { verify } from './verify/verify';

/** The engine for PostgreSQL tables: one file per call, put together here. */
export class PostgresEngine implements Engine {
  readonly id = ENGINE_ID;
  readonly switchesTogether = true;
  readonly #settings: PostgresSettings;
  readonly #warehouses: ReadonlyMap<string, Warehouse>;

  constructor(
    settings: PostgresSettings,
    options: { logger: LoggerService; makePool?: PoolMaker },
  ) {
    this.#settings = settings;
    this.#warehouses = new Map(
      settings.connections.map(({ name, connection, bindings, ...limits }) => [
        name,
        new Warehouse(name, connection, { ...options, ...limits }),
      ]),
    );
  }

  async locate(request: LocateRequest) {
    return locate(this.#settings.connections, request);
  }

  async inspect(location: Location) {
    return this.#show(location, 'The inspection', {}, session =>
      inspect(session, placeOf(location)),
    );
  }

  async plan(request: Parameters<Engine['plan']>[0]): Promise<EnginePlan> {
    const { location } = request;
    const { table, layout, ...plan } = await this.#show(
      location,
      'The plan',
      {},
      session =>
        planTable(session, {
          ...request,
          place: placeOf(location),
          display: location.display,
          chunkRows: this.#settings.chunkRows,
          maxDatabaseBytes: limitsOf(this.#settings, location).maxDatabaseBytes,
        }),
    );
    return plan;
  }

  async preflight(
    request: Parameters<Engine['preflight']>[0],
  ): Promise<EnginePreflight> {
    const { location, mapping, samples, signal } = request;
    const timeout = {
      what: `The preflight of ${location.display}`,
      seconds: this.#settings.preflightTimeoutSeconds,
      setting: 'preflightTimeoutSeconds',
    };
    return this.#read(location, timeout, { signal }, async session => {
      const { columns } = await requireTable(session, location);
      const place = placeOf(location);
      return preflight(session, { place, mapping, columns, samples });
    });
  }

  async preview(
    request: Parameters<Engine['preview']>[0],
  ): Promise<PreviewRows> {
    const { location, signal } = request;
    return this.#show(
      location,
      'The preview',
      { signal, settings: steadyOrder },
      async session => {
        const { columns } = await requireTable(session, location);
        return preview(session, {
          ...request,
          place: placeOf(location),
          columns,
        });
      },
    );
  }

  async fence(run: EngineRun) {
    await writeFence(this.#context(run));
  }

  async phase(run: EngineRun) {
    const stored = await readRun(this.#context(run).warehouse, run.migrationId);
    return stored?.phase ?? 'none';
  }

  async prepare(run: EngineRun) {
    await prepare(this.#context(run));
  }

  async copyChunk(run: EngineRun) {
    return copyChunk(this.#context(run));
  }

  async catchUp(run: EngineRun) {
    return catchUp(this.#context(run));
  }

  async verify(run: EngineRun) {
    return verify(this.#context(run));
  }

  async cutOver(run: EngineRun) {
    await cutOver(this.#context(run));
  }

  async rollback(run: EngineRun) {
    await rollback(this.#context(run));
  }

  async retire(run: EngineRun) {
    await retire(this.#context(run));
  }

  async abandon(run: EngineRun) {
    await abandon(this.#context(run));
  }

  async cleanUp(run: EngineRun) {
    await cleanUp(this.#context(run));
  }

  /** Closes all connections; no call may follow. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#warehouses.values()].map(warehouse => warehouse.close()),
    );
  }

  #context(run: EngineRun): RunContext {
    return contextOf(run, this.#settings, this.#warehouses);
  }

  /** Reads what a person waits for. */
  #show<T>(
    location: Location,
    what: string,
    options: ReadOptions,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const timeout = {
      what: `${what} of ${location.display}`,
      seconds: this.#settings.previewTimeoutSeconds,
      setting: 'previewTimeoutSeconds',
    };
    return this.#read(location, timeout, options, work);
  }

  #read<T>(
    location: Location,
    timeout: StatementTimeout,
    options: ReadOptions,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const warehouse = warehouseOf(this.#warehouses, location);
    return withinTimeout(
      timeout,
      { ...options, isolation: 'repeatable read', readOnly: true },
      bounded => warehouse.transaction(bounded, work),
    );
  }
}

interface ReadOptions {
  signal?: AbortSignal;
  settings?: Record<string, string>;
}

async function requireTable(
  session: Session,
  location: Location,
): Promise<TableDefinition> {
  const table = await readTable(session, placeOf(location));
  if (!table) {
    throw new NotFoundError(`There is no table ${location.display}`);
  }
  return table;
}
