import { JsonObject, JsonValue } from '@backstage/types';
import semver from 'semver';
import { compileJsonSchema } from '../documents/jsonSchema';
import { DocumentProblem, problemsError } from '../documents/problems';
import { readYaml } from '../documents/readYaml';
import odcsSchema from './odcs/odcs-3.1.0.schema.json';
import { readObjects } from './readObjects';
import { Contract, ContractServer } from './types';

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
  const [schema, ...furtherObjects] = readObjects(document, problems);
  if (problems.length > 0) {
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
      ...(furtherObjects.length > 0 ? { furtherObjects } : {}),
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
