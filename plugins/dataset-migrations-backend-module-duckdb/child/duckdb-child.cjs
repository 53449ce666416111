// @ts-check
/**
 * The process that DuckDB runs in: a child of the worker, so that a query which
 * ignores its interrupt can be killed, a crash of the library takes no worker
 * along, and its memory is given back. Plain JavaScript, because it is started
 * as it lies here, from sources, tests and builds alike.
 *
 * Started with how often it tells of progress, in milliseconds.
 *
 * Messages in: `{ op: 'open', id, settings }`, `{ op: 'run', id, sql }`,
 * `{ op: 'interrupt', id }`, which stops that query. Messages out: `{ id, rows }`
 * and `{ id, error }`, and before them, for a query that takes long,
 * `{ id, percentage }`. As many queries at a time as it was opened for.
 */
'use strict';

const { DuckDBInstance } = require('@duckdb/node-api');

/** @type {import('@duckdb/node-api').DuckDBInstance | undefined} */
let instance;

/** How often a query that takes long says how far it got, in milliseconds. */
const progressMs = Number(process.argv[2]);

/** Connections that run nothing. @type {import('@duckdb/node-api').DuckDBConnection[]} */
let free = [];

/** By the queries they run. @type {Map<number, import('@duckdb/node-api').DuckDBConnection>} */
const busy = new Map();

/** @param {unknown} message */
function send(message) {
  if (process.connected && process.send) {
    process.send(message);
  }
}

/**
 * Opens an empty database in memory and closes every door: after the last
 * statement nothing outside the given folders can be reached, and no setting
 * can be changed any more. What was open before is closed.
 *
 * @param {{
 *   connections: number,
 *   config: Record<string, string>,
 *   perConnection: string[],
 *   statements: string[],
 * }} settings
 */
async function open(settings) {
  for (const connection of free.splice(0)) {
    connection.closeSync();
  }
  instance?.closeSync();
  instance = await DuckDBInstance.create(':memory:', settings.config);
  const opened = [];
  for (let index = 0; index < settings.connections; index++) {
    const connection = await instance.connect();
    await connection.run(settings.perConnection.join('; '));
    opened.push(connection);
  }
  await opened[0].run(settings.statements.join('; '));
  free = opened;
  return [];
}

/**
 * @param {number} id
 * @param {string} sql
 */
async function run(id, sql) {
  const connection = free.pop();
  if (!connection) {
    throw new Error('The database is not open for that many queries');
  }
  busy.set(id, connection);
  const telling = setInterval(() => {
    const { percentage } = connection.progress;
    // Below 0 as long as DuckDB does not know.
    if (percentage >= 0) {
      send({ id, percentage });
    }
  }, progressMs);
  try {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRowObjectsJson();
  } finally {
    clearInterval(telling);
    busy.delete(id);
    free.push(connection);
  }
}

/** @param {any} message */
async function handle(message) {
  if (message.op === 'interrupt') {
    busy.get(message.id)?.interrupt();
    return;
  }
  try {
    const rows =
      message.op === 'open'
        ? await open(message.settings)
        : await run(message.id, message.sql);
    send({ id: message.id, rows });
  } catch (error) {
    send({
      id: message.id,
      error: error instanceof Error ? error.message : String(error),
    });
  }
}

process.on('message', handle);

// The worker is gone: end at once, in the middle of whatever runs. An ordinary
// exit would wait for DuckDB's threads.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
