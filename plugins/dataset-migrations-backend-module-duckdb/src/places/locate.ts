import path from 'path';
import { InputError, assertError } from '@backstage/errors';
import {
  Contract,
  ContractServer,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  LocateRequest,
  Location,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { dialectOf } from '../formats/csvDialect';
import { Root } from '../config/readSettings';
import { assertBound } from './bindings';
import { formatByName, formatBySpelling, formatNames } from './fileFormats';
import { isPattern, segmentMatcher } from './glob';
import { normalisePath } from './normalisePath';
import { FormatName, PlaceObject } from './Place';
import { entryKind, realPathBelow } from './realPaths';

export const ENGINE_ID = 'duckdb';

const SERVER_TYPES = ['local', 'file', 'duckdb'];

/** Stands for the object's name in a path, as in other tools for contracts. */
const MODEL = '{model}';

/**
 * Resolves a contract's server through the operator's roots and bindings, and
 * by nothing else (G11).
 *
 * @returns undefined when no server of the contract names one of our roots
 * @throws NotAllowedError when the place is not given to the dataset or leads
 *   out of the root; InputError when it is named badly
 */
export async function locate(
  roots: Root[],
  request: LocateRequest,
): Promise<Location | undefined> {
  const found = findServer(roots, request);
  if (!found) {
    return undefined;
  }
  const { root, server } = found;
  const segments = pathOf(server, request);
  const firstPattern = segments.findIndex(isPattern);
  const fixed = firstPattern < 0 ? segments : segments.slice(0, firstPattern);
  const pattern = segments.slice(fixed.length);
  pattern.forEach(segmentMatcher);

  const real = await realPathBelow(root, fixed);
  const kind: PlaceObject['kind'] =
    pattern.length > 0
      ? 'glob'
      : (await entryKind(real.absolute)) ?? kindByName(fixed);
  const reach = kind === 'file' ? 'one' : 'all';
  assertBound(root, real.segments, reach, request);

  const format = formatOf(server, segments, request);
  const display = [...real.segments, ...pattern].join('/');
  return {
    engine: ENGINE_ID,
    connection: root.name,
    key: `file:${path.join(real.absolute, ...pattern)}`,
    display: `${root.name}/${display}`,
    detail: {
      path: real.segments.join('/'),
      kind,
      pattern: pattern.join('/'),
      format,
      dialect: format === 'csv' ? dialectOf(server) : {},
    },
  };
}

/** The name of the contract's object, as one segment of a path. */
function objectName({ schema }: Contract): string {
  const { physicalName } = schema;
  if (!/^[\p{L}\p{N}_][\p{L}\p{N}_. -]{0,199}$/u.test(physicalName)) {
    throw new InputError(
      `The physicalName ${JSON.stringify(
        physicalName.slice(0, 200),
      )} cannot stand for ${MODEL} in a path`,
    );
  }
  return physicalName;
}

function findServer(
  roots: Root[],
  { contract, entityRef }: LocateRequest,
): { root: Root; server: ContractServer } | undefined {
  const found = contract.servers
    .filter(server => SERVER_TYPES.includes(server.type))
    .flatMap(server =>
      roots
        .filter(root => root.name === server.server)
        .map(root => ({ root, server })),
    );
  if (found.length > 1) {
    throw new InputError(
      `The contract ${contract.version} of ${entityRef} names ${found.length} servers of files; it must name one`,
    );
  }
  return found[0];
}

function pathOf(
  server: ContractServer,
  { contract, entityRef }: LocateRequest,
): string[] {
  const { path: pattern } = server.properties;
  if (typeof pattern !== 'string') {
    throw new InputError(
      `Server '${server.server}' of ${entityRef} ${contract.version} has no path`,
    );
  }
  try {
    return normalisePath(pattern.replaceAll(MODEL, () => objectName(contract)));
  } catch (error) {
    assertError(error);
    throw new InputError(`${entityRef} ${contract.version}: ${error.message}`);
  }
}

/** What a path that holds nothing yet is going to be. */
function kindByName(segments: string[]): 'file' | 'folder' {
  return formatByName(segments[segments.length - 1]) ? 'file' : 'folder';
}

function formatOf(
  server: ContractServer,
  segments: string[],
  { entityRef }: LocateRequest,
): FormatName {
  const { format: written } = server.properties;
  const known = formatNames.join(', ');
  if (written !== undefined) {
    const format = formatBySpelling(String(written));
    if (!format) {
      throw new InputError(
        `Server '${server.server}' of ${entityRef} has the format '${written}'; known are ${known}`,
      );
    }
    return format;
  }
  const format = formatByName(segments[segments.length - 1]);
  if (!format) {
    throw new InputError(
      `Server '${
        server.server
      }' of ${entityRef} needs a format (${known}): the path '${segments.join(
        '/',
      )}' does not tell it`,
    );
  }
  return format;
}
