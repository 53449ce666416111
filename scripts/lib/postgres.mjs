import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { capture, launch, signalGroup } from './lifetime.mjs';
import { tryLock } from './lock.mjs';
import { freePort } from './ports.mjs';
import {
  reachableFolder,
  serverIdentity,
  serverPrograms,
} from './postgres-home.mjs';
import { processOf } from './processes.mjs';
import { Explained } from './say.mjs';

const HOST = '127.0.0.1';
const USER = 'postgres';

/** Settings of every embedded server, unless the caller says otherwise. */
const SETTINGS = {
  listen_addresses: HOST,
  // No socket file: its path would have to be short and shared with others.
  unix_socket_directories: '',
  max_connections: 300,
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * A PostgreSQL server of our own.
 *
 * @typedef {object} EmbeddedPostgres
 * @property {string} host
 * @property {number} port
 * @property {string} user - A superuser.
 * @property {string} password
 * @property {string} database - `postgres`.
 * @property {string} connectionString - All of the above as a URL.
 * @property {number} pid - Of the postmaster.
 * @property {string} dataDir - Where everything is kept; maybe not the one asked for.
 * @property {string} logFile - Where the server writes its log.
 * @property {() => Promise<void>} stop - A fast shutdown; sessions are cut.
 * @property {() => Promise<void>} kill9 - SIGKILL to every process of the
 *   server, as a loss of power; start it again to recover.
 */

/**
 * Starts PostgreSQL on a data folder, which is made at the first start. The
 * server ends with this process, however that ends. A folder that a crash left
 * behind is recovered by PostgreSQL itself.
 *
 * @param {object} options
 * @param {string} options.dataDir - Folder to keep everything in. As root it
 *   may be replaced by one under /var/tmp, see postgres-home.mjs.
 * @param {number} [options.port] - A free one by default.
 * @param {Record<string, string | number>} [options.settings] - Of the server,
 *   as in postgresql.conf: `{ fsync: 'off' }`.
 * @returns {Promise<EmbeddedPostgres>}
 */
export async function startPostgres({ dataDir, port, settings }) {
  const identity = serverIdentity();
  const programs = serverPrograms(identity);
  const home = reachableFolder(dataDir, identity);
  const lock = tryLock(join(home, 'lock'));
  if (!lock.held) {
    throw new Explained(
      `process ${lock.by} uses the database in ${home} already; stop it first.`,
    );
  }
  try {
    const password = passwordOf(home);
    await initialise({ home, programs, identity, password });
    const server = await startPatiently({
      home,
      programs,
      identity,
      port,
      password,
      settings: { ...SETTINGS, ...settings },
    });
    server.ended.finally(lock.release).catch(() => {});
    return describe(server, home, password);
  } catch (error) {
    lock.release();
    throw error;
  }
}

function describe({ pid, port, ended, stop }, home, password) {
  return {
    host: HOST,
    port,
    user: USER,
    password,
    database: 'postgres',
    connectionString: `postgresql://${USER}:${password}@${HOST}:${port}/postgres`,
    pid,
    dataDir: home,
    logFile: join(home, 'log'),
    stop,
    async kill9() {
      signalGroup(pid, 'SIGKILL');
      await ended;
    },
  };
}

/** The password, made once and readable by this user only. */
function passwordOf(home) {
  const file = join(home, 'password');
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8');
}

/** Makes the data folder, whole or not at all. */
async function initialise({ home, programs, identity, password }) {
  const data = join(home, 'data');
  if (existsSync(data)) {
    requireSameMajor(data, programs.major);
    return;
  }
  const work = join(home, 'new');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { mode: 0o700 });
  const passwordFile = join(work, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (identity.uid !== undefined) {
    chownSync(work, identity.uid, identity.gid);
    chownSync(passwordFile, identity.uid, identity.gid);
  }
  const { code, output } = await capture(
    join(programs.bin, 'initdb'),
    [
      `--pgdata=${join(work, 'data')}`,
      `--username=${USER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Sorting and case mapping that do not depend on the machine.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
    ],
    { cwd: work, ...identity },
  );
  if (code !== 0) throw explain('could not be set up', output);
  renameSync(join(work, 'data'), data);
  rmSync(work, { recursive: true });
}

function requireSameMajor(data, major) {
  const made = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (made !== major) {
    throw new Explained(
      `the database in ${data} was made by PostgreSQL ${made} and this is ${major}; ` +
        'dump it with the old version, or remove the folder to begin anew.',
    );
  }
}

/**
 * PostgreSQL trusts the pid in postmaster.pid if any process of its user has
 * it. After a restart of a container that is often some other program.
 */
function forgetStalePid(home) {
  const file = join(home, 'data/postmaster.pid');
  if (!existsSync(file)) return;
  const [pid] = readFileSync(file, 'utf8').split('\n');
  if (!processOf(Number(pid))?.name.includes('postgres')) rmSync(file);
}

/** Starts the server; where the obstacle passes by itself, it tries again. */
async function startPatiently(options) {
  forgetStalePid(options.home);
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort(HOST));
    const { server, failure } = await startOnce({ ...options, port });
    if (server) return { ...server, port };
    const passes =
      (options.port === undefined && /Address already in use/.test(failure)) ||
      // The processes of a killed server take a moment to be gone.
      /pre-existing shared memory block|postmaster.pid" already exists/.test(
        failure,
      );
    if (!passes || attempt === 100) throw explain('did not start', failure);
    await delay(250);
  }
}

async function startOnce({
  home,
  programs,
  identity,
  port,
  password,
  settings,
}) {
  const data = join(home, 'data');
  const logFile = join(home, 'log');
  const log = openSync(logFile, 'w', 0o600);
  const server = launch(
    join(programs.bin, 'postgres'),
    [
      '-D',
      data,
      ...Object.entries({ ...settings, port }).flatMap(([name, value]) => [
        '-c',
        `${name}=${value}`,
      ]),
    ],
    {
      cwd: data,
      stdio: ['ignore', log, log],
      // A fast shutdown; SIGTERM would wait for every session to end.
      stopSignal: 'SIGINT',
      ...identity,
    },
  );
  closeSync(log);
  let over = false;
  server.ended.finally(() => (over = true)).catch(() => {});
  while (!over) {
    if (await answers({ port, password })) return { server };
    await delay(50);
  }
  return { failure: readFileSync(logFile, 'utf8') };
}

/** Whether the server takes connections; it may still be recovering. */
async function answers({ port, password }) {
  const client = new pg.Client({
    host: HOST,
    port,
    user: USER,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Why a program of PostgreSQL failed, from what it printed. */
function explain(what, output) {
  if (/No space left on device/.test(output)) {
    return new Explained(
      `PostgreSQL ${what}: the disk is full; free some space and run this again.`,
    );
  }
  const reason = /(?:FATAL|error): +(.+)/.exec(output)?.[1] ?? output.trim();
  return new Explained(`PostgreSQL ${what}: ${reason}`);
}
