import { JsonObject } from '@backstage/types';
import { stringify } from 'yaml';

/** The YAML text of a contract of flights with the given properties. */
export function contractText(
  version: string,
  properties: JsonObject[],
  overrides: JsonObject = {},
): string {
  return stringify({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: 'flights',
    version,
    status: 'active',
    servers: [
      {
        server: 'warehouse',
        type: 'postgres',
        host: 'localhost',
        port: 5432,
        database: 'warehouse',
        schema: 'public',
      },
    ],
    schema: [{ name: 'flights', physicalType: 'table', properties }],
    ...overrides,
  });
}
