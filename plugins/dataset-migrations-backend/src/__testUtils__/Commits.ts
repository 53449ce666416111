import { Knex } from 'knex';

/**
 * What happens in memory when transactions commit. Who reads the database can
 * see a commit a moment before this process is told of it.
 */
export class Commits {
  private readonly open = new Set<Promise<void>>();

  /** Does something when the transaction commits, not when it is rolled back. */
  after(trx: Knex.Transaction, effect: () => void): void {
    const over = trx.executionPromise
      .then(effect, () => {})
      .finally(() => this.open.delete(over));
    this.open.add(over);
  }

  /** Waits until memory has caught up with every commit that was seen. */
  async settled(): Promise<void> {
    await Promise.all(this.open);
  }
}
