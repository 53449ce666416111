import { InputError } from '@backstage/errors';

/** PostgreSQL cuts longer names off without a word. */
const MAX_BYTES = 63;

/** Says what is wrong with a name for a schema, a table or a column. */
export function problemOfIdentifier(name: string): string | undefined {
  if (name === '') {
    return 'is empty';
  }
  if (Buffer.byteLength(name, 'utf8') > MAX_BYTES) {
    return `is longer than the ${MAX_BYTES} bytes that PostgreSQL keeps`;
  }
  if (!/^[\p{L}_][\p{L}\p{M}\p{N}_$ -]*$/u.test(name)) {
    return 'may hold letters, digits, blanks and _ $ - only, and begins with a letter or _';
  }
  return undefined;
}

/**
 * @returns the name
 * @throws InputError naming the place in the contract and the name
 */
export function checkIdentifier(path: string, name: string): string {
  const problem = problemOfIdentifier(name);
  if (problem) {
    const shown = name.length > 80 ? `${name.slice(0, 80)}...` : name;
    throw new InputError(`${path}: the name '${shown}' ${problem}`);
  }
  return name;
}
