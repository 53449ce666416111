import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder for one test, with a space in its name, removed when it ends.
 *
 * @param {import('node:test').TestContext} test
 */
export function temporaryFolder(test) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'skein test-')));
  test.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
