import { constants } from 'fs';
import { access, stat } from 'fs/promises';
import path from 'path';
import { isError } from '@backstage/errors';
import { Root } from '../config/readSettings';

/**
 * Whether this process sees the roots, and may write where bindings allow
 * datasets to be. Nothing is written for it. A folder below a root need not be
 * there: datasets may be yet to come.
 *
 * @returns what is missing; undefined when nothing is
 */
export async function available(roots: Root[]): Promise<string | undefined> {
  for (const root of roots) {
    const reasons = [
      await reasonAgainst(root.path, 'read'),
      ...(await Promise.all(
        root.bindings.map(({ prefix }) =>
          reasonAgainst(path.join(root.path, ...prefix), 'written'),
        ),
      )),
    ];
    const reason = reasons.find(each => each !== undefined);
    if (reason) {
      return `the root '${root.name}': ${reason}`;
    }
  }
  return undefined;
}

async function reasonAgainst(
  folder: string,
  use: 'read' | 'written',
): Promise<string | undefined> {
  const mode = use === 'read' ? constants.R_OK : constants.W_OK;
  try {
    if (!(await stat(folder)).isDirectory()) {
      return `${folder} is no folder`;
    }
    await access(folder, mode);
    return undefined;
  } catch (error) {
    const code = isError(error) ? error.code : undefined;
    if (code === 'ENOENT') {
      return use === 'read' ? `${folder} is not there` : undefined;
    }
    return `${folder} cannot be ${use} (${code})`;
  }
}
