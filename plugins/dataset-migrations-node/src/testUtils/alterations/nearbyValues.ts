import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';

type Present = string | boolean;

/**
 * Values of the type that are easily taken for this one: one unit of the last
 * digit away, one microsecond, one blank, one accent written otherwise. All of
 * them are other values.
 */
export function nearbyValues(value: Present, type: FieldType): Present[] {
  const text = String(value);
  switch (type.kind) {
    case 'boolean':
      return [!value];
    case 'integer':
      return nearbyIntegers(BigInt(text), type.bits).map(String);
    case 'decimal':
      return nearbyDecimals(text, type);
    case 'float':
      return nearbyFloats(Number(text), type.bits);
    case 'string':
      return nearbyTexts(text, type.maxLength);
    case 'date':
      return [-1, 1, 365].map(days => shiftDate(text, days));
    case 'time':
      return [-1n, 1n, 60_000_000n].map(micros => shiftTime(text, micros));
    case 'timestamp':
      return [-1n, 1n, 3_600_000_000n, -86_400_000_000n].map(micros =>
        shiftTimestamp(text, micros),
      );
    case 'uuid':
      return [0, 14, 35].map(at => replaceDigit(text, at));
    case 'bytes':
      return [
        `${text}01`,
        `01${text}`,
        ...(text === '' ? [] : [replaceDigit(text, text.length - 1)]),
      ];
    case 'json':
      return [`[${text}]`, `{"a": ${text}}`, JSON.stringify(text)];
    default:
      throw new TypeError(`No values are near a ${type.kind}`);
  }
}

function nearbyIntegers(value: bigint, bits: number): bigint[] {
  const limit = 1n << BigInt(bits - 1);
  return [value - 1n, value + 1n, -value, value ^ 256n].filter(
    other => other !== value && other >= -limit && other < limit,
  );
}

function nearbyDecimals(
  text: string,
  { precision = 38, scale }: Extract<FieldType, { kind: 'decimal' }>,
): string[] {
  const [whole, fraction = ''] = text.split('.');
  const digits = scale ?? fraction.length + 3;
  const unscaled = BigInt(`${whole}${fraction.padEnd(digits, '0')}`);
  const limit = 10n ** BigInt(precision);
  return [unscaled - 1n, unscaled + 1n, -unscaled]
    .filter(other => other !== unscaled && other < limit && other > -limit)
    .map(other => {
      const padded = `${other < 0n ? -other : other}`.padStart(digits + 1, '0');
      const at = padded.length - digits;
      return `${other < 0n ? '-' : ''}${padded.slice(0, at)}${
        digits > 0 ? `.${padded.slice(at)}` : ''
      }`;
    });
}

function nearbyFloats(value: number, bits: 32 | 64): string[] {
  const held = bits === 32 ? Math.fround(value) : value;
  return [
    ...(Number.isFinite(held) ? [neighbour(held, bits)] : []),
    -held,
    NaN,
    Infinity,
  ]
    .filter(other => !Object.is(other + 0, held + 0))
    .map(String);
}

/** The float whose bits are one more: the next one away from zero. */
function neighbour(value: number, bits: 32 | 64): number {
  const view = new DataView(new ArrayBuffer(8));
  if (bits === 32) {
    view.setFloat32(0, value);
    view.setUint32(0, view.getUint32(0) + 1);
    return view.getFloat32(0);
  }
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + 1n);
  return view.getFloat64(0);
}

function nearbyTexts(text: string, maxLength = Infinity): string[] {
  const signs = [...text];
  return [
    `${text} `,
    ` ${text}`,
    `${text}\n`,
    `${text}\u200b`,
    `${text}\u0301`,
    '',
    text.normalize('NFC'),
    text.normalize('NFD'),
    text.toLocaleUpperCase('en-US'),
    text.toLocaleLowerCase('en-US'),
    text.trim(),
    text.replace('a', '\u0430'),
    [...signs].reverse().join(''),
    signs.slice(0, -1).join(''),
  ].filter(other => other !== text && [...other].length <= maxLength);
}

function replaceDigit(hex: string, at: number): string {
  const digit = hex[at] === '0' ? '1' : '0';
  return `${hex.slice(0, at)}${digit}${hex.slice(at + 1)}`;
}

function shiftDate(text: string, days: number): string {
  const shifted = new Date(`${text}T00:00:00Z`);
  shifted.setUTCDate(shifted.getUTCDate() + days);
  return shifted.toISOString().slice(0, 10);
}

const DAY = 86_400_000_000n;

function shiftTime(text: string, micros: bigint): string {
  const shifted = shiftTimestamp(`2000-01-01T${text}`, micros + DAY);
  return shifted.slice('2000-01-01T'.length);
}

function shiftTimestamp(text: string, micros: bigint): string {
  const [, seconds, fraction = '', zone] = /^([^.Z]*)(?:\.(\d+))?(Z?)$/.exec(
    text,
  )!;
  const before =
    BigInt(Date.parse(`${seconds}Z`)) * 1_000n +
    BigInt(fraction.padEnd(6, '0'));
  const after = before + micros;
  const rest = ((after % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const whole = new Date(Number((after - rest) / 1_000n)).toISOString();
  return `${whole.slice(0, 19)}.${String(rest).padStart(6, '0')}${zone}`;
}
