import { JsonValue } from '@backstage/types';

/** PostgreSQL's jsonb takes neither NUL nor a lone half of a surrogate pair. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/** Text as the database can hold it. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '\ufffd');
}

/** A value as jsonb can hold it, whatever an entity put into it. */
export function storable<T extends JsonValue>(value: T): T {
  return replaceIn(JSON.parse(JSON.stringify(value))) as T;
}

/** The same as JSON text. */
export function storableJson(value: unknown): string {
  return JSON.stringify(storable(value as JsonValue));
}

function replaceIn(value: JsonValue): JsonValue {
  if (typeof value === 'string') {
    return storableText(value);
  }
  if (Array.isArray(value)) {
    return value.map(replaceIn);
  }
  if (value && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        storableText(key),
        replaceIn(item!),
      ]),
    );
  }
  return value;
}
