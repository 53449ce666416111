import { JsonObject, JsonValue } from '@backstage/types';
import { DocumentProblem } from '../../documents/problems';

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The entries of a map of objects. An entry without anything is an empty object.
 *
 * @param problems - receives what is no object
 */
export function objectsIn(
  value: JsonValue | undefined,
  path: string,
  problems: DocumentProblem[],
): Array<[string, JsonObject]> {
  if (value === undefined || value === null) {
    return [];
  }
  if (!isObject(value)) {
    problems.push({ path, message: 'must be object', value });
    return [];
  }
  return Object.entries(value).flatMap(([name, entry]) => {
    if (isObject(entry ?? {})) {
      return [[name, (entry ?? {}) as JsonObject] as [string, JsonObject]];
    }
    problems.push({
      path: `${path}.${name}`,
      message: 'must be object',
      value: entry,
    });
    return [];
  });
}

/** The objects of a list, or one that stands for a list of one. */
export function listOf(
  value: JsonValue | undefined,
  path: string,
  problems: DocumentProblem[],
): JsonObject[] {
  if (value === undefined || value === null) {
    return [];
  }
  const entries = Array.isArray(value) ? value : [value];
  return entries.flatMap((entry, index) => {
    if (isObject(entry)) {
      return [entry];
    }
    problems.push({
      path: `${path}[${index}]`,
      message: 'must be object',
      value: entry,
    });
    return [];
  });
}

type Kinds = { boolean: boolean; string: string; number: number };

/**
 * The value of a key, if it is of that kind.
 *
 * @param problems - receives what is of another kind
 */
export function valueOf<K extends keyof Kinds>(
  holder: JsonObject,
  key: string,
  kind: K,
  path: string,
  problems: DocumentProblem[],
): Kinds[K] | undefined {
  const value = holder[key];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (typeof value !== kind) {
    problems.push({
      path: `${path}.${key}`,
      message: `must be ${kind}`,
      value,
    });
    return undefined;
  }
  return value as Kinds[K];
}

/** Only what is there: absent stays absent. */
export function present(entries: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined),
  );
}

/** Words for people, which YAML may take for a number. */
export function wordsOf(value: JsonValue | undefined): string | undefined {
  return value === undefined || value === null || typeof value === 'object'
    ? undefined
    : String(value);
}
