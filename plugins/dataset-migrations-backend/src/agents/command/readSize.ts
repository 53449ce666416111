import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

const UNITS: Record<string, number> = {
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/**
 * Reads a size such as `256MB` (of 1000 * 1000 bytes) or `256MiB` (of 1024 * 1024).
 *
 * @param key - of `config`, for messages
 * @returns bytes
 * @throws InputError naming key and value
 */
export function readSize(
  config: Config,
  name: string,
  fallback: string,
  key: string,
): number {
  const text = config.getOptionalString(name) ?? fallback;
  const [, digits, unit] = /^([1-9]\d{0,8})\s?([KMG]i?B)$/.exec(text) ?? [];
  if (unit === undefined) {
    throw new InputError(
      `${key}.${name} must be a size such as '256MB', not '${text}'`,
    );
  }
  return Number(digits) * UNITS[unit];
}
