/**
 * An exact decimal: `unscaled / 10^scale`. The scale is kept as PostgreSQL
 * keeps it, so that 1.50 stays 1.50.
 */
export interface Decimal {
  unscaled: bigint;
  scale: number;
}

const abs = (value: bigint) => (value < 0n ? -value : value);

/** 10^n. */
const power = (n: number) => 10n ** BigInt(n);

/** Largest exponent that is read; more would fill the memory with digits. */
const MAX_EXPONENT = 1000;

/** Reads `-12.50`, `.5`, `1e3`; undefined when the text is no decimal number. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(
    text.trim(),
  );
  if (!match || !(match[2] || match[3])) {
    return undefined;
  }
  const [, sign, whole, fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT) {
    return undefined;
  }
  const digits = BigInt(`${whole}${fraction}`);
  const signed = sign === '-' ? -digits : digits;
  const scale = fraction.length - exponent;
  return scale >= 0
    ? { unscaled: signed, scale }
    : { unscaled: signed * power(-scale), scale: 0 };
}

export function formatDecimal({ unscaled, scale }: Decimal): string {
  const digits = abs(unscaled)
    .toString()
    .padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0
    ? `${sign}${digits}`
    : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The same number with more digits after the point. */
function widen(value: Decimal, scale: number): bigint {
  return value.unscaled * power(scale - value.scale);
}

/** To so many digits after the point; halves away from zero, as SQL's numeric. */
export function roundDecimal(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) {
    return { unscaled: widen(value, scale), scale };
  }
  const divisor = power(value.scale - scale);
  const half = divisor / 2n;
  const magnitude = (abs(value.unscaled) + half) / divisor;
  return { unscaled: value.unscaled < 0n ? -magnitude : magnitude, scale };
}

/** The largest integer that is not above the value. */
export function floorDecimal(value: Decimal): bigint {
  const divisor = power(value.scale);
  const quotient = value.unscaled / divisor;
  return value.unscaled < 0n && quotient * divisor !== value.unscaled
    ? quotient - 1n
    : quotient;
}

export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const [x, y] = [widen(a, scale), widen(b, scale)];
  if (x === y) {
    return 0;
  }
  return x < y ? -1 : 1;
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { unscaled: widen(a, scale) + widen(b, scale), scale };
}

export function negateDecimal(value: Decimal): Decimal {
  return { unscaled: -value.unscaled, scale: value.scale };
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return { unscaled: a.unscaled * b.unscaled, scale: a.scale + b.scale };
}

/** With the sign of the dividend; the divisor must not be zero. */
export function remainderDecimal(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { unscaled: widen(a, scale) % widen(b, scale), scale };
}

/** Digits before the point, 0 for numbers below 1. */
export function wholeDigitsOf(value: Decimal): number {
  const whole = abs(value.unscaled) / power(value.scale);
  return whole === 0n ? 0 : whole.toString().length;
}
