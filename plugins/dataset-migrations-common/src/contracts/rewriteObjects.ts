import { JsonObject, JsonValue } from '@backstage/types';
import { isObject } from './dataContractSpecification/shapes';

/** A document with every object in it as `rewrite` gives it, innermost first. */
export function rewriteObjects(
  document: JsonValue,
  rewrite: (object: JsonObject) => JsonObject,
): JsonValue {
  if (Array.isArray(document)) {
    return document.map(item => rewriteObjects(item, rewrite));
  }
  if (!isObject(document)) {
    return document;
  }
  const entries = Object.entries(document).map(([name, value]) => [
    name,
    rewriteObjects(value ?? null, rewrite),
  ]);
  return rewrite(Object.fromEntries(entries));
}
