import * as lib from 'apache-arrow';
import fc from 'fast-check';
import { JsonObject, JsonValue } from '@backstage/types';
import {
  Field,
  FieldType,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { field } from '../__testUtils__/commandAgents';
import { arrow } from './arrow';
import { BatchEncoding } from './BatchEncoding';
import { ndjson } from './ndjson';

const integer = (bits: 16 | 32 | 64): FieldType => ({ kind: 'integer', bits });
const range = (bits: number) => ({
  min: -(2n ** BigInt(bits - 1)),
  max: 2n ** BigInt(bits - 1) - 1n,
});

const day = fc
  .date({
    min: new Date('0001-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  })
  .map(date => date.toISOString());
const fraction = fc
  .integer({ min: 0, max: 999_999 })
  .map(micros =>
    micros ? `.${String(micros).padStart(6, '0').replace(/0+$/, '')}` : '',
  );
const clock = fc.tuple(day, fraction).map(([iso, rest]) => ({
  time: `${iso.slice(11, 19)}${rest}`,
  timestamp: `${iso.slice(0, 19)}${rest}`,
}));
const float = (double: boolean) =>
  (double ? fc.double() : fc.float()).map((value): JsonValue => {
    if (!Number.isFinite(value)) {
      return String(value);
    }
    // JSON has one zero only.
    const written = value === 0 ? 0 : value;
    return double ? written : shortest(written);
  });

/** As stores spell 32 bits. */
function shortest(value: number): number {
  const spelled = [6, 7, 8, 9].map(digits => Number(value.toPrecision(digits)));
  return spelled.find(text => Math.fround(text) === value)!;
}

/** Types and values in the spelling of `Batch`. */
const values: Array<[FieldType, fc.Arbitrary<JsonValue>]> = [
  [{ kind: 'boolean' }, fc.boolean()],
  [integer(16), fc.bigInt(range(16)).map(Number)],
  [integer(32), fc.bigInt(range(32)).map(Number)],
  [integer(64), fc.bigInt(range(64)).map(String)],
  [
    { kind: 'decimal', precision: 38, scale: 10 },
    fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }).map(units => {
      const digits = String(units < 0n ? -units : units).padStart(11, '0');
      return `${units < 0n ? '-' : ''}${digits.slice(0, -10)}.${digits.slice(
        -10,
      )}`;
    }),
  ],
  [{ kind: 'decimal' }, fc.bigInt().map(units => `${units}.5`)],
  [{ kind: 'float', bits: 32 }, float(false)],
  [{ kind: 'float', bits: 64 }, float(true)],
  [{ kind: 'string' }, fc.string({ unit: 'grapheme' })],
  [{ kind: 'date' }, day.map(iso => iso.slice(0, 10))],
  [{ kind: 'time' }, clock.map(({ time }) => time)],
  [{ kind: 'timestamp', zone: false }, clock.map(({ timestamp }) => timestamp)],
  [
    { kind: 'timestamp', zone: true },
    clock.map(({ timestamp }) => `${timestamp}Z`),
  ],
  [{ kind: 'uuid' }, fc.uuid()],
  [
    { kind: 'bytes' },
    fc.uint8Array().map(bytes => Buffer.from(bytes).toString('base64')),
  ],
  [{ kind: 'json' }, fc.jsonValue() as fc.Arbitrary<JsonValue>],
  [
    { kind: 'array', items: { kind: 'string' } },
    fc.array(fc.string()) as fc.Arbitrary<JsonValue>,
  ],
];

const typed = values.map(([type], index) =>
  // Names are the owner's, and this one is special to JavaScript.
  field(index === 0 ? '__proto__' : `f "${index}" ü`, type),
);
const row = fc
  .tuple(...values.map(([, value]) => fc.option(value)))
  .map(
    (all): JsonObject =>
      Object.fromEntries(all.map((value, index) => [typed[index].name, value])),
  );

describe.each<[string, BatchEncoding]>([
  ['ndjson', ndjson],
  ['arrow', arrow],
])('%s', (_name, encoding) => {
  it('gives back what was put in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 20 }), async rows => {
        // JSON knows no -0, and batches come from JSON.
        const given: JsonObject[] = JSON.parse(JSON.stringify(rows));
        const bytes = await encoding.encode(given, typed);
        const decoded = await encoding.decode(bytes, typed);
        expect(decoded.map(Object.entries)).toEqual(given.map(Object.entries));
      }),
      { numRuns: 60 },
    );
  });

  it('takes no more and no fewer fields than there should be', async () => {
    const [a, b] = [field('a'), field('b')];
    const bytes = await encoding.encode([{ a: 'x', b: 'y' }], [a, b]);
    await expect(encoding.decode(bytes, [a])).rejects.toThrow('more fields');
    await expect(encoding.decode(bytes, [a, field('c'), b])).rejects.toThrow(
      "no field 'c'",
    );
  });

  it('takes nothing else than its own', async () => {
    const garbage = Buffer.from('secret');
    await expect(encoding.decode(garbage, [field('a')])).rejects.toThrow(
      /^returned (no JSON|something that cannot be read|no field)/,
    );
  });
});

