import { InputError } from '@backstage/errors';
import { isCancelled } from './sqlState';
import { TransactionOptions } from './Session';

/** How long each statement of some work may take. */
export interface StatementTimeout {
  /** For people: `The preview of warehouse.public.flights`. */
  what: string;
  seconds: number;
  /** Name of the operator's setting. */
  setting: string;
}

/**
 * Runs work whose statements are bounded, and says of the one that took too
 * long what it belonged to.
 *
 * @param run - gets the options with the bound
 * @throws InputError when it strikes; an abort is told as everywhere
 */
export async function withinTimeout<T>(
  { what, seconds, setting }: StatementTimeout,
  options: TransactionOptions,
  run: (options: TransactionOptions) => Promise<T>,
): Promise<T> {
  const settings = {
    ...options.settings,
    statement_timeout: `${Math.ceil(seconds * 1_000)}ms`,
  };
  try {
    return await run({ ...options, settings });
  } catch (error) {
    if (isCancelled(error)) {
      throw new InputError(
        `${what} was given up: one of its statements was cancelled by the database. It may take ${seconds} seconds (datasetMigrations.engines.postgres.${setting})`,
      );
    }
    throw error;
  }
}
