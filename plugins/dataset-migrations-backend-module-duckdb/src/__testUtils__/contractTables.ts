import { DuckDBConnection } from '@duckdb/node-api';
import { JsonObject, JsonValue } from '@backstage/types';
import { ident, literal } from '../sql/quote';

/** What texts of a format look like, as far as the tests need it. */
const FORMATS: Record<string, string> = {
  email: '^[^@ ]+@[^@ ]+$',
  'yyyy-MM-dd': '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
  'dd.MM.yyyy': '^[0-9]{2}[.][0-9]{2}[.][0-9]{4}$',
};

/** What an option promises of a value, as SQL. */
const PROMISES: Record<string, (value: string, limit: JsonValue) => string> = {
  minimum: (value, limit) => `${value} >= ${limit}`,
  maximum: (value, limit) => `${value} <= ${limit}`,
  minLength: (value, limit) => `length(${value}) >= ${limit}`,
  multipleOf: (value, limit) => `${value} % ${limit} = 0`,
  pattern: (value, pattern) => matches(value, String(pattern)),
  format: (value, format) => matches(value, FORMATS[String(format)]),
};

function matches(value: string, pattern: string): string {
  return `regexp_matches(${value}, ${literal(pattern)})`;
}

/**
 * Makes the tables of a contract, with constraints by which DuckDB itself takes
 * no rows but those that the contract allows.
 *
 * @param contract - with the parts `schema` and `servers`; the tables are in the
 *   schema of each server, or in the default one
 * @param rows - of each object, as SQL behind VALUES
 * @param folder - for objects that are files, and no tables
 */
export async function makeTables(
  connection: DuckDBConnection,
  contract: JsonObject,
  rows: string[],
  folder: string,
): Promise<void> {
  const servers = (contract.servers ?? [{}]) as JsonObject[];
  for (const { schema = 'main' } of servers) {
    const place = ident(String(schema));
    await connection.run(`CREATE SCHEMA IF NOT EXISTS ${place}`);
    for (const [index, object] of (contract.schema as JsonObject[]).entries()) {
      const table = `${place}.${ident(String(object.name))}`;
      await connection.run(`CREATE TABLE ${table} (${definitionOf(object)})`);
      await connection.run(`INSERT INTO ${table} VALUES ${rows[index]}`);
      if (object.physicalType === 'file') {
        const path = literal(`${folder}/${object.name}.parquet`);
        await connection.run(`COPY ${table} TO ${path}`);
        await connection.run(`DROP TABLE ${table}`);
      }
    }
  }
}

function definitionOf({ properties }: JsonObject): string {
  const all = properties as JsonObject[];
  const key = all
    .filter(({ primaryKey }) => primaryKey === true)
    .map(({ name }) => ident(String(name)));
  return [
    ...all.map(columnOf),
    ...(key.length > 0 ? [`PRIMARY KEY (${key.join(', ')})`] : []),
  ].join(', ');
}

function columnOf(property: JsonObject): string {
  const name = ident(String(property.name));
  return [
    name,
    typeOf(property),
    ...(property.required === true ? ['NOT NULL'] : []),
    ...(property.unique === true ? ['UNIQUE'] : []),
    ...promisesOf(property, name).map(promise => `CHECK (${promise})`),
  ].join(' ');
}

function typeOf({ physicalType, properties }: JsonObject): string {
  const inside = (properties ?? []) as JsonObject[];
  const parts = inside.map(
    part => `${ident(String(part.name))} ${typeOf(part)}`,
  );
  return physicalType === undefined
    ? `STRUCT(${parts.join(', ')})`
    : String(physicalType);
}

function promisesOf(property: JsonObject, name: string): string[] {
  const options = (property.logicalTypeOptions ?? {}) as JsonObject;
  const [, length] = /^varchar\((\d+)\)$/.exec(typeOf(property)) ?? [];
  const [custom] = (property.customProperties ?? []) as JsonObject[];
  const listed = (custom?.value ?? []) as string[];
  return [
    ...Object.entries(options).map(([option, limit]) =>
      PROMISES[option](name, limit ?? null),
    ),
    // DuckDB lets texts be longer than their type says.
    ...(length === undefined ? [] : [`length(${name}) <= ${length}`]),
    ...(listed.length > 0
      ? [`${name} IN (${listed.map(literal).join(', ')})`]
      : []),
  ];
}
