import type * as ArrowLibrary from 'apache-arrow';
import type { Data, DataType } from 'apache-arrow';
import { InputError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';
import * as words from './arrowWords';

/** The library, of which only types are known here. */
export type Arrow = typeof ArrowLibrary;

/** How values of one type lie in a column of Arrow. */
export interface ArrowColumn {
  /** As Arrow calls the type: `Timestamp<MICROSECOND, UTC>`. */
  name: string;
  type(lib: Arrow): DataType;
  /** Whether it reads a column of the type of that name. */
  accepts(name: string): boolean;
  /** @throws InputError naming the field for what Arrow cannot hold */
  encode(lib: Arrow, values: JsonValue[], field: string): Data;
  /** @throws Error for what is no value of the type */
  decode(data: Data): JsonValue[];
}

/** The widest decimal of Arrow that libraries have in common. */
const MAX_PRECISION = 38;

const texts = pieces('Utf8', lib => new lib.Utf8(), words.text);

const booleans: ArrowColumn = {
  name: 'Bool',
  type: lib => new lib.Bool(),
  accepts: name => name === 'Bool',
  encode: (lib, values) =>
    lib.makeData({
      type: new lib.Bool(),
      ...validity(values),
      data: bitmap(values, value => value === true),
    }),
  decode: data =>
    present(data, index => {
      const bit = data.offset + index;
      // eslint-disable-next-line no-bitwise -- a bit for each value
      return ((data.values[bit >> 3] >> bit % 8) & 1) === 1;
    }),
};

const days: ArrowColumn = {
  name: 'Date32<DAY>',
  type: lib => new lib.DateDay(),
  accepts: name => name === 'Date32<DAY>',
  encode: (lib, values, field) =>
    lib.makeData({
      type: new lib.DateDay(),
      ...validity(values),
      data: Int32Array.from(values, value =>
        value === null ? 0 : held(field, () => words.day.toWord(value)),
      ),
    }),
  decode: data =>
    present(data, index => words.day.fromWord(data.values[index])),
};

/** How a type is held. What Arrow has no type for goes as text. */
export function arrowColumn(type: FieldType): ArrowColumn {
  switch (type.kind) {
    case 'boolean':
      return booleans;
    case 'integer':
      return {
        16: numbers('Int16', lib => new lib.Int16(), Int16Array),
        32: numbers('Int32', lib => new lib.Int32(), Int32Array),
        64: words64('Int64', lib => new lib.Int64(), words.bigint),
      }[type.bits];
    case 'float':
      return type.bits === 32
        ? numbers('Float32', lib => new lib.Float32(), Float32Array)
        : numbers('Float64', lib => new lib.Float64(), Float64Array);
    case 'decimal':
      return type.precision === undefined || type.precision > MAX_PRECISION
        ? texts
        : decimals(type.precision, type.scale ?? 0);
    case 'date':
      return days;
    case 'time':
      return words64(
        'Time64<MICROSECOND>',
        lib => new lib.TimeMicrosecond(),
        words.time,
      );
    case 'timestamp':
      return type.zone
        ? {
            ...words64(
              'Timestamp<MICROSECOND, UTC>',
              lib => new lib.TimestampMicrosecond('UTC'),
              words.zonedTimestamp,
            ),
            // Whatever zone is written there, the values are of UTC.
            accepts: name => /^Timestamp<MICROSECOND, .+>$/.test(name),
          }
        : words64(
            'Timestamp<MICROSECOND>',
            lib => new lib.TimestampMicrosecond(),
            words.timestamp,
          );
    case 'bytes':
      return pieces('Binary', lib => new lib.Binary(), words.bytes);
    case 'json':
    case 'array':
    case 'object':
      return pieces('Utf8', lib => new lib.Utf8(), words.json);
    default:
      return texts;
  }
}

function numbers(
  name: string,
  type: (lib: Arrow) => DataType,
  ArrayType:
    | Int16ArrayConstructor
    | Int32ArrayConstructor
    | Float32ArrayConstructor
    | Float64ArrayConstructor,
): ArrowColumn {
  return {
    name,
    type,
    accepts: other => other === name,
    encode: (lib, values) =>
      lib.makeData({
        type: type(lib),
        ...validity(values),
        // NaN and the infinities are texts in a batch, which Number reads.
        data: ArrayType.from(values.map(Number)) as Int32Array,
      } as Parameters<Arrow['makeData']>[0]),
    decode: data =>
      present(data, index =>
        words.number(data.values[index], ArrayType === Float32Array),
      ),
  };
}

function words64(
  name: string,
  type: (lib: Arrow) => DataType,
  word: words.Words<bigint>,
): ArrowColumn {
  return {
    name,
    type,
    accepts: other => other === name,
    encode: (lib, values, field) =>
      lib.makeData({
        type: type(lib),
        ...validity(values),
        data: BigInt64Array.from(values, value =>
          value === null ? 0n : held(field, () => word.toWord(value)),
        ),
      } as Parameters<Arrow['makeData']>[0]),
    decode: data => present(data, index => word.fromWord(data.values[index])),
  };
}

function decimals(precision: number, scale: number): ArrowColumn {
  const word = words.decimal(precision, scale);
  const type = (lib: Arrow) => new lib.Decimal(scale, precision, 128);
  const name = `Decimal[${precision}e+${scale}]`;
  return {
    name,
    type,
    accepts: other => other === name,
    encode(lib, values, field) {
      const data = new BigInt64Array(values.length * 2);
      values.forEach((value, index) => {
        if (value !== null) {
          const exact = held(field, () => word.toWord(value));
          data[index * 2] = BigInt.asIntN(64, exact);
          // eslint-disable-next-line no-bitwise -- the upper half of 128 bits
          data[index * 2 + 1] = exact >> 64n;
        }
      });
      return lib.makeData({
        type: type(lib),
        ...validity(values),
        data: new Uint32Array(data.buffer),
      });
    },
    decode(data) {
      const { buffer, byteOffset, byteLength } = data.values as Uint32Array;
      const view = new DataView(buffer, byteOffset, byteLength);
      return present(data, index =>
        word.fromWord(
          view.getBigUint64(index * 16, true) +
            view.getBigInt64(index * 16 + 8, true) * 2n ** 64n,
        ),
      );
    },
  };
}

function pieces(
  name: 'Utf8' | 'Binary',
  type: (lib: Arrow) => DataType,
  word: words.Words<Uint8Array>,
): ArrowColumn {
  return {
    name,
    type,
    // Some libraries write nothing but the large kind, of 64-bit offsets.
    accepts: other => other === name || other === `Large${name}`,
    encode(lib, values) {
      const parts = values.map(value =>
        value === null ? new Uint8Array() : word.toWord(value),
      );
      const offsets = new Int32Array(parts.length + 1);
      parts.forEach((part, index) => {
        offsets[index + 1] = offsets[index] + part.length;
      });
      return lib.makeData({
        type: type(lib),
        ...validity(values),
        valueOffsets: offsets,
        data: Buffer.concat(parts),
      } as Parameters<Arrow['makeData']>[0]);
    },
    decode: data =>
      present(data, index =>
        word.fromWord(
          data.values.subarray(
            Number(data.valueOffsets[index]),
            Number(data.valueOffsets[index + 1]),
          ),
        ),
      ),
  };
}

function validity(values: JsonValue[]) {
  return {
    length: values.length,
    nullCount: values.filter(value => value === null).length,
    nullBitmap: bitmap(values, value => value !== null),
  };
}

/** One bit for each value, least significant first. */
function bitmap(
  values: JsonValue[],
  isSet: (value: JsonValue) => boolean,
): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, index) => {
    if (isSet(value)) {
      // eslint-disable-next-line no-bitwise -- a bit for each value
      bits[index >> 3] |= 1 << index % 8;
    }
  });
  return bits;
}

function present(data: Data, read: (index: number) => JsonValue): JsonValue[] {
  return Array.from({ length: data.length }, (_, index) =>
    data.getValid(index) ? read(index) : null,
  );
}

function held<T>(field: string, toWord: () => T): T {
  try {
    return toWord();
  } catch {
    throw new InputError(
      `the field '${field}' has a value that Arrow cannot hold`,
    );
  }
}
