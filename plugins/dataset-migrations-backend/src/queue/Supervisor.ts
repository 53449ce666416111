import { LoggerService } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import { Knex } from 'knex';
import { PgBoss } from 'pg-boss';
import { setTimeout as wait } from 'node:timers/promises';
import { takeTurn, untilNextTurn } from '../database/takeTurn';

/** How soon dead workers are noticed, and how often jobs are counted. */
const EVERY_MS = 1_000;

/**
 * Has the library look for jobs of dead workers, count jobs and clean up. It
 * would do so in every process, with a dozen statements each time; here the
 * processes take turns.
 */
export class Supervisor {
  private readonly stopped = new AbortController();
  private readonly loop: Promise<void>;

  constructor(
    private readonly options: {
      boss: PgBoss;
      knex: Knex;
      logger: LoggerService;
    },
  ) {
    this.loop = this.superviseInTurns();
  }

  /** Returns when it does nothing any more. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.loop;
  }

  private async superviseInTurns(): Promise<void> {
    const { boss, knex, logger } = this.options;
    const { signal } = this.stopped;
    while (!signal.aborted) {
      let isOurs = false;
      try {
        isOurs = await takeTurn(knex, 'queue-supervision', EVERY_MS);
        if (isOurs) {
          await boss.supervise();
        }
      } catch (error) {
        assertError(error);
        logger.warn(`Queue: jobs are not supervised: ${error.message}`);
      }
      const pause = untilNextTurn(isOurs, EVERY_MS);
      await wait(pause, undefined, { signal, ref: false }).catch(() => {});
    }
  }
}
