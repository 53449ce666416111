import { JsonValue } from '@backstage/types';

/** PostgreSQL's jsonb takes neither NUL nor a lone half of a surrogate pair. */
const UNSTORABLE = /\0|\p{Surrogate}/gu;

/** Text as the database can hold it. */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '\ufffd');
}

/** A value as JSON text that jsonb takes, whatever an entity put into it. */
export function storableJson(value: unknown): string {
  return JSON.stringify(replaceIn(JSON.parse(JSON.stringify(value))));
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
