import { setTimeout as delay } from 'node:timers/promises';
import { World } from '../../lib/world';

/** The PostgreSQL of the world, and whether it is there. */
export class Database {
  up = true;
  /** Since when it is up, or down; in milliseconds of the epoch. */
  since = Date.now();
  /** Outages so far. */
  outages = 0;

  constructor(private readonly world: World) {}

  kill(): Promise<void> {
    return this.#without(() => this.world.postgres.kill9());
  }

  stop(seconds: number): Promise<void> {
    return this.#without(async () => {
      await this.world.postgres.stop();
      this.#turn(false);
      await delay(seconds * 1000);
    });
  }

  async #without(end: () => Promise<void>): Promise<void> {
    this.#turn(false);
    this.outages += 1;
    await end();
    await this.world.restartPostgres();
    this.#turn(true);
  }

  #turn(up: boolean): void {
    this.up = up;
    this.since = Date.now();
  }
}
