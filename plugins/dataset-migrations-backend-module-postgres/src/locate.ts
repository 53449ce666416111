import { createHash } from 'crypto';
import { InputError, NotAllowedError } from '@backstage/errors';
import { Client, PoolConfig } from 'pg';
import {
  Location,
  LocateRequest,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { Contract } from '@skein/backstage-plugin-dataset-migrations-common';
import { Binding, ConnectionSettings } from './config';
import { qualified } from './connection/sql';
import { checkIdentifier } from './table/identifiers';

export const ENGINE_ID = 'postgres';

/**
 * Resolves the server and the object of a contract to a table that the
 * operator's bindings give the dataset (G11). See {@link Engine.locate}.
 */
export function locate(
  connections: ConnectionSettings[],
  request: LocateRequest,
): Location | undefined {
  const { entityRef, owner, contract } = request;
  const servers = contract.servers.filter(({ type }) =>
    ['postgres', 'postgresql'].includes(type),
  );
  if (servers.length === 0) {
    return undefined;
  }
  for (const server of servers) {
    const { database } = server.properties;
    const connection = connections.find(
      ({ name }) => name === server.server || name === database,
    );
    if (connection) {
      const schema = server.properties.schema ?? 'public';
      const place = placeOf(contract, schema);
      const display = `${connection.name}.${place.schema}.${place.table}`;
      if (!connection.bindings.some(b => gives(b, place, entityRef, owner))) {
        throw new NotAllowedError(
          `${entityRef} may not use the table ${display}: no binding of the connection ${connection.name} gives it to this dataset or its owner`,
        );
      }
      return {
        engine: ENGINE_ID,
        connection: connection.name,
        key: `${ENGINE_ID}:${databaseId(connection.connection)}:${qualified(
          place,
        )}`,
        display,
        detail: place,
      };
    }
  }
  throw new NotAllowedError(
    `${entityRef} names the server ${servers
      .map(({ server }) => `'${server}'`)
      .join(', ')}, which is no connection of the PostgreSQL engine`,
  );
}

function placeOf(contract: Contract, schema: unknown) {
  if (typeof schema !== 'string') {
    throw new InputError(`servers[].schema must be text, not ${schema}`);
  }
  return {
    schema: checkIdentifier('servers[].schema', schema),
    table: checkIdentifier(
      'schema[].physicalName',
      contract.schema.physicalName,
    ),
  };
}

function gives(
  binding: Binding,
  place: { schema: string; table: string },
  entityRef: string,
  owner?: string,
): boolean {
  return (
    binding.schema === place.schema &&
    binding.tables.some(pattern => matches(pattern, place.table)) &&
    (binding.entities.some(pattern => matchesRef(pattern, entityRef)) ||
      (owner !== undefined &&
        binding.owners.some(pattern => matchesRef(pattern, owner))))
  );
}

function matchesRef(pattern: string, ref: string): boolean {
  return matches(
    pattern.toLocaleLowerCase('en-US'),
    ref.toLocaleLowerCase('en-US'),
  );
}

/** Whether `text` is `pattern`, in which `*` is any run of characters. */
function matches(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern.split('*');
  if (rest.length === 0) {
    return pattern === text;
  }
  const last = rest.pop()!;
  if (!text.startsWith(first) || text.length < first.length + last.length) {
    return false;
  }
  let position = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, position);
    if (found < 0) {
      return false;
    }
    position = found + part.length;
  }
  return text.endsWith(last) && text.length - last.length >= position;
}

/**
 * Identity of a database without showing where it is: two connections to one
 * database give their tables the same keys.
 */
function databaseId(connection: PoolConfig): string {
  // The driver knows its defaults; nothing connects here.
  const { host, port, database } = new Client(connection);
  return createHash('sha256')
    .update(JSON.stringify([host, port, database]))
    .digest('hex')
    .slice(0, 12);
}
