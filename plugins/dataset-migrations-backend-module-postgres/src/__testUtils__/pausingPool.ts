import { Pool, PoolConfig } from 'pg';
import { textOf } from './textOf';

/** A worker that stops at a statement, as SIGSTOP stops a process there. */
export interface Pause {
  makePool(config: PoolConfig): Pool;
  /** Settles once the worker has come to the statement. */
  reached: Promise<void>;
  resume(): void;
}

/**
 * Makes pools for a worker whom somebody meddles with.
 *
 * @param before - awaited before each statement
 */
export function meddledPool(
  before: (statement: string) => Promise<void>,
): Pause['makePool'] {
  return config => {
    const pool = new Pool(config);
    pool.on('connect', client => {
      const query = client.query.bind(client) as (
        ...args: unknown[]
      ) => Promise<unknown>;
      (client as any).query = async (...args: unknown[]) => {
        await before(textOf(args[0]));
        return query(...args);
      };
    });
    return pool;
  };
}

/** @param statement - what the statement begins with */
export function pauseBefore(statement: string): Pause {
  let arrive = () => {};
  let resume = () => {};
  const reached = new Promise<void>(resolve => {
    arrive = resolve;
  });
  const resumed = new Promise<void>(resolve => {
    resume = resolve;
  });
  return {
    reached,
    resume: () => resume(),
    makePool: meddledPool(async text => {
      if (text.startsWith(statement)) {
        arrive();
        await resumed;
      }
    }),
  };
}
