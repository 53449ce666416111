import { JsonObject, JsonValue } from '@backstage/types';
import { DocumentProblem, problemsError } from '../documents/problems';
import { readYaml } from '../documents/readYaml';
import {
  convertSpecification,
  isSpecification,
} from './dataContractSpecification/convertSpecification';
import { withExclusiveEnds } from './exclusiveEnds';
import { withoutMaps } from './maps';
import { readContract } from './parseContract';
import { Reading } from './Reading';
import { checkAgainstStandard, standardVersion } from './standardVersion';
import { ComparableContract } from './types';

/** The parts of a document that are compared; others may be as they like. */
const COMPARED = /^(schema|servers|slaProperties)\b|^$/;

/** Without these there is nothing to compare by. */
const NAMES = /\.(name|property|server)$/;

const OF_ANOTHER_KIND = /^must be (object|array|string)\b/;

/** The lists and objects that are looked into; what is in them may be anything. */
const LISTS =
  /(^|\.)(schema|servers|slaProperties|properties|quality|customProperties|relationships)$/;

const ENTRIES =
  /(^|\.)(schema|servers|slaProperties|properties|quality|customProperties|relationships)\[\d+\]$/;

const OBJECTS = /\.(items|logicalTypeOptions|arguments)$/;

/**
 * Reads the YAML text of a contract so that it can be compared with another
 * version of it: an ODCS v3 document, or one of the older Data Contract
 * Specification. It may leave out what only a migration would need: versions that
 * are semantic, types of fields, schema objects at all. Properties and words that
 * the standard does not know do not hinder.
 *
 * @throws InputError with path, value and rule of everything that is wrong
 * @public
 */
export function readComparableContract(text: string): ComparableContract {
  const reading: Reading = { purpose: 'comparison', problems: [] };
  const contract = read(text, reading);
  if (!contract || reading.problems.length > 0) {
    throw problemsError('Invalid contract', reading.problems);
  }
  return contract;
}

function read(text: string, reading: Reading): ComparableContract | undefined {
  const yaml = readYaml(text);
  if (yaml.value === undefined) {
    reading.problems.push(...yaml.problems);
    return undefined;
  }
  const document = isSpecification(yaml.value)
    ? convertSpecification(yaml.value, reading.problems)
    : inStandard(withExclusiveEnds(withoutMaps(yaml.value)), reading.problems);
  return document && readContract(document, reading);
}

function inStandard(
  document: JsonValue,
  problems: DocumentProblem[],
): JsonObject | undefined {
  problems.push(...checkAgainstStandard(document).filter(hinders));
  if (problems.length === 0) {
    problems.push(...standardVersion(document as JsonObject));
  }
  return problems.length > 0 ? undefined : (document as JsonObject);
}

/** An empty value in YAML is null, and stands for a list or an object left out. */
function hinders({ path, message, value }: DocumentProblem): boolean {
  if (!COMPARED.test(path)) {
    return false;
  }
  if (message === 'is required') {
    return NAMES.test(path);
  }
  return (
    OF_ANOTHER_KIND.test(message) &&
    (path === '' ||
      NAMES.test(path) ||
      ENTRIES.test(path) ||
      ((LISTS.test(path) || OBJECTS.test(path)) && value !== null))
  );
}
