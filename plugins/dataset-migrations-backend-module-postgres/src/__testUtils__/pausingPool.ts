import { Pool, PoolConfig } from 'pg';

/** A worker that stops at a statement, as SIGSTOP stops a process there. */
export interface Pause {
  makePool(config: PoolConfig): Pool;
  /** Settles once the worker has come to the statement. */
  reached: Promise<void>;
  resume(): void;
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
    makePool(config) {
      const pool = new Pool(config);
      pool.on('connect', client => {
        const query = client.query.bind(client) as (
          ...args: unknown[]
        ) => Promise<unknown>;
        (client as any).query = async (...args: unknown[]) => {
          if (String(args[0]).startsWith(statement)) {
            arrive();
            await resumed;
          }
          return query(...args);
        };
      });
      return pool;
    },
  };
}
