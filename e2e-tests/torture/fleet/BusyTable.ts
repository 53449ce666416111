import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { PLACE } from '../../many/smallDatasets';
import { HARNESS } from './ControlPlane';

/**
 * An application that keeps a table locked in one long transaction, so that a
 * migration of it gets nowhere. It begins anew whenever it is cut off.
 */
export class BusyTable {
  /** Moments in which it was cut off, so that a migration may have got through. */
  gaps = 0;
  readonly #over = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly warehouse: string,
    private readonly name: string,
  ) {}

  /** Returns when the table is locked. */
  async hold(): Promise<void> {
    await new Promise<void>(held => {
      this.#running = this.#keep(held);
    });
  }

  async release(): Promise<void> {
    this.#over.abort();
    await this.#running;
  }

  async #keep(held: () => void): Promise<void> {
    while (!this.#over.signal.aborted) {
      const client = new pg.Client({
        connectionString: this.warehouse,
        application_name: HARNESS,
      });
      const ended = new Promise<void>(resolve => {
        client.on('error', () => resolve());
        client.on('end', () => resolve());
        this.#over.signal.addEventListener('abort', () => resolve());
      });
      try {
        await client.connect();
        await client.query('BEGIN');
        await client.query(
          `LOCK TABLE ${PLACE}.${pg.escapeIdentifier(
            this.name,
          )} IN ROW EXCLUSIVE MODE`,
        );
        held();
        await ended;
      } catch {
        await delay(100);
      }
      await client.end().catch(() => {});
      if (!this.#over.signal.aborted) this.gaps += 1;
    }
  }
}
