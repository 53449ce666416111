import { InputError } from '@backstage/errors';

/** Whether a segment of a path is a pattern. */
export function isPattern(segment: string): boolean {
  return /[*?[\]{}]/.test(segment);
}

/**
 * Matches one segment of a path; `*` and `?` as in a shell.
 *
 * @throws InputError for the other signs that shells know: what they mean
 *   differs between readers, and files must not be chosen by a guess
 */
export function segmentMatcher(pattern: string): (name: string) => boolean {
  if (/[[\]{}]|\*\*/.test(pattern)) {
    throw new InputError(
      `The pattern '${pattern}' may only use * and ?, each within one folder`,
    );
  }
  const source = pattern
    .replace(/[.+^$()|]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  const expression = new RegExp(`^${source}$`, 'u');
  return name => !isHidden(name) && expression.test(name);
}

/** Names that readers of data folders pass over, ours among them. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name.startsWith('_');
}
