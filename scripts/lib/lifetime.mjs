import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { complain, say } from './say.mjs';

/*
 * Whatever a command starts ends with it. Three ways to end, three answers:
 * it finishes (stopEverything), it is asked to end (signals), or it is killed
 * without a word (the leash).
 */

/** How long a child may take to end by itself, in milliseconds. */
const PATIENCE = 15_000;

/** Waits for the end of the pipe, then asks a group to end, then makes it end. */
const LEASH = `
  read -r _
  kill -s "$1" -- "-$2"
  sleep "$3"
  kill -s KILL -- "-$2"
`;

/** @type {Array<() => Promise<void>>} what to stop, the youngest last */
const stops = [];
let stopping;

/**
 * Registers something to stop when the command ends; the youngest goes first.
 *
 * @param {() => Promise<void>} stop
 * @returns {() => void} forgets it again
 */
export function onStop(stop) {
  stops.push(stop);
  return () => {
    const index = stops.indexOf(stop);
    if (index >= 0) stops.splice(index, 1);
  };
}

/** Stops everything registered, once, the youngest first. */
export function stopEverything() {
  stopping ??= (async () => {
    while (stops.length) {
      try {
        await stops.pop()();
      } catch (error) {
        complain(error);
      }
    }
  })();
  return stopping;
}

/** @type {number | undefined} */
let signalled;

/** Whether a signal ends this command: what fails then need not be explained. */
export function isBeingStopped() {
  return signalled !== undefined;
}

/** The exit code of the signal that ends this command, if one does. */
export function exitCodeOfSignal() {
  return signalled;
}

async function stopBecauseOf(signal) {
  if (signalled === undefined) say('stopping ...');
  signalled ??= 128 + constants.signals[signal];
  await stopEverything();
  process.exit(signalled);
}

/** Ends the command cleanly on Ctrl-C, SIGTERM and a closed terminal. */
export function stopOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, stopBecauseOf);
  }
}

/**
 * Ends the command when npm or Yarn, which started it, is gone. They pass
 * signals on to the shell between us and them, which keeps them to itself.
 */
export function stopWithPackageManager() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stopBecauseOf('SIGTERM');
  }, 500).unref();
}

/** Signals a whole process group; a group that is gone already is no error. */
export function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/**
 * Starts a shell that waits on a pipe from this process. If this process dies,
 * even by SIGKILL, the pipe closes and the shell ends the group.
 *
 * @param {number} pid - Leader of the group.
 * @param {NodeJS.Signals} signal - What asks it to end.
 * @param {number} patience - Until SIGKILL follows, in milliseconds.
 * @param {{uid?: number, gid?: number}} identity
 * @returns {() => void} lets it go
 */
function leash(pid, signal, patience, identity) {
  const shell = spawn(
    '/bin/sh',
    ['-c', LEASH, 'leash', signal.slice(3), pid, patience / 1000],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      cwd: '/',
      ...identity,
    },
  );
  shell.on('error', complain);
  shell.stdin.on('error', () => {});
  shell.unref();
  shell.stdin.unref?.();
  return () => shell.kill('SIGKILL');
}

/**
 * Starts a program in a process group of its own, which ends with this process.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & {signal?: never, stopSignal?: NodeJS.Signals, patience?: number}} [options] -
 *   of spawn; `stopSignal` is what asks it to end (SIGTERM by default),
 *   `patience` the milliseconds that it is given.
 */
export function launch(command, args, options = {}) {
  const { stopSignal = 'SIGTERM', patience = PATIENCE, ...rest } = options;
  const { uid, gid } = options;
  const child = spawn(command, args, {
    stdio: 'inherit',
    ...rest,
    detached: true,
  });
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  ended.catch(() => {});
  const release = child.pid
    ? leash(child.pid, stopSignal, patience, { uid, gid })
    : () => {};

  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null || !child.pid) {
      return;
    }
    signalGroup(child.pid, stopSignal);
    const timer = new AbortController();
    const late = delay(patience, 'late', { signal: timer.signal }).catch(
      () => 'over',
    );
    if ((await Promise.race([ended, late])) === 'late') {
      signalGroup(child.pid, 'SIGKILL');
      await ended;
    }
    timer.abort();
  };
  const forget = onStop(stop);
  ended
    .finally(() => {
      forget();
      release();
      // What a leader leaves behind in its group is nobody's any more.
      if (child.pid) signalGroup(child.pid, 'SIGKILL');
    })
    .catch(() => {});
  return { child, pid: child.pid, ended, stop };
}

/**
 * Runs a program to its end.
 *
 * @returns {Promise<number>} its exit code; 128 + n when a signal ended it.
 */
export async function run(command, args, options) {
  const { code, signal } = await launch(command, args, options).ended;
  if (code !== null) return code;
  return 128 + (constants.signals[signal] ?? 0);
}

/**
 * Runs a program to its end and returns what it said.
 *
 * @returns {Promise<{code: number | null, output: string}>}
 */
export async function capture(command, args, options = {}) {
  const { child, ended } = launch(command, args, {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      output += text;
      options.onOutput?.(text);
    });
  }
  const closed = once(child, 'close');
  const { code } = await ended;
  await closed;
  return { code, output };
}
