import { JsonObject, JsonValue } from '@backstage/types';
import { DocumentProblem } from '../documents/problems';

/** More of one list than any contract needs; each entry is compared. */
const MAX_ENTRIES = 1000;

/**
 * Reports lists of a contract that are too long to be compared: servers, service
 * levels, objects, and of each object and its properties the rules of quality and
 * the relationships.
 */
export function reportLongLists(
  document: JsonObject,
  problems: DocumentProblem[],
): void {
  for (const key of ['servers', 'slaProperties', 'schema']) {
    report(document[key], key, problems);
  }
  const objects = (document.schema ?? []) as JsonObject[];
  objects.forEach((object, index) => {
    for (const key of ['quality', 'relationships']) {
      const own = (holder: JsonObject) => (holder[key] ?? []) as JsonValue[];
      const properties = (object.properties ?? []) as JsonObject[];
      const all = [object, ...properties].flatMap(own);
      report(all, `schema[${index}].${key}`, problems);
    }
  });
}

function report(
  list: JsonValue | undefined,
  path: string,
  problems: DocumentProblem[],
): void {
  if (Array.isArray(list) && list.length > MAX_ENTRIES) {
    problems.push({
      path,
      message: `must have at most ${MAX_ENTRIES} entries`,
      value: list.length,
    });
  }
}
