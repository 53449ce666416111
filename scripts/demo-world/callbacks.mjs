import { Webhook } from 'standardwebhooks';

/** Callbacks that are kept; older ones are forgotten. */
const KEPT = 1000;

/** Bytes that a callback may have. */
const LARGEST = 1024 * 1024;

/**
 * @typedef {object} Callback
 * @property {string} path - e.g. `/hooks/route-planner`.
 * @property {string} receivedAt - ISO 8601.
 * @property {string} [id] - The `webhook-id`: the same for every attempt.
 * @property {boolean} verified - Whether the signature is right.
 * @property {string} [problem] - Why it is not.
 * @property {unknown} [event] - The CloudEvent, of verified callbacks only.
 */

/**
 * Verifies callbacks after Standard Webhooks and remembers them, the youngest
 * first.
 *
 * @param {string} secret - `whsec_...`
 */
export function createCallbackLog(secret) {
  const webhook = new Webhook(secret);
  /** @type {Callback[]} */
  const callbacks = [];

  return {
    /** A copy. @returns {Callback[]} */
    list: () => [...callbacks],

    /**
     * Answers 204 to a callback with a right signature, 401 to any other.
     *
     * @param {import('node:http').IncomingMessage} request
     * @param {import('node:http').ServerResponse} response
     */
    async receive(request, response) {
      const body = await readBody(request);
      if (body === undefined) {
        response.writeHead(413, { connection: 'close' }).end();
        return;
      }
      const callback = {
        path: new URL(request.url, 'http://localhost').pathname,
        receivedAt: new Date().toISOString(),
        id: request.headers['webhook-id'],
        ...check(webhook, body, request.headers),
      };
      callbacks.unshift(callback);
      callbacks.length = Math.min(callbacks.length, KEPT);
      response.writeHead(callback.verified ? 204 : 401).end();
    },
  };
}

function check(webhook, body, headers) {
  try {
    return { verified: true, event: webhook.verify(body, headers) };
  } catch (error) {
    return { verified: false, problem: error.message };
  }
}

/** The body, or undefined if it is too large. */
async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > LARGEST) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