describe('ndjson', () => {
  it.each<[FieldType, JsonValue]>([
    [{ kind: 'boolean' }, 'true'],
    [integer(16), 32_768],
    [integer(32), 1.5],
    [integer(64), 12],
    [integer(64), '9223372036854775808'],
    [{ kind: 'decimal' }, 1.5],
    [{ kind: 'decimal' }, 'much'],
    [{ kind: 'float', bits: 64 }, 'inf'],
    [{ kind: 'date' }, '22.11.2026'],
    [{ kind: 'timestamp', zone: true }, '2026-11-22T09:30:00'],
    [{ kind: 'timestamp', zone: false }, '2026-11-22T09:30:00Z'],
    [{ kind: 'uuid' }, '1234'],
    [{ kind: 'bytes' }, 'ü'],
    [{ kind: 'array', items: { kind: 'string' } }, {}],
    [{ kind: 'object', fields: [] }, []],
  ])('G10: says that %j is not %j, without the value', async (type, value) => {
    const bytes = Buffer.from(JSON.stringify({ a: value }));
    const failure = await ndjson
      .decode(bytes, [field('a', type)])
      .catch(error => error);
    expect(failure.message).toMatch(/in the field 'a' of line 1, which is no /);
    expect(failure.message).not.toContain(JSON.stringify(value));
  });
});

describe('arrow', () => {
  const decode = (table: lib.Table, fields: Field[]) =>
    arrow.decode(lib.tableToIPC(table, 'file'), fields);

  it('is what others read', async () => {
    const bytes = await arrow.encode(
      [
        { n: '9007199254740993', t: 'Amélie', ok: true, at: '2026-11-22' },
        { n: null, t: null, ok: null, at: null },
      ],
      [
        field('n', integer(64)),
        field('t'),
        field('ok', { kind: 'boolean' }),
        field('at', { kind: 'date' }),
      ],
    );
    const table = lib.tableFromIPC(bytes);
    expect(table.schema.fields.map(({ type }) => String(type))).toEqual([
      'Int64',
      'Utf8',
      'Bool',
      'Date32<DAY>',
    ]);
    expect(table.toArray().map(item => item.toJSON())).toEqual([
      {
        n: 9007199254740993n,
        t: 'Amélie',
        ok: true,
        at: Date.parse('2026-11-22T00:00:00Z'),
      },
      { n: null, t: null, ok: null, at: null },
    ]);
  });

  it('reads files of several batches, and large texts', async () => {
    const part = (texts: Array<string | null>) =>
      new lib.Table({ t: lib.vectorFromArray(texts, new lib.LargeUtf8()) });
    await expect(
      decode(part(['a', null]).concat(part(['b'])), [field('t')]),
    ).resolves.toEqual([{ t: 'a' }, { t: null }, { t: 'b' }]);
  });

  it('names what comes as another type', async () => {
    const table = new lib.Table({
      n: lib.vectorFromArray([1n], new lib.Int64()),
    });
    await expect(decode(table, [field('n', integer(32))])).rejects.toThrow(
      "returned the field 'n' as Int64 instead of Int32",
    );
  });

  it('G10: names the field of what it cannot hold', async () => {
    const at = field('at', { kind: 'timestamp', zone: false });
    const failure = await arrow
      .encode([{ at: '0044-03-15T00:00:00 BC' }], [at])
      .catch(error => error);
    expect(failure).toMatchObject({
      name: 'InputError',
      message: "the field 'at' has a value that Arrow cannot hold",
    });
  });
});
