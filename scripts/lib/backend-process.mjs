import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { signalGroup } from './lifetime.mjs';
import { launchTs } from './run-ts.mjs';
import { Explained } from './say.mjs';

/** How long a backend may take to be ready, in milliseconds. */
const PATIENCE = 180_000;

/**
 * A backend of Backstage in a process of its own.
 *
 * @typedef {object} BackendProcess
 * @property {string} url - Where it listens.
 * @property {number} pid
 * @property {string} logFile - All it said, one JSON object a line.
 * @property {Promise<{code: number | null, signal: string | null}>} ended
 * @property {() => Promise<void>} stop - Asks it to end, and waits.
 * @property {() => Promise<void>} kill9 - SIGKILL to it and its children.
 * @property {(signal: NodeJS.Signals) => void} signal - SIGSTOP, SIGCONT, ...
 *   to it and its children.
 */

/**
 * Starts a backend and waits until it is ready to serve.
 *
 * @param {object} options
 * @param {string} options.name - As it is called in messages.
 * @param {string} options.entry - Its `src/index.ts`.
 * @param {string[]} options.configs - Config files, later ones win.
 * @param {string} options.url - Where these make it listen.
 * @param {string} options.logFile
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {(line: { level: string, message: string, plugin?: string }) => void} [options.onLog] -
 *   Gets what it says; `level` is `stderr` for what no logger said.
 * @returns {Promise<BackendProcess>}
 */
export async function startBackend({
  name,
  entry,
  configs,
  url,
  logFile,
  env = process.env,
  onLog = () => {},
}) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  const { child, pid, ended, stop } = launchTs(
    entry,
    configs.flatMap(config => ['--config', config]),
    {
      cwd: dirname(dirname(entry)),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { NODE_ENV: 'production', ...env },
    },
  );

  const errors = [];
  // Somebody else may have the port, and be ready too.
  let listening = false;
  createInterface({ input: child.stdout }).on('line', line => {
    log.write(`${line}\n`);
    const said = parse(line);
    if (said) {
      listening ||= said.message.startsWith('Listening on ');
      onLog(said);
    }
  });
  createInterface({ input: child.stderr }).on('line', line => {
    log.write(`${line}\n`);
    errors.push(line);
    onLog({ level: 'stderr', message: line });
  });

  let over = false;
  ended.finally(() => (over = true)).catch(() => {});
  const backend = {
    url,
    pid,
    logFile,
    ended,
    stop,
    signal: signal => signalGroup(pid, signal),
    async kill9() {
      signalGroup(pid, 'SIGKILL');
      await ended;
    },
  };

  const deadline = Date.now() + PATIENCE;
  while (!listening || !(await isReady(url))) {
    if (over) {
      throw new Explained(
        `${name} did not start: ${firstReason(errors)} (all of it: ${logFile})`,
      );
    }
    if (Date.now() > deadline) {
      await stop();
      throw new Explained(
        `${name} was not ready after ${
          PATIENCE / 1000
        } s (its log: ${logFile}).`,
      );
    }
    await delay(100);
  }
  return backend;
}

/** A line of Backstage's log in production, or undefined. */
function parse(line) {
  try {
    const { level, message, plugin } = JSON.parse(line);
    // Backstage logs errors that are no Error as they are.
    const text =
      typeof message === 'string' ? message : JSON.stringify(message);
    return { level, message: text, plugin };
  } catch {
    return undefined;
  }
}

async function isReady(url) {
  try {
    const response = await fetch(`${url}/.backstage/health/v1/readiness`);
    return response.ok;
  } catch {
    return false;
  }
}

/** The line of a stack that says why. */
function firstReason(lines) {
  const reason = lines.find(line => /^(\[?\w*Error\b|\w+: )/.test(line));
  return (reason ?? lines.at(-1) ?? 'it said nothing').trim();
}
