import { JsonValue } from '@backstage/types';

/** Values of a batch and how Arrow stores them. Both ways throw for what is no such value. */
export interface Words<T> {
  toWord(value: JsonValue): T;
  fromWord(word: T): JsonValue;
}

const DAY_MS = 86_400_000;
const MICROS = 1_000_000n;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** 64-bit integers, which are texts in a batch. */
export const bigint: Words<bigint> = {
  toWord: value => BigInt(String(value)),
  fromWord: word => String(word),
};

/** Days since 1970-01-01. */
export const day: Words<number> = {
  toWord: value => instantOf(`${value}T00:00:00`) / DAY_MS,
  fromWord: word => dateOf(word * DAY_MS),
};

/** Microseconds since midnight. */
export const time: Words<bigint> = {
  toWord: value => microsOf(`1970-01-01T${value}`),
  fromWord(word) {
    const text = timestampOf(word);
    if (!text.startsWith('1970-01-01T')) {
      throw new Error('no time of a day');
    }
    return text.slice('1970-01-01T'.length);
  },
};

/** Microseconds since 1970-01-01T00:00:00 of the same clock. */
export const timestamp: Words<bigint> = {
  toWord: value => microsOf(String(value)),
  fromWord: timestampOf,
};

/** Microseconds since 1970-01-01T00:00:00Z. */
export const zonedTimestamp: Words<bigint> = {
  toWord(value) {
    const text = String(value);
    if (!text.endsWith('Z')) {
      throw new Error('not in UTC');
    }
    return microsOf(text.slice(0, -1));
  },
  fromWord: word => `${timestampOf(word)}Z`,
};

export const text: Words<Uint8Array> = {
  toWord: value => encoder.encode(String(value)),
  fromWord: word => decoder.decode(word),
};

/** Base64 in a batch. */
export const bytes: Words<Uint8Array> = {
  toWord: value => Buffer.from(String(value), 'base64'),
  fromWord: word => Buffer.from(word).toString('base64'),
};

export const json: Words<Uint8Array> = {
  toWord: value => encoder.encode(JSON.stringify(value)),
  fromWord: word => JSON.parse(decoder.decode(word)),
};

/** Units of the last digit. */
export function decimal(precision: number, scale: number): Words<bigint> {
  const limit = 10n ** BigInt(precision);
  const checked = (word: bigint) => {
    if (word >= limit || word <= -limit) {
      throw new Error('too many digits');
    }
    return word;
  };
  return {
    toWord(value) {
      const [, sign, whole, fraction = ''] =
        /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(String(value)) ?? [];
      if (whole === undefined || /[1-9]/.test(fraction.slice(scale))) {
        throw new Error('no decimal of that scale');
      }
      const digits = whole + fraction.slice(0, scale).padEnd(scale, '0');
      return checked(sign === '-' ? -BigInt(digits) : BigInt(digits));
    },
    fromWord(word) {
      const positive = checked(word) < 0n ? -word : word;
      const digits = String(positive).padStart(scale + 1, '0');
      const whole = digits.slice(0, digits.length - scale);
      const fraction = scale === 0 ? '' : `.${digits.slice(-scale)}`;
      return `${word < 0n ? '-' : ''}${whole}${fraction}`;
    },
  };
}

/**
 * @param single - whether it had 32 bits, and so has the shortest spelling that
 *   means the same 32 bits
 */
export function number(word: number, single: boolean): JsonValue {
  if (!Number.isFinite(word)) {
    return String(word);
  }
  if (!single) {
    return word;
  }
  const spelled = [6, 7, 8, 9].map(digits => Number(word.toPrecision(digits)));
  return spelled.find(value => Math.fround(value) === word) ?? word;
}

/** Milliseconds of a time in whole seconds, years 1 to 9999. */
function instantOf(value: string): number {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(value)) {
    throw new Error('no date or time that Arrow holds');
  }
  const instant = Date.parse(`${value}Z`);
  // Date.parse takes the 30th of February for the 2nd of March.
  if (Number.isNaN(instant) || dateOf(instant) !== value.slice(0, 10)) {
    throw new Error('no such day');
  }
  return instant;
}

function dateOf(instant: number): string {
  const iso = new Date(instant).toISOString();
  if (!/^\d{4}-/.test(iso)) {
    throw new Error('no year of four digits');
  }
  return iso.slice(0, 10);
}

function microsOf(value: string): bigint {
  const [, seconds, fraction = ''] =
    /^([^.]{19})(?:\.(\d{1,6}))?$/.exec(value) ?? [];
  return (
    BigInt(instantOf(seconds ?? value)) * 1000n +
    BigInt(fraction.padEnd(6, '0'))
  );
}

function timestampOf(micros: bigint): string {
  const fraction = ((micros % MICROS) + MICROS) % MICROS;
  const instant = Number((micros - fraction) / 1000n);
  const clock = new Date(instant).toISOString().slice(11, 19);
  const tail = fraction
    ? `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`
    : '';
  return `${dateOf(instant)}T${clock}${tail}`;
}
