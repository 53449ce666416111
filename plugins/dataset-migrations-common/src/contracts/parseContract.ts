import { JsonObject, JsonValue } from '@backstage/types';
import semver from 'semver';
import { compileJsonSchema } from '../documents/jsonSchema';
import { DocumentProblem, problemsError } from '../documents/problems';
import { readYaml } from '../documents/readYaml';
import odcsSchema from './odcs/odcs-3.1.0.schema.json';
import { readFields } from './readFields';
import { readQuality } from './readQuality';
import { Contract, ContractServer, SchemaObject } from './types';

const checkAgainstStandard = compileJsonSchema(odcsSchema as JsonObject);

/**
 * Reads the YAML text of an ODCS v3 contract.
 *
 * @returns the contract, or everything that is wrong with it
 * @public
 */
export function validateContract(text: string): {
  contract?: Contract;
  problems: DocumentProblem[];
} {
  const yaml = readYaml(text);
  if (yaml.value === undefined) {
    return { problems: yaml.problems };
  }
  const invalid = checkAgainstStandard(yaml.value);
  if (invalid.length > 0) {
    return { problems: invalid };
  }
  const document = yaml.value as JsonObject;
  const problems = [...ownRules(document)];
  const schema = readObject(document, problems);
  if (problems.length > 0 || !schema) {
    return { problems };
  }
  return {
    problems,
    contract: {
      id: String(document.id),
      ...(typeof document.name === 'string' ? { name: document.name } : {}),
      version: String(document.version),
      status: String(document.status),
      schema,
      servers: readServers(document),
      ...describe(document.description),
    },
  };
}

/**
 * Reads the YAML text of an ODCS v3 contract.
 *
 * @throws InputError with path, value and rule of everything that is wrong
 * @public
 */
export function parseContract(text: string): Contract {
  const { contract, problems } = validateContract(text);
  if (!contract) {
    throw problemsError('Invalid contract', problems);
  }
  return contract;
}

/** What we need beyond the standard's schema. */
function* ownRules(document: JsonObject): Iterable<DocumentProblem> {
  if (!/^v3\.[01]\./.test(String(document.apiVersion))) {
    yield {
      path: 'apiVersion',
      message: 'must be v3.0.x or v3.1.0 of the standard',
      value: document.apiVersion,
    };
  }
  if (semver.valid(String(document.version)) !== document.version) {
    yield {
      path: 'version',
      message: 'must be a semantic version such as 1.2.0',
      value: document.version,
    };
  }
  const objects = (document.schema ?? []) as JsonValue[];
  if (objects.length !== 1) {
    yield {
      path: 'schema',
      message:
        'must hold exactly one object: one contract describes one table or set of files',
      value: `${objects.length} objects`,
    };
  }
}

function readObject(
  document: JsonObject,
  problems: DocumentProblem[],
): SchemaObject | undefined {
  const [object] = (document.schema ?? []) as JsonObject[];
  if (!object) {
    return undefined;
  }
  const properties = (object.properties ?? []) as JsonObject[];
  if (properties.length === 0) {
    problems.push({
      path: 'schema[0].properties',
      message: 'must hold at least one property',
    });
  }
  const fields = readFields(properties, 'schema[0].properties', problems);
  numberPrimaryKey(fields, properties);
  const quality = readQuality(object, fields);
  return {
    ...(typeof object.id === 'string' ? { id: object.id } : {}),
    name: String(object.name),
    physicalName: String(object.physicalName ?? object.name),
    fields,
    ...(quality.length > 0 ? { quality } : {}),
  };
}

/**
 * Positions from 1 without gaps: as `primaryKeyPosition` orders the fields of
 * the key, then in the order of the properties.
 */
function numberPrimaryKey(
  fields: SchemaObject['fields'],
  properties: JsonObject[],
): void {
  const positions = new Map<string, number>();
  for (const property of properties) {
    if (property.primaryKey === true) {
      const position = Number(property.primaryKeyPosition ?? -1);
      positions.set(String(property.name), position > 0 ? position : Infinity);
    }
  }
  fields
    .filter(field => positions.has(field.name))
    .sort((a, b) => {
      const [x, y] = [positions.get(a.name)!, positions.get(b.name)!];
      return x === y ? 0 : x - y;
    })
    .forEach((field, index) => {
      field.primaryKeyPosition = index + 1;
    });
}

function readServers(document: JsonObject): ContractServer[] {
  return ((document.servers ?? []) as JsonObject[]).map(
    ({ server, type, ...properties }) => ({
      server: String(server),
      type: String(type),
      properties,
    }),
  );
}

/** ODCS describes a contract in parts: purpose, usage, limitations. */
function describe(description: JsonValue | undefined): {
  description?: string;
} {
  const { purpose } = (description ?? {}) as JsonObject;
  return typeof purpose === 'string' ? { description: purpose } : {};
}
