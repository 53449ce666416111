import { InputError } from '@backstage/errors';

/**
 * Compares whole path segments of parsed addresses: `/a` allows `/a/b`, not `/ab`.
 *
 * @param prefix - scheme, host and path, of an operator
 * @param key - of the configuration that has it
 * @throws InputError naming the key
 */
export function prefixMatcher(
  prefix: string,
  key: string,
): (url: URL) => boolean {
  const allowed = URL.canParse(prefix) ? new URL(prefix) : undefined;
  if (!allowed || !['http:', 'https:'].includes(allowed.protocol)) {
    throw new InputError(`${key}.urlPrefix must be an HTTP address`);
  }
  const path = allowed.pathname.replace(/\/$/, '');
  return url =>
    url.origin === allowed.origin &&
    (url.pathname === path || url.pathname.startsWith(`${path}/`));
}
