import { createServer } from 'node:net';
import { Explained } from './say.mjs';

/** Ports that are tried before a start is given up. */
const MOST_TRIES = 5;

/** Binds a port for a moment. @param {number} port @param {string} host @returns {Promise<number>} */
function tryPort(port, host) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const { port: bound } = server.address();
      server.close(() => resolve(bound));
    });
  });
}

/**
 * A port that nobody listens on right now. Another process may take it before
 * its user does, so whoever starts a server on it tries again with another:
 * see {@link onFreePort}.
 *
 * @param {string} [host]
 */
export function freePort(host = '127.0.0.1') {
  return tryPort(0, host);
}

/**
 * Starts something on a free port, and again on another one when it failed and
 * somebody else has the port by then.
 *
 * @template T
 * @param {(port: number) => Promise<T>} start
 * @returns {Promise<T>}
 */
export async function onFreePort(start) {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    try {
      return await start(port);
    } catch (error) {
      const isFree = await tryPort(port, '127.0.0.1').catch(() => undefined);
      if (isFree || tries === MOST_TRIES) throw error;
    }
  }
}

/**
 * Reads a port given by a person. @param {string} text @param {string} name
 */
export function parsePort(text, name) {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
    throw new Explained(
      `${name} must be a port between 1 and 65535, not '${text}'.`,
    );
  }
  return port;
}

/**
 * Fails with one sentence if a port cannot be listened on.
 *
 * @param {number} port
 * @param {{ purpose: string, advice: string, hosts?: string[] }} options -
 *   `purpose` and `advice` as they read in the sentence; `hosts` are the
 *   addresses to try, all interfaces by default.
 */
export async function requirePort(port, { purpose, advice, hosts }) {
  for (const host of hosts ?? ['0.0.0.0', '127.0.0.1']) {
    try {
      await tryPort(port, host);
    } catch (error) {
      if (error.code === 'EADDRINUSE') {
        throw new Explained(
          `port ${port}, which ${purpose} needs, is taken by another program; ${advice}.`,
        );
      }
      if (error.code === 'EACCES') {
        throw new Explained(
          `port ${port}, which ${purpose} needs, is reserved for the system; ${advice}.`,
        );
      }
      throw error;
    }
  }
}
