import { Knex } from 'knex';

/** The secret before the newest one signs for so long, too. */
const OVERLAP_HOURS = 24;

/** The table `consumer_secrets`: which of its secrets each consumer is at. */
export class SecretGenerations {
  constructor(private readonly knex: Knex) {}

  /**
   * The generations that sign what a consumer is sent: the newest one, and until a day
   * has passed the one before it.
   */
  async signingFor(consumerRef: string): Promise<number[]> {
    const row = await this.knex('consumer_secrets')
      .where({ consumer_ref: consumerRef })
      .first(
        'generation',
        this.knex.raw(
          'raised_at > now() - make_interval(hours => ?) AS overlapping',
          [OVERLAP_HOURS],
        ),
      );
    if (!row) {
      return [0];
    }
    const { generation, overlapping } = row;
    return overlapping ? [generation, generation - 1] : [generation];
  }

  /** Replaces the secret of a consumer. */
  async raise(consumerRef: string): Promise<void> {
    const { knex } = this;
    await knex('consumer_secrets')
      .insert({
        consumer_ref: consumerRef,
        generation: 1,
        raised_at: knex.fn.now(),
      })
      .onConflict('consumer_ref')
      .merge({
        generation: knex.raw('consumer_secrets.generation + 1'),
        raised_at: knex.fn.now(),
      });
  }
}
