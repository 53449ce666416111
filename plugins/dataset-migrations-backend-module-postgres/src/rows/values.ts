import { JsonValue } from '@backstage/types';
import {
  Field,
  FieldType,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { computedType } from '../emit/types';

/**
 * SQL that shows a value as the text from which {@link readValue} makes a value
 * of a batch.
 */
export function textOf(value: string, type: FieldType): string {
  switch (type.kind) {
    case 'bytes':
      return `encode(${value}, 'base64')`;
    case 'timestamp':
      return `to_jsonb(${value}) #>> '{}'`;
    case 'array':
      return `to_jsonb(${value})::text`;
    default:
      return `(${value})::text`;
  }
}

/** A value of a batch, in the spelling that `Batch` promises. */
export function readValue(text: string | null, type: FieldType): JsonValue {
  if (text === null) {
    return null;
  }
  switch (type.kind) {
    case 'boolean':
      return text === 'true' || text === 't';
    case 'integer':
      return type.bits === 64 ? text : Number(text);
    case 'float': {
      const value = Number(text);
      return Number.isFinite(value) ? value : text;
    }
    case 'bytes':
      return text.replace(/\n/g, '');
    case 'timestamp':
      return type.zone ? text.replace(/\+00:00$/, 'Z') : text;
    case 'json':
    case 'array':
    case 'object':
      return JSON.parse(text);
    default:
      return text;
  }
}

/**
 * SQL that reads the fields of a batch's rows from one parameter: a JSON array
 * of rows, each an array of texts.
 */
export function rowsFromJson(parameter: string, fields: Field[]): string {
  const columns = fields.map(
    ({ type }, index) =>
      `${fromText(`(item ->> ${index})`, type)} AS c${index}`,
  );
  return `SELECT ${columns.join(
    ', ',
  )} FROM jsonb_array_elements(${parameter}::jsonb) AS rows(item)`;
}

function fromText(text: string, type: FieldType): string {
  switch (type.kind) {
    case 'bytes':
      return `decode(${text}, 'base64')`;
    case 'array':
      return type.items.kind === 'array'
        ? `NULL::${computedType(type)}`
        : `CASE WHEN ${text} IS NOT NULL THEN ARRAY(SELECT (e)::${computedType(
            type.items,
          )} FROM jsonb_array_elements_text(${text}::jsonb) AS e) END`;
    default:
      return `${text}::${computedType(type)}`;
  }
}

/** A value of a batch as text for {@link rowsFromJson}. */
export function writeValue(
  value: JsonValue | undefined,
  type: FieldType,
): string | null {
  if (value === null || value === undefined) {
    return null;
  }
  return ['json', 'array', 'object'].includes(type.kind) ||
    typeof value === 'object'
    ? JSON.stringify(value)
    : String(value);
}
