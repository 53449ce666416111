import { JsonObject, JsonValue } from '@backstage/types';
import {
  Field,
  formatFieldType,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { BatchEncoding, EncodingError } from './BatchEncoding';
import { whyNoValue } from './whyNoValue';

/** One JSON object a line, in UTF-8; values are spelled as in `Batch`. */
export const ndjson: BatchEncoding = {
  ending: 'ndjson',
  typeName: ({ type }) => formatFieldType(type),

  async encode(rows, fields) {
    const lines = rows.map(row => {
      const values = fields.map(({ name }) => [name, row[name] ?? null]);
      return `${JSON.stringify(Object.fromEntries(values))}\n`;
    });
    return Buffer.from(lines.join(''));
  },

  async decode(bytes, fields) {
    const lines = textOf(bytes).split('\n');
    if (lines[lines.length - 1] === '') {
      lines.pop();
    }
    return lines.map((line, index) => {
      const row = parse(line, index + 1);
      checkNames(row, fields, index + 1);
      for (const { name, type } of fields) {
        const wrong = whyNoValue(row[name]!, type);
        if (wrong) {
          throw new EncodingError(
            `returned ${wrong} in the field '${name}' of line ${
              index + 1
            }, which is no ${formatFieldType(type)}`,
          );
        }
      }
      return row;
    });
  },
};

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      bytes,
    );
  } catch {
    throw new EncodingError('returned something that is not UTF-8');
  }
}

/** Names the line and not what stands there, which are values. */
function parse(line: string, number: number): JsonObject {
  let value: JsonValue;
  try {
    value = JSON.parse(line);
  } catch {
    throw new EncodingError(`returned no JSON in line ${number}`);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new EncodingError(`returned no JSON object in line ${number}`);
  }
  return value;
}

function checkNames(row: JsonObject, fields: Field[], line: number): void {
  const missing = fields.find(({ name }) => !Object.hasOwn(row, name));
  if (missing) {
    throw new EncodingError(
      `returned no field '${missing.name}' in line ${line}`,
    );
  }
  if (Object.keys(row).length > fields.length) {
    throw new EncodingError(
      `returned more fields in line ${line} than it writes`,
    );
  }
}
