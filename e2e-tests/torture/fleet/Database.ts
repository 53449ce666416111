import { setTimeout as delay } from 'node:timers/promises';
import { World } from '../../lib/world';

/** The PostgreSQL of the world, and whether it is there. */
export class Database {
  /** While it returns, it may take connections before we know. */
  state: 'up' | 'away' | 'returning' = 'up';
  /** Since when it is in that state, in milliseconds of the epoch. */
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
      this.#turn('away');
      await delay(seconds * 1000);
    });
  }

  async #without(end: () => Promise<void>): Promise<void> {
    this.#turn('away');
    this.outages += 1;
    await end();
    this.#turn('returning');
    await this.world.restartPostgres();
    this.#turn('up');
  }

  #turn(state: Database['state']): void {
    this.state = state;
    this.since = Date.now();
  }
}
