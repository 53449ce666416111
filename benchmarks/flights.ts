import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFile } from '../scripts/demo-world/source-data.mjs';

const field = (
  name: string,
  logicalType: string,
  physicalType: string,
  id = name,
) => ({ id, name, logicalType, physicalType, required: true });

const before = [
  field('date', 'timestamp', 'TIMESTAMP'),
  field('delay', 'integer', 'BIGINT'),
  field('distance', 'integer', 'BIGINT'),
  field('origin', 'string', 'VARCHAR'),
  field('destination', 'string', 'VARCHAR'),
];

const after = [
  field('date', 'timestamp', 'TIMESTAMP'),
  field('arrival_delay', 'integer', 'BIGINT', 'delay'),
  field('distance', 'integer', 'INTEGER'),
  field('origin', 'string', 'VARCHAR'),
  field('destination', 'string', 'VARCHAR'),
  field('route', 'string', 'VARCHAR'),
];

/** Contracts of `flights` at its two versions, for any engine. */
export function flightsContracts(server: object, physicalName: string) {
  const contract = (
    version: string,
    status: string,
    properties: Array<ReturnType<typeof field>>,
  ) => ({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: 'bench',
    version,
    status,
    servers: [server],
    schema: [
      { name: 'flights', physicalName, logicalType: 'object', properties },
    ],
  });
  return {
    from: contract('1.0.0', 'active', before),
    to: contract('2.0.0', 'proposed', after),
    steps: [
      {
        agent: 'rename-field',
        payload: { from: 'delay', to: 'arrival_delay' },
      },
      {
        agent: 'cast-type',
        payload: { field: 'distance', onFailure: 'refuse' },
      },
      {
        agent: 'derive-field',
        payload: {
          field: 'route',
          expression: "origin || '-' || destination",
        },
      },
    ],
  };
}

/** The same mapping as an expert would type it. */
export const flightsSelect = `
  SELECT date, delay AS arrival_delay, CAST(distance AS integer) AS distance,
    origin, destination, origin || '-' || destination AS route`;

/** The three million flights, in a folder of the benchmark's own. */
export function copyFlights(root: string): string {
  const folder = join(root, 'flights');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'flights-3m.parquet');
  copyFileSync(sourceFile('flights-3m.parquet'), file);
  return file;
}
