import { createHash } from 'crypto';
import { NotFoundError } from '@backstage/errors';
import {
  EngineRun,
  Location,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { ConnectionSettings, PostgresSettings } from './config';
import { Warehouse } from './connection/Warehouse';
import { qualified } from './connection/sql';

/** Schema and name of a table. */
export interface Place {
  schema: string;
  table: string;
}

/** What the parts of a run are called in the database. */
export interface RunNames {
  /** Short name of the run, safe in identifiers. */
  id: string;
  /** Schema in which the new version is made, under its final names. */
  next: string;
  /** Schema in which the old version is kept. */
  old: string;
}

/** What every call for a run needs: where it is, and what its parts are called. */
export interface RunContext extends RunNames {
  run: EngineRun;
  settings: PostgresSettings;
  /** What the operator says of the run's connection. */
  limits: ConnectionSettings;
  warehouse: Warehouse;
  place: Place;
  /** Quoted name of the live table; also the key of its fence and its version. */
  live: string;
  /** Quoted name of the table while it is in the schema `next`. */
  shadow: string;
  /** Quoted name of the table while it is in the schema `old`. */
  kept: string;
  /** The runs that are switched in the same transaction. */
  together: RunContext[];
}

/** @throws NotFoundError when the operator took the connection away */
export function warehouseOf(
  warehouses: ReadonlyMap<string, Warehouse>,
  location: Location,
): Warehouse {
  const warehouse = warehouses.get(location.connection);
  if (!warehouse) {
    throw noConnection(location);
  }
  return warehouse;
}

/** @throws NotFoundError when the operator took the connection away */
export function limitsOf(
  { connections }: PostgresSettings,
  location: Location,
): ConnectionSettings {
  const found = connections.find(({ name }) => name === location.connection);
  if (!found) {
    throw noConnection(location);
  }
  return found;
}

function noConnection({ display, connection }: Location): NotFoundError {
  return new NotFoundError(
    `${display}: there is no connection named ${connection} any more`,
  );
}

/** The table of a location that {@link locate} made. */
export function placeOf(location: Location): Place {
  const { schema, table } = location.detail as { [key: string]: string };
  return { schema, table };
}

/** Puts together what is known of a run before its database is asked. */
export function contextOf(
  run: EngineRun,
  settings: PostgresSettings,
  warehouses: ReadonlyMap<string, Warehouse>,
): RunContext {
  const names = namesOf(run.migrationId);
  return {
    ...names,
    run,
    settings,
    limits: limitsOf(settings, run.location),
    warehouse: warehouseOf(warehouses, run.location),
    ...namesOfTable(names, placeOf(run.location)),
    together: (run.together ?? []).map(other =>
      contextOf(other, settings, warehouses),
    ),
  };
}

/** The same for a partition of the table, as if it were the table. */
export function contextOfPartition(
  context: RunContext,
  { schema, table }: Place,
): RunContext {
  return { ...context, ...namesOfTable(context, { schema, table }) };
}

function namesOfTable(
  { next, old }: RunNames,
  place: Place,
): Pick<RunContext, 'place' | 'live' | 'shadow' | 'kept'> {
  const { table } = place;
  return {
    place,
    live: qualified(place),
    shadow: qualified({ schema: next, table }),
    kept: qualified({ schema: old, table }),
  };
}

/** The names of any migration's parts; ids are hashed, as they may be long. */
export function namesOf(migrationId: string): RunNames {
  const id = shortHash(migrationId);
  return { id, next: `skein_${id}_next`, old: `skein_${id}_old` };
}

/** 12 hexadecimal digits that stand for any text in identifiers. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
