import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { ConnectionOptions } from 'tls';
import { PoolConfig } from 'pg';
import { CONTROL_CONNECTIONS } from './connection/Warehouse';
import { ChecksumBits } from './verify/digest';
import { defaultLimits, ThrottleLimits } from './throttle/Limits';

const ROOT = 'datasetMigrations.engines.postgres';

/** Who may use which tables; see `config.d.ts`. */
export interface Binding {
  schema: string;
  tables: string[];
  entities: string[];
  owners: string[];
}

/** One database of the operator's. */
export interface ConnectionSettings {
  name: string;
  connection: PoolConfig;
  /** The one included from which statements are cancelled. */
  maxConnections: number;
  connectTimeoutSeconds: number;
  /** Whether statements that come again are kept by the server. */
  preparedStatements: boolean;
  /** Connections that copy side by side. */
  lanes: number;
  throttle: ThrottleLimits;
  /** What the database may take up on disk, the copy included. */
  maxDatabaseBytes?: number;
  bindings: Binding[];
}

/** The engine's part of the configuration, checked and with its defaults. */
export interface PostgresSettings {
  connections: ConnectionSettings[];
  chunkRows: number;
  /** What a chunk is to take; the next one is made as large as fits. */
  chunkSeconds: number;
  checksumBits: ChecksumBits;
  agentBatchRows: number;
  /** How long a switch waits for those who read by an older snapshot; 0: not. */
  oldSnapshotSeconds: number;
  /** What one statement may take that a person waits for. */
  previewTimeoutSeconds: number;
  /** What one statement of a preflight may take. */
  preflightTimeoutSeconds: number;
}

/**
 * Reads `datasetMigrations.engines.postgres` of the root configuration.
 *
 * @throws InputError naming the key whose value cannot be used
 */
export function readPostgresSettings(root: Config): PostgresSettings {
  const config = root.getOptionalConfig(ROOT);
  const connections = (config?.getOptionalConfigArray('connections') ?? []).map(
    readConnection,
  );
  const names = connections.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) {
    throw new InputError(`${ROOT}.connections has two entries named ${twice}`);
  }
  return {
    connections,
    chunkRows: atLeast(1, config, 'chunkRows') ?? 100_000,
    chunkSeconds: above(0, config, 'chunkSeconds') ?? 1,
    checksumBits: readChecksumBits(config),
    agentBatchRows: atLeast(1, config, 'agentBatchRows') ?? 5_000,
    oldSnapshotSeconds: atLeast(0, config, 'oldSnapshotSeconds') ?? 300,
    previewTimeoutSeconds: above(0, config, 'previewTimeoutSeconds') ?? 30,
    preflightTimeoutSeconds:
      above(0, config, 'preflightTimeoutSeconds') ?? 3_600,
  };
}

function readChecksumBits(config?: Config): ChecksumBits {
  const bits = config?.getOptionalNumber('checksumBits') ?? 64;
  if (bits !== 64 && bits !== 128) {
    throw new InputError(
      `${ROOT}: checksumBits must be 64 or 128, not ${bits}`,
    );
  }
  return bits;
}

function readConnection(config: Config): ConnectionSettings {
  const name = config.getString('name');
  const bindings = config.getConfigArray('bindings').map(readBinding);
  const nobody = bindings.findIndex(
    ({ entities, owners }) => entities.length + owners.length === 0,
  );
  if (nobody >= 0) {
    throw new InputError(
      `${ROOT}.connections[${name}].bindings[${nobody}] names neither entities nor owners, so nobody may use it`,
    );
  }
  const maxConnections = atLeast(3, config, 'maxConnections') ?? 5;
  return {
    name,
    connection: readDriverSettings(config),
    maxConnections,
    lanes: readLanes(config, name, maxConnections),
    throttle: readLimits(config.getOptionalConfig('throttle')),
    maxDatabaseBytes: atLeast(1, config, 'maxDatabaseBytes'),
    connectTimeoutSeconds: atLeast(1, config, 'connectTimeoutSeconds') ?? 10,
    preparedStatements: config.getOptionalBoolean('preparedStatements') ?? true,
    bindings,
  };
}

/**
 * One connection is left for what is asked beside the copying, and the one from
 * which statements are cancelled.
 */
function readLanes(
  config: Config,
  name: string,
  maxConnections: number,
): number {
  const lanes = atLeast(1, config, 'lanes');
  const most = maxConnections - CONTROL_CONNECTIONS - 1;
  if (lanes !== undefined && lanes > most) {
    throw new InputError(
      `${ROOT}.connections[${name}]: lanes must be at most ${most}, two less than maxConnections, not ${lanes}`,
    );
  }
  return lanes ?? Math.min(2, most);
}

function readLimits(config: Config | undefined): ThrottleLimits {
  return {
    replicationLagSeconds:
      above(0, config, 'replicationLagSeconds') ??
      defaultLimits.replicationLagSeconds,
    lockWaiters: atLeast(0, config, 'lockWaiters') ?? defaultLimits.lockWaiters,
    activeSessions: atLeast(1, config, 'activeSessions'),
  };
}

function readBinding(config: Config): Binding {
  return {
    schema: config.getString('schema'),
    tables: config.getOptionalStringArray('tables') ?? ['*'],
    entities: config.getOptionalStringArray('entities') ?? [],
    owners: config.getOptionalStringArray('owners') ?? [],
  };
}

function readDriverSettings(config: Config): PoolConfig {
  if (typeof config.get('connection') === 'string') {
    return { connectionString: config.getString('connection') };
  }
  const parts = config.getConfig('connection');
  return {
    host: parts.getOptionalString('host'),
    port: parts.getOptionalNumber('port'),
    user: parts.getOptionalString('user'),
    password: parts.getOptionalString('password'),
    database: parts.getOptionalString('database'),
    ssl: parts.getOptional<boolean | ConnectionOptions>('ssl'),
  };
}

function atLeast(
  minimum: number,
  config: Config | undefined,
  key: string,
): number | undefined {
  const value = config?.getOptionalNumber(key);
  if (value !== undefined && !(Number.isInteger(value) && value >= minimum)) {
    throw new InputError(
      `${ROOT}: ${key} must be a whole number of at least ${minimum}, not ${value}`,
    );
  }
  return value;
}

function above(
  bound: number,
  config: Config | undefined,
  key: string,
): number | undefined {
  const value = config?.getOptionalNumber(key);
  if (value !== undefined && !(value > bound)) {
    throw new InputError(
      `${ROOT}: ${key} must be a number above ${bound}, not ${value}`,
    );
  }
  return value;
}
