import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * @param program - an absolute path, or a name
 * @param folders - in which a name is looked for
 * @returns the absolute path of what can be run, or undefined
 */
export async function findProgram(
  program: string,
  folders: string[],
): Promise<string | undefined> {
  const candidates = path.isAbsolute(program)
    ? [program]
    : folders.map(folder => path.join(folder, program));
  for (const candidate of candidates) {
    if (await isProgram(candidate)) {
      return candidate;
    }
  }
  return undefined;
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
