import { InputError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';

/**
 * A value's canonical text as an agent gets it: booleans, numbers that JSON
 * holds exactly, and JSON as such; all else stays text, so that no digit is
 * lost.
 */
export function toBatchValue(text: string | null, type: FieldType): JsonValue {
  if (text === null) {
    return null;
  }
  switch (type.kind) {
    case 'boolean':
      return text === 'true';
    case 'integer': {
      const value = Number(text);
      return Number.isSafeInteger(value) ? value : text;
    }
    case 'float': {
      const value = Number(text);
      return Number.isFinite(value) ? value : text;
    }
    case 'json':
    case 'array':
    case 'object':
      return JSON.parse(text);
    default:
      return text;
  }
}

/**
 * The text of a value that an agent returned; how well it fits its type is seen
 * when it is read.
 *
 * @throws InputError naming field and value for what has no text of that type
 */
export function fromBatchValue(
  value: JsonValue | undefined,
  type: FieldType,
  field: string,
): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  if (type.kind === 'json' || type.kind === 'array' || type.kind === 'object') {
    return JSON.stringify(value);
  }
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      throw new InputError(
        `An agent returned ${JSON.stringify(value).slice(
          0,
          100,
        )} for the field '${field}', which is no value of type ${type.kind}`,
      );
  }
}
