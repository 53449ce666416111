import { JsonObject, JsonValue } from '@backstage/types';
import { compileWhenUsed } from '../documents/jsonSchema';
import { DocumentProblem } from '../documents/problems';
import { isObject } from './dataContractSpecification/shapes';
import { withExclusiveEnds } from './exclusiveEnds';
import odcsSchema from './odcs/odcs-3.1.0.schema.json';

const checkShape = compileWhenUsed(odcsSchema as JsonObject);

/** The newest version of the standard whose JSON Schema is here. */
const NEWEST = 'v3.1.0';

/** A minor version of the standard only adds to those before it. */
const OF_THREE = /^v3\.\d+\.\d+$/;

/**
 * Checks a document against the JSON Schema of the standard; one of a later
 * minor version against the newest that is here.
 */
export function checkAgainstStandard(document: JsonValue): DocumentProblem[] {
  return checkShape(
    isLater(document) ? { ...document, apiVersion: NEWEST } : document,
  );
}

/** A document of version 3.0 of the standard in words of the newest that is here. */
export function inNewestWords(document: JsonValue): JsonValue {
  return isObject(document) && /^v3\.0\./.test(String(document.apiVersion))
    ? withExclusiveEnds(document)
    : document;
}

/** Says by what a document of another version is checked that is not valid. */
export function* checkedAs(document: JsonValue): Iterable<DocumentProblem> {
  if (
    isObject(document) &&
    OF_THREE.test(String(document.apiVersion)) &&
    document.apiVersion !== NEWEST
  ) {
    yield {
      path: 'apiVersion',
      message: `is not ${NEWEST}, by whose JSON Schema documents are checked`,
      value: document.apiVersion,
    };
  }
}

/** The JSON Schema also lets versions of the standard pass that are read otherwise. */
export function* standardVersion(
  document: JsonObject,
): Iterable<DocumentProblem> {
  if (!/^v3\.\d+\./.test(String(document.apiVersion))) {
    yield {
      path: 'apiVersion',
      message: `must be of version 3 of the standard, such as ${NEWEST}`,
      value: document.apiVersion,
    };
  }
}

function isLater(document: JsonValue): document is JsonObject {
  return (
    isObject(document) &&
    OF_THREE.test(String(document.apiVersion)) &&
    !odcsSchema.properties.apiVersion.enum.includes(String(document.apiVersion))
  );
}
