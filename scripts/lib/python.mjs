import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';

/** Config file of the example agents in Python. */
export const PYTHON_CONFIG = join(ROOT, 'examples/app-config.python.yaml');

/**
 * The Python that this machine has, if any: 3.8 or later, by its absolute path,
 * as what a version manager puts on the path needs an environment.
 *
 * @returns {string | undefined}
 */
export function findPython() {
  try {
    const program =
      'import sys; print(sys.executable if sys.version_info >= (3, 8) else "")';
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    const found = execFileSync('python3', ['-c', program], options).trim();
    return found || undefined;
  } catch {
    return undefined;
  }
}

/**
 * What {@link PYTHON_CONFIG} reads.
 *
 * @param {string} python - An absolute path.
 * @returns {Record<string, string>}
 */
export function pythonEnvironment(python) {
  return {
    SKEIN_DEMO_PYTHON: python,
    SKEIN_DEMO_AGENTS: join(ROOT, 'examples/agents'),
  };
}
