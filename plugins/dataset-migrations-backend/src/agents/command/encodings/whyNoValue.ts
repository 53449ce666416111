import { JsonValue } from '@backstage/types';
import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';

const DATE = '[+-]?\\d{4,}-\\d\\d-\\d\\d';
const TIME = '\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,6})?)?';

/** Texts of types that JSON has no spelling for, as stores write and read them. */
const TEXTS = {
  decimal: /^([+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|nan|[+-]?infinity)$/i,
  date: new RegExp(`^([+-]?infinity|${DATE}( BC)?)$`, 'i'),
  time: new RegExp(`^${TIME}$`),
  timestamp: new RegExp(`^([+-]?infinity|${DATE}[T ]${TIME}( BC)?)$`, 'i'),
  zoned: new RegExp(
    `^([+-]?infinity|${DATE}[T ]${TIME}(Z|[+-]\\d\\d(:?\\d\\d)?)( BC)?)$`,
    'i',
  ),
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  bytes: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
};

/**
 * Looks whether a value is spelled as `Batch` promises for a type. NULL always is.
 *
 * @returns what it is instead, without the value itself
 */
export function whyNoValue(
  value: JsonValue,
  type: FieldType,
): string | undefined {
  if (value === null || type.kind === 'json') {
    return undefined;
  }
  switch (type.kind) {
    case 'boolean':
      return unless(typeof value === 'boolean', value);
    case 'integer':
      return integer(value, type.bits);
    case 'float':
      return unless(
        typeof value === 'number' ||
          ['NaN', 'Infinity', '-Infinity'].includes(String(value)),
        value,
      );
    case 'string':
      return unless(typeof value === 'string', value);
    case 'timestamp':
      return text(value, type.zone ? TEXTS.zoned : TEXTS.timestamp);
    case 'array':
      return unless(Array.isArray(value), value);
    case 'object':
      return unless(typeof value === 'object' && !Array.isArray(value), value);
    case 'unknown':
      return kindOf(value);
    default:
      return text(value, TEXTS[type.kind]);
  }
}

function integer(value: JsonValue, bits: 16 | 32 | 64): string | undefined {
  const spelled =
    bits === 64
      ? typeof value === 'string' && /^[+-]?\d{1,19}$/.test(value)
      : Number.isInteger(value);
  if (!spelled) {
    return kindOf(value);
  }
  const exact = BigInt(value as string | number);
  return BigInt.asIntN(bits, exact) === exact
    ? undefined
    : 'a number out of range';
}

function text(value: JsonValue, pattern: RegExp): string | undefined {
  if (typeof value !== 'string') {
    return kindOf(value);
  }
  return pattern.test(value) ? undefined : 'a text of another form';
}

function unless(fits: boolean, value: JsonValue): string | undefined {
  return fits ? undefined : kindOf(value);
}

function kindOf(value: JsonValue): string {
  if (Array.isArray(value)) {
    return 'an array';
  }
  return {
    string: 'a text',
    number: 'a number',
    boolean: 'true or false',
    object: 'an object',
  }[typeof value as 'string' | 'number' | 'boolean' | 'object'];
}
