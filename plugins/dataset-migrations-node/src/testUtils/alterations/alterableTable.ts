import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';
import { nearbyValues } from './nearbyValues';
import { RandomNumbers } from './randomNumbers';
import { AlterableField, AlterableRow } from './types';

const INTEGER: FieldType = { kind: 'integer', bits: 32 };
const TEXT: FieldType = { kind: 'string' };
const MOMENT: FieldType = { kind: 'timestamp', zone: false };

/** By type, what rows begin with; values nearby follow. */
const columns: Array<[name: string, type: FieldType, values: string[]]> = [
  ['flag', { kind: 'boolean' }, ['true', 'false']],
  ['small', { kind: 'integer', bits: 16 }, ['0', '-32768', '7']],
  ['a', INTEGER, ['0', '1', '-1', '2147483000']],
  ['b', INTEGER, ['0', '1', '40', '-2147483000']],
  ['big', { kind: 'integer', bits: 64 }, ['9007199254740993', '0', '-5']],
  [
    'price',
    { kind: 'decimal', precision: 12, scale: 3 },
    ['0.000', '12.500', '-999999999.999'],
  ],
  ['real', { kind: 'float', bits: 32 }, ['0', '0.5', '-16777216', 'NaN']],
  ['wide', { kind: 'float', bits: 64 }, ['-0', '0.1', '1e+300', 'NaN']],
  ['name', TEXT, ['', 'Zoë', 'a b', 'straße', '\u{1f49c}']],
  ['label', TEXT, ['', 'a b', 'Zoe\u0308', "O'Hare", '0']],
  ['code', { kind: 'string', maxLength: 6 }, ['JFK', 'x', '']],
  ['day', { kind: 'date' }, ['2020-02-29', '1969-12-31', '1999-01-01']],
  ['clock', { kind: 'time' }, ['00:00:00.000001', '23:59:59.000000']],
  [
    'moment',
    MOMENT,
    ['2020-02-29T23:59:59.999999', '1969-12-31T23:59:59.500000'],
  ],
  [
    'later',
    MOMENT,
    ['2020-02-29T23:59:59.999999', '2024-03-31T01:30:00.000000'],
  ],
  [
    'instant',
    { kind: 'timestamp', zone: true },
    ['2024-03-31T01:30:00.000000Z', '1970-01-01T00:00:00.000000Z'],
  ],
  ['uid', { kind: 'uuid' }, ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11']],
  ['raw', { kind: 'bytes' }, ['00ff', '', '27']],
  ['body', { kind: 'json' }, ['1', '{"a": 1, "b": [null]}', '"1"', 'true']],
];

/**
 * Columns of every type that content is compared in, several of them alike.
 *
 * @public
 */
export const alterableFields: readonly AlterableField[] = columns.map(
  ([name, type]) => ({ name, type }),
);

/**
 * Rows of {@link alterableFields} with few different values, so that rows are
 * nearly alike: plain ones, values near them, and NULL.
 *
 * @param options.seed - the same seed gives the same rows
 * @public
 */
export function alterableRows(options: {
  seed: number;
  count: number;
}): AlterableRow[] {
  const random = new RandomNumbers(options.seed);
  return Array.from({ length: options.count }, () =>
    Object.fromEntries(
      columns.map(([name, type, values]) => {
        const plain = random.pick(values);
        const value = type.kind === 'boolean' ? plain === 'true' : plain;
        const draw = random.below(8);
        if (draw === 0) {
          return [name, null];
        }
        return [
          name,
          draw === 1 ? random.pick(nearbyValues(value, type)) : value,
        ];
      }),
    ),
  );
}
