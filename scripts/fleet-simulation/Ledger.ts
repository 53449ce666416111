import { Knex } from 'knex';

/** What the ledger says in the end. */
export interface Account {
  /** Jobs that were enqueued. */
  jobs: number;
  /** Of them, those that never ran to their end. */
  lost: number;
  /** Of them, those whose end was committed more than once. */
  doubled: number;
  /** Runs that began and did not end: their worker was killed or went. */
  interrupted: number;
  /** Jobs that were begun by a killed worker and run again by another. */
  runAgainAfterKill: number;
}

/**
 * Every run of every job, as the workers write it down: its begin at once, its
 * end in the transaction that ends the job.
 */
export class Ledger {
  constructor(private readonly knex: Knex) {}

  /** Makes its tables. */
  async create(): Promise<void> {
    await this.knex.schema.createTable('simulated_jobs', table => {
      table.text('key').primary();
    });
    await this.knex.schema.createTable('simulated_runs', table => {
      table.bigIncrements('id');
      table.text('key').notNullable();
      table.text('worker').notNullable();
      table.timestamp('began_at').notNullable().defaultTo(this.knex.fn.now());
      table.timestamp('ended_at');
      table.index(['key']);
      table.index(['ended_at']);
    });
  }

  /** Notes jobs, in the transaction that enqueues them. */
  async enqueued(trx: Knex.Transaction, keys: string[]): Promise<void> {
    await trx('simulated_jobs').insert(keys.map(key => ({ key })));
  }

  /** Notes that a worker began a job. @returns the run, for {@link ended} */
  async began(key: string, worker: string): Promise<string> {
    const [{ id }] = await this.knex('simulated_runs')
      .insert({ key, worker })
      .returning('id');
    return id;
  }

  /** Notes that a run ended, in the transaction that ends the job. */
  async ended(trx: Knex.Transaction, run: string): Promise<void> {
    await trx('simulated_runs')
      .where({ id: run })
      .update({ ended_at: trx.fn.now() });
  }

  /**
   * Of these workers, those that had begun a job so shortly before a moment that
   * they cannot have sent its end by then. The end of an older job may be on its
   * way, and be committed after its worker's death.
   *
   * @param moment - by the clock of the database's machine
   * @param jobMilliseconds - how long a job waits before it ends
   */
  async amidJob(
    workers: string[],
    moment: Date,
    jobMilliseconds: number,
  ): Promise<string[]> {
    return this.knex('simulated_runs')
      .whereNull('ended_at')
      .where(
        'began_at',
        '>',
        new Date(moment.getTime() - (jobMilliseconds * 3) / 4),
      )
      .whereIn('worker', workers)
      .distinct()
      .pluck('worker');
  }

  /** Jobs that were run to their end. */
  async done(): Promise<number> {
    const [{ count }] = await this.knex('simulated_runs')
      .whereNotNull('ended_at')
      .count();
    return Number(count);
  }

  /** Ends of jobs, as seconds since a moment. */
  async endings(since: Date): Promise<number[]> {
    const rows = await this.knex('simulated_runs')
      .whereNotNull('ended_at')
      .orderBy('ended_at')
      .select(
        this.knex.raw('extract(epoch FROM ended_at - ?)::float8 AS second', [
          since,
        ]),
      );
    return rows.map(({ second }) => second);
  }

  /** @param killed - workers that were killed */
  async account(killed: string[]): Promise<Account> {
    const [row] = await this.knex
      .with('runs', runs =>
        runs
          .from('simulated_jobs')
          .leftJoin(
            'simulated_runs',
            'simulated_runs.key',
            'simulated_jobs.key',
          )
          .groupBy('simulated_jobs.key')
          .select(
            this.knex.raw('count(ended_at) AS ends'),
            this.knex.raw('count(id) - count(ended_at) AS interrupted'),
            this.knex.raw(
              'count(*) FILTER (WHERE ended_at IS NULL AND worker = any(?)) AS killed',
              [killed],
            ),
          ),
      )
      .from('runs')
      .select(
        this.knex.raw('count(*)::int AS jobs'),
        this.knex.raw('count(*) FILTER (WHERE ends = 0)::int AS lost'),
        this.knex.raw('count(*) FILTER (WHERE ends > 1)::int AS doubled'),
        this.knex.raw('coalesce(sum(interrupted), 0)::int AS interrupted'),
        this.knex.raw(
          'count(*) FILTER (WHERE killed > 0 AND ends > 0)::int AS again',
        ),
      );
    const { again, ...account } = row;
    return { ...account, runAgainAfterKill: again };
  }
}
