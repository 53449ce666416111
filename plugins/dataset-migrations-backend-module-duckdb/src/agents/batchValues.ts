import { InputError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';

/** What DuckDB writes for floats that JSON has no number for. */
const UNUSUAL: Record<string, string> = {
  nan: 'NaN',
  inf: 'Infinity',
  '-inf': '-Infinity',
};

/** A value's canonical text, see `spell`, in the spelling that `Batch` promises. */
export function toBatchValue(text: string | null, type: FieldType): JsonValue {
  if (text === null) {
    return null;
  }
  switch (type.kind) {
    case 'boolean':
      return text === 'true';
    case 'integer':
      return type.bits === 64 ? text : Number(text);
    case 'float':
      return UNUSUAL[text] ?? Number(text);
    case 'bytes':
      return Buffer.from(text, 'hex').toString('base64');
    case 'json':
    case 'array':
    case 'object':
      return JSON.parse(text);
    default:
      return text;
  }
}

/**
 * The canonical text of a value that an agent returned; how well it fits its
 * type is seen when it is read.
 *
 * @throws InputError naming the field for what has no text of that type
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
  if (type.kind === 'bytes' && typeof value === 'string') {
    return Buffer.from(value, 'base64').toString('hex');
  }
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      throw new InputError(
        `An agent returned ${
          Array.isArray(value) ? 'an array' : 'an object'
        } for the field '${field}', which is no value of type ${type.kind}`,
      );
  }
}
