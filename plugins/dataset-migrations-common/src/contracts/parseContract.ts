import { JsonObject, JsonValue } from '@backstage/types';
import semver from 'semver';
import { DocumentProblem, problemsError } from '../documents/problems';
import { readYaml } from '../documents/readYaml';
import { reportLongLists } from './limits';
import { Reading } from './Reading';
import { readObjects } from './readObjects';
import { readServiceLevels } from './readServiceLevels';
import {
  checkAgainstStandard,
  checkedAs,
  inNewestWords,
  standardVersion,
} from './standardVersion';
import { ComparableContract, Contract, ContractServer } from './types';

/**
 * Reads the YAML text of an ODCS v3 contract. One of a later minor version than
 * 3.1 may hold what 3.1 knows.
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
  const value = inNewestWords(yaml.value);
  const invalid = checkAgainstStandard(value);
  if (invalid.length > 0) {
    return { problems: [...invalid, ...checkedAs(value)] };
  }
  const document = value as JsonObject;
  const problems = [...standardVersion(document), ...ownRules(document)];
  const contract = readContract(document, { purpose: 'migration', problems });
  return problems.length > 0 ? { problems } : { problems, contract };
}

/** Reads a document of the shape that the standard gives it. */
export function readContract(
  document: JsonObject,
  reading: Reading & { purpose: 'migration' },
): Contract;
export function readContract(
  document: JsonObject,
  reading: Reading,
): ComparableContract;
export function readContract(
  document: JsonObject,
  reading: Reading,
): ComparableContract {
  reportLongLists(document, reading.problems);
  const [schema, ...furtherObjects] = readObjects(document, reading);
  const serviceLevels = readServiceLevels(document);
  return {
    id: String(document.id),
    ...(typeof document.name === 'string' ? { name: document.name } : {}),
    version: String(document.version),
    status: String(document.status),
    schema,
    ...(furtherObjects.length > 0 ? { furtherObjects } : {}),
    servers: readServers(document),
    ...(serviceLevels.length > 0 ? { serviceLevels } : {}),
    ...describe(document.description),
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
  const parts = (description ?? {}) as JsonObject;
  const texts = ['purpose', 'usage', 'limitations']
    .map(part => parts[part])
    .filter(part => typeof part === 'string');
  return texts.length > 0 ? { description: texts.join('\n\n') } : {};
}
