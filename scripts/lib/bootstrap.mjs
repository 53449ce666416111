import { fileURLToPath } from 'node:url';
import { explainDisk } from './disk.mjs';
import {
  exitCodeOfSignal,
  isBeingStopped,
  run,
  stopEverything,
  stopOnSignals,
  stopWithPackageManager,
} from './lifetime.mjs';
import { nodeArguments } from './run-ts.mjs';
import { complain, Explained } from './say.mjs';
import {
  nodeExecutable,
  prepareToolchain,
  toolEnvironment,
} from './toolchain.mjs';

/**
 * Brings the toolchain and the dependencies, then runs a script of the house
 * under our Node with the arguments of this process, and exits as it exits.
 * TypeScript works, and so do imports of the workspace's own packages.
 *
 * @param {URL} script - `new URL('./commands/start.mjs', import.meta.url)`
 */
export async function runUnderToolchain(script) {
  stopOnSignals();
  stopWithPackageManager();
  try {
    await prepareToolchain();
    process.exitCode = await run(
      nodeExecutable(),
      [...nodeArguments(), fileURLToPath(script), ...process.argv.slice(2)],
      { env: toolEnvironment() },
    );
  } catch (error) {
    complain(explainDisk(error));
    process.exitCode = 1;
  } finally {
    await stopEverything();
  }
}

/** Turns errors that a person can act on into sentences. */
function explain(error) {
  if (String(error?.code).startsWith('ERR_PARSE_ARGS')) {
    return new Explained(`${error.message}; --help shows what there is.`);
  }
  return explainDisk(error);
}

/**
 * Runs the body of a command that was started by {@link runUnderToolchain}:
 * whatever it starts is stopped when it ends, fails or is asked to end.
 *
 * @param {() => Promise<number | void>} body - Returns the exit code, 0 by default.
 */
export async function command(body) {
  stopOnSignals();
  let code = 1;
  try {
    code = (await body()) ?? 0;
  } catch (error) {
    if (!isBeingStopped()) complain(explain(error));
  }
  await stopEverything();
  process.exit(exitCodeOfSignal() ?? code);
}
