import { join } from 'node:path';
import { launch, run } from './lifetime.mjs';
import { CACHE, ROOT } from './paths.mjs';

/**
 * Arguments that let Node run TypeScript, with the same transform as
 * `backstage-cli package start`: `.ts` files become CommonJS, imports of
 * `@skein/...` resolve to the sources in `plugins/`, ESM-only packages
 * (pg-boss) load by a plain static import.
 */
export function nodeArguments() {
  return ['--require', join(ROOT, 'scripts/lib/typescript.cjs')];
}

/** Keeps compiled code between runs, which shortens every start of a process. */
export function nodeEnvironment(env = process.env) {
  return { NODE_COMPILE_CACHE: join(CACHE, 'compile'), ...env };
}

/**
 * Starts a TypeScript (or .mjs) file in a process and process group of its own.
 *
 * @param {string} file
 * @param {string[]} [args]
 * @param {Parameters<typeof launch>[2]} [options]
 */
export function launchTs(file, args = [], options = {}) {
  return launch(process.execPath, [...nodeArguments(), file, ...args], {
    ...options,
    env: nodeEnvironment(options.env),
  });
}

/** Runs such a file to its end; gives the exit code. */
export function runTs(file, args = [], options = {}) {
  return run(process.execPath, [...nodeArguments(), file, ...args], {
    ...options,
    env: nodeEnvironment(options.env),
  });
}
