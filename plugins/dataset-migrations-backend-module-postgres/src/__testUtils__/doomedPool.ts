import { Pool, PoolClient, PoolConfig } from 'pg';
import { textOf } from './textOf';

/** Counts what a worker does to the store, and kills it at one step. */
export interface Doom {
  makePool(config: PoolConfig): Pool;
  dead(): boolean;
}

/**
 * A worker that dies before its n-th commit: until it commits, a transaction has
 * done nothing that a dying worker could leave half done, and one that only reads
 * has not even then. What one leaves that dies behind a commit is what the next
 * one leaves as well, which has a transaction open besides.
 * Death cuts its connections, without a word to the server.
 *
 * @param options.every - counts every statement instead of every commit
 */
export function doom(step: number, options: { every?: boolean } = {}): Doom {
  let steps = 0;
  let dead = false;
  const clients = new Set<PoolClient>();
  const die = () => {
    dead = true;
    for (const client of clients) {
      (client as any).connection.stream.destroy();
    }
    throw new Error('This worker is dead');
  };
  const count = () => {
    steps += 1;
    if (dead || steps >= step) {
      die();
    }
  };
  return {
    dead: () => dead,
    makePool(config) {
      const pool = new Pool(config);
      pool.on('connect', client => {
        clients.add(client);
        const query = client.query.bind(client) as (
          ...args: unknown[]
        ) => Promise<unknown>;
        let readOnly = false;
        (client as any).query = async (...args: unknown[]) => {
          if (dead) {
            die();
          }
          const text = textOf(args[0]);
          if (text.startsWith('BEGIN ')) {
            readOnly = /^BEGIN [A-Z ]+ READ ONLY;/.test(text);
          }
          if (!options.every && (text !== 'COMMIT' || readOnly)) {
            return query(...args);
          }
          count();
          return query(...args);
        };
      });
      return pool;
    },
  };
}
