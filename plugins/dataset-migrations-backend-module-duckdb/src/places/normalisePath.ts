import { InputError } from '@backstage/errors';

/** The folder of ours beside the data; no dataset may lie in one. */
export const STATE_FOLDER = '_skein';

const MAX_PATH = 1024;

/**
 * Takes a path from a contract apart. It is relative to a root, written with
 * `/`, and stays below it.
 *
 * @returns its segments, at least one
 * @throws InputError for an absolute or climbing path, an address, control
 *   characters, backslashes, and our own folder
 */
export function normalisePath(path: string): string[] {
  const shown = JSON.stringify(path.slice(0, 200));
  const refuse = (why: string) => new InputError(`The path ${shown} ${why}`);
  if (path.length > MAX_PATH) {
    throw refuse(`is longer than ${MAX_PATH} characters`);
  }
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f\\]/.test(path)) {
    throw refuse('has a control character or a backslash');
  }
  if (path.startsWith('/')) {
    throw refuse('is absolute; it must be relative to its server');
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) {
    throw refuse('is an address; it must be relative to its server');
  }
  const segments = path
    .split('/')
    .filter(segment => segment !== '' && segment !== '.');
  if (segments.includes('..')) {
    throw refuse('climbs with ..');
  }
  if (segments.includes(STATE_FOLDER)) {
    throw refuse(`lies in ${STATE_FOLDER}, where versions are published`);
  }
  if (segments.length === 0) {
    throw refuse('names no file and no folder');
  }
  return segments;
}
