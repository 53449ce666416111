import { JsonObject } from '@backstage/types';
import { DocumentProblem } from '../documents/problems';
import { Reading } from './Reading';

/** PostgreSQL cuts longer identifiers silently. Bytes of UTF-8. */
const MAX_NAME_BYTES = 63;

/**
 * Reports a name that a store would not take, or that people could not tell from
 * another.
 */
export function checkName(
  name: string,
  path: string,
  { problems, purpose }: Reading,
  maxBytes = MAX_NAME_BYTES,
): void {
  if (purpose === 'comparison') {
    return;
  }
  const bytes = new TextEncoder().encode(name).length;
  if (bytes === 0 || bytes > maxBytes) {
    problems.push({
      path,
      message: `must be 1 to ${maxBytes} bytes long`,
      value: name,
    });
  }
  // Control and invisible characters, and lone surrogates.
  if (/[\p{Cc}\p{Cf}\p{Cs}]/u.test(name)) {
    problems.push({
      path,
      message: 'must not contain control or invisible characters',
      value: name,
    });
  }
}

/** Reports what two entries of a list have in common and must not. */
export function reportDuplicates(
  entries: JsonObject[],
  keys: Array<'name' | 'id'>,
  path: string,
  among: 'properties' | 'objects',
  problems: DocumentProblem[],
): void {
  for (const key of keys) {
    const seen = new Set<string>();
    entries.forEach((entry, index) => {
      const value = entry[key];
      if (typeof value !== 'string') {
        return;
      }
      if (seen.has(value)) {
        problems.push({
          path: `${path}[${index}].${key}`,
          message: `must be unique among the ${among}`,
          value,
        });
      }
      seen.add(value);
    });
  }
}
