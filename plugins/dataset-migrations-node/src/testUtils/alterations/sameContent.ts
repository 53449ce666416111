import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';
import { AlterableField, AlterableRow } from './types';

/**
 * Whether two tables hold the same rows equally often, in whatever order: the
 * slow and exact comparison that digests are held against. Two values are the
 * same when the type says so: decimals whatever their zeros at the end, -0 and
 * 0, NaN and NaN, json whatever the order of its keys; texts code point by code
 * point, nothing normalised.
 *
 * @public
 */
export function sameContent(
  fields: readonly AlterableField[],
  a: readonly AlterableRow[],
  b: readonly AlterableRow[],
): boolean {
  const written = contentWriter(fields);
  return written(a) === written(b);
}

/** Writes tables alike that hold the same content; each row object once. */
export function contentWriter(
  fields: readonly AlterableField[],
): (rows: readonly AlterableRow[]) => string {
  const known = new WeakMap<AlterableRow, string>();
  const writeRow = (row: AlterableRow) => {
    const text =
      known.get(row) ??
      JSON.stringify(
        fields.map(({ name, type }) => canonical(row[name], type)),
      );
    known.set(row, text);
    return text;
  };
  return rows => JSON.stringify(rows.map(writeRow).sort());
}

/** The one spelling of a value. */
function canonical(value: AlterableRow[string], type: FieldType): unknown {
  if (value === null) {
    return null;
  }
  switch (type.kind) {
    case 'float': {
      const number = Number(value);
      const held = type.bits === 32 ? Math.fround(number) : number;
      return `${held === 0 ? 0 : held}`;
    }
    case 'decimal':
      return canonicalDecimal(String(value));
    case 'json':
      // JSON's null is a value, other than NULL.
      return JSON.stringify(sorted(JSON.parse(String(value))));
    case 'timestamp':
    case 'time':
      return String(value)
        .replace(/(\.\d*?)0*(Z?)$/, '$1$2')
        .replace(/\.(Z?)$/, '$1');
    default:
      return value;
  }
}

function canonicalDecimal(text: string): string {
  const [whole, fraction = ''] = text.replace(/^-/, '').split('.');
  const digits = `${whole.replace(/^0+(?=\d)/, '')}.${fraction.replace(
    /0+$/,
    '',
  )}`;
  return text.startsWith('-') && digits !== '0.' ? `-${digits}` : digits;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, item]) => [key, sorted(item)]),
    );
  }
  return value;
}
