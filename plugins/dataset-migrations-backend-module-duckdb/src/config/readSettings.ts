import path from 'path';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { defaultTempBase } from '@skein/backstage-plugin-dataset-migrations-node';
import { normalisePath } from '../places/normalisePath';
import { ChecksumBits } from '../verification/digests';

/** A part of a root and who may use it. */
export interface Binding {
  /** Segments below the root; empty for the whole root. */
  prefix: string[];
  /** Lower-case entity refs. */
  entities: string[];
  owners: string[];
}

/** A folder of the operator's that datasets may lie in. */
export interface Root {
  name: string;
  path: string;
  bindings: Binding[];
}

/** `datasetMigrations.engines.duckdb`, read and checked. */
export interface Settings {
  roots: Root[];
  memoryLimit: string;
  threads: number;
  processes: number;
  chunkRows: number;
  checksumBits: ChecksumBits;
  tempDirectory: string;
}

/** Where the engine's configuration is. */
export const KEY = 'datasetMigrations.engines.duckdb';

/**
 * @param config - the whole configuration of the backend
 * @returns undefined when the engine is not configured
 * @throws InputError naming the key and the value that cannot be used
 */
export function readSettings(config: Config): Settings | undefined {
  const own = config.getOptionalConfig(KEY);
  if (!own) {
    return undefined;
  }
  const roots = own.getConfigArray('roots').map(readRoot);
  const names = roots.map(root => root.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InputError(`${KEY}.roots has two roots named '${twice}'`);
  }
  return {
    roots,
    memoryLimit: readMemoryLimit(own),
    threads: readCount(own, 'threads', 2),
    processes: readCount(own, 'processes', 2),
    chunkRows: readCount(own, 'chunkRows', 1_000_000),
    checksumBits: readChecksumBits(own),
    tempDirectory:
      own.getOptionalString('tempDirectory') ?? defaultTempBase('skein-duckdb'),
  };
}

function readRoot(config: Config): Root {
  const name = config.getString('name');
  const root = config.getString('path');
  if (!path.isAbsolute(root)) {
    throw new InputError(
      `${KEY}.roots[${name}].path must be absolute, it is '${root}'`,
    );
  }
  return {
    name,
    path: path.resolve(root),
    bindings: config
      .getConfigArray('bindings')
      .map(binding => readBinding(name, binding)),
  };
}

function readBinding(root: string, config: Config): Binding {
  const prefix = config.getString('prefix');
  const refs = (key: string) =>
    (config.getOptionalStringArray(key) ?? []).map(ref =>
      ref.toLocaleLowerCase('en-US'),
    );
  const binding = {
    prefix: prefix === '.' || prefix === '' ? [] : normalisePath(prefix),
    entities: refs('entities'),
    owners: refs('owners'),
  };
  if (binding.entities.length + binding.owners.length === 0) {
    throw new InputError(
      `${KEY}.roots[${root}]: the binding of prefix '${prefix}' names neither entities nor owners`,
    );
  }
  return binding;
}

function readMemoryLimit(config: Config): string {
  const limit = config.getOptionalString('memoryLimit') ?? '256MB';
  if (!/^\d+(\.\d+)?\s?([KMGT]i?B)$/.test(limit)) {
    throw new InputError(
      `${KEY}.memoryLimit must be a size such as '256MB', it is '${limit}'`,
    );
  }
  return limit;
}

function readCount(config: Config, key: string, fallback: number): number {
  const value = config.getOptionalNumber(key) ?? fallback;
  if (!Number.isInteger(value) || value < 1) {
    throw new InputError(
      `${KEY}.${key} must be a whole number above 0, it is ${value}`,
    );
  }
  return value;
}

function readChecksumBits(config: Config): ChecksumBits {
  const bits = config.getOptionalNumber('checksumBits') ?? 64;
  if (bits !== 64 && bits !== 128) {
    throw new InputError(
      `${KEY}.checksumBits must be 64 or 128, it is ${bits}`,
    );
  }
  return bits;
}
