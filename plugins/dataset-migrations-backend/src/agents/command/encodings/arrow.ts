import type { Data, RecordBatch, Vector } from 'apache-arrow';
import { JsonValue } from '@backstage/types';
import { Arrow, arrowColumn, ArrowColumn } from './arrowColumns';
import { BatchEncoding, EncodingError } from './BatchEncoding';

/** Loaded with the first batch: it takes 15 MB, of which most workers need nothing. */
function loadArrow(): Arrow {
  // eslint-disable-next-line global-require -- see above
  return require('apache-arrow');
}

/** One record batch as an Arrow IPC stream; reads streams and files. */
export const arrow: BatchEncoding = {
  ending: 'arrow',
  typeName: ({ type }) => arrowColumn(type).name,

  async encode(rows, fields) {
    const lib = loadArrow();
    const columns = fields.map(({ type }) => arrowColumn(type));
    const schema = new lib.Schema(
      fields.map(
        ({ name }, index) =>
          new lib.Field(name, columns[index].type(lib), true),
      ),
    );
    const children = fields.map(({ name }, index) =>
      columns[index].encode(
        lib,
        rows.map(row => row[name] ?? null),
        name,
      ),
    );
    const batch = new lib.RecordBatch(
      schema,
      lib.makeData({
        type: new lib.Struct(schema.fields),
        length: rows.length,
        nullCount: 0,
        children: children as Data[],
      }),
    ) as RecordBatch;
    return lib.tableToIPC(new lib.Table([batch]), 'stream');
  },

  async decode(bytes, fields) {
    const table = readTable(bytes);
    if (table.schema.fields.length > fields.length) {
      throw new EncodingError('returned more fields than it writes');
    }
    const columns = fields.map(({ name, type }) => {
      const vector: Vector | null = table.getChild(name);
      if (!vector) {
        throw new EncodingError(`returned no field '${name}'`);
      }
      return readColumn(vector, arrowColumn(type), name);
    });
    return Array.from({ length: table.numRows }, (_, row) =>
      Object.fromEntries(
        fields.map(({ name }, index) => [name, columns[index][row]]),
      ),
    );
  },
};

/** What the library says of bytes that are no Arrow is no help to anybody. */
function readTable(bytes: Uint8Array) {
  const lib = loadArrow();
  try {
    return lib.tableFromIPC(bytes);
  } catch {
    throw new EncodingError(
      'returned something that cannot be read as an Arrow stream without compression',
    );
  }
}

function readColumn(
  vector: Vector,
  column: ArrowColumn,
  name: string,
): JsonValue[] {
  const found = String(vector.type);
  if (!column.accepts(found)) {
    throw new EncodingError(
      `returned the field '${name}' as ${found} instead of ${column.name}`,
    );
  }
  return vector.data.flatMap(data => {
    try {
      return column.decode(data);
    } catch {
      throw new EncodingError(
        `returned values in the field '${name}' that are no ${column.name} of its type`,
      );
    }
  });
}
