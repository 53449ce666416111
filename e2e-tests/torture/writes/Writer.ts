import pg from 'pg';

/** What a writer knows of a row of its own; undefined for one that is not there. */
type Row = { amount: number; entry: string } | undefined;

/** A statement that was answered, in milliseconds of `performance.now()`. */
export interface Answered {
  from: number;
  to: number;
}

/** Rows that each writer has to itself, so that its log says what must be there. */
export const KEYS_PER_WRITER = 1_000_000;

/**
 * An application that writes rows of its own, one transaction after the other,
 * and keeps a log of what the server acknowledged.
 */
export class Writer {
  readonly answered: Answered[] = [];
  statements = 0;
  readonly #log = new Map<number, Row>();
  /** What a transaction without an answer may have done; settled on reconnecting. */
  #open?: Map<number, Row>;
  #client?: pg.Client;
  #next: number;
  #stopping = false;
  #paused?: Promise<void>;
  #reachPause?: () => void;

  constructor(
    readonly number: number,
    private readonly connectionString: string,
    private readonly random: () => number,
    /** The names under which the table may be written just now. */
    private readonly names: () => string[],
    /** Told of what failed, but for what the server's end cut off. */
    private readonly fail: (message: string) => void,
  ) {
    this.#next = number * KEYS_PER_WRITER + 1;
  }

  async run(): Promise<void> {
    while (!this.#stopping) {
      if (this.#paused) {
        this.#reachPause?.();
        await this.#paused;
      }
      try {
        await this.#settle();
        await this.#transaction();
      } catch (error) {
        this.#note(error);
      }
    }
    await this.#client?.end().catch(() => {});
  }

  stop(): void {
    this.#stopping = true;
  }

  /** Lets the running transaction end, and waits for the way on. */
  pause(): { reached: Promise<void>; resume: () => void } {
    let resume = () => {};
    const reached = new Promise<void>(resolve => {
      this.#reachPause = resolve;
    });
    this.#paused = new Promise<void>(resolve => {
      resume = () => {
        this.#paused = undefined;
        resolve();
      };
    });
    return { reached, resume: () => resume() };
  }

  /** Settles what is open; then the log is what must be in the table. */
  async settled(): Promise<ReadonlyMap<number, Row>> {
    while (this.#open) {
      await this.#settle().catch(error => this.#note(error));
    }
    return this.#log;
  }

  async #transaction(): Promise<void> {
    const [table] = shuffled(this.names(), this.random);
    const changes = new Map<number, Row>();
    const statements =
      this.random() < 0.2
        ? [1, 2, 3].map(() => this.#statement(table, changes))
        : [this.#statement(table, changes)];
    this.#open = changes;
    const client = await this.#connection();
    if (statements.length > 1) await client.query('BEGIN');
    for (const { text, values } of statements) {
      const from = performance.now();
      await client.query(text, values);
      this.answered.push({ from, to: performance.now() });
      this.statements += 1;
    }
    if (statements.length > 1) await client.query('COMMIT');
    for (const [id, row] of changes) this.#log.set(id, row);
    this.#open = undefined;
  }

  /** One statement, with what it makes of the rows it touches. */
  #statement(table: string, changes: Map<number, Row>) {
    const amount = Math.floor(this.random() * 1_000);
    const entry = `w${this.number} ${amount}`;
    const known = this.#someKey();
    const now =
      known === undefined
        ? undefined
        : (changes.has(known) ? changes : this.#log).get(known);
    const dice = this.random();
    if (known === undefined || dice < 0.3) {
      const ids = [this.#next++, this.#next++];
      for (const id of ids) changes.set(id, { amount, entry });
      return {
        text: `INSERT INTO ${table} (id, amount, entry) VALUES ($1, $3, $4), ($2, $3, $4)`,
        values: [...ids, amount, entry],
      };
    }
    if (dice < 0.5) {
      changes.set(known, { amount, entry });
      return {
        text: `INSERT INTO ${table} (id, amount, entry) VALUES ($1, $2, $3)
          ON CONFLICT (id) DO UPDATE SET amount = excluded.amount, entry = excluded.entry`,
        values: [known, amount, entry],
      };
    }
    if (dice < 0.85) {
      changes.set(known, now && { ...now, amount: now.amount + 1 });
      return {
        text: `UPDATE ${table} SET amount = amount + 1 WHERE id = $1`,
        values: [known],
      };
    }
    changes.set(known, undefined);
    return { text: `DELETE FROM ${table} WHERE id = $1`, values: [known] };
  }

  #someKey(): number | undefined {
    const first = this.number * KEYS_PER_WRITER + 1;
    const given = this.#next - first;
    return given > 0 ? first + Math.floor(this.random() * given) : undefined;
  }

  /** Asks the table what became of a transaction that was not answered. */
  async #settle(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    const client = await this.#connection();
    const { rows } = await client.query(
      'SELECT id::int AS id, amount::int AS amount, entry FROM public.rows WHERE id = ANY ($1)',
      [[...open.keys()]],
    );
    const found = (id: number) => describe(rows.find(row => row.id === id));
    const ids = [...open.keys()];
    const done = ids.every(id => found(id) === describe(open.get(id)));
    const undone = ids.every(id => found(id) === describe(this.#log.get(id)));
    if (!done && !undone) {
      this.fail(
        `a transaction on rows ${ids.join(', ')} was neither done nor undone`,
      );
    }
    if (done) {
      for (const [id, row] of open) this.#log.set(id, row);
    }
    this.#open = undefined;
  }

  async #connection(): Promise<pg.Client> {
    if (!this.#client) {
      const client = new pg.Client({
        connectionString: this.connectionString,
      });
      client.on('error', () => {});
      await client.connect();
      this.#client = client;
    }
    return this.#client;
  }

  #note(error: unknown): void {
    const { code, message } = error as { code?: string; message: string };
    // What the server did not answer, or said when it went down, is settled later.
    const cut = code === undefined || /^(57P0|08|ECONN|EPIPE|25P03)/.test(code);
    if (cut) {
      this.#client?.end().catch(() => {});
      this.#client = undefined;
    } else {
      this.fail(`${code}: ${message}`);
      this.#client?.query('ROLLBACK').catch(() => {});
    }
  }
}

export function describe(row: Row): string {
  return row ? `${row.amount} ${row.entry}` : 'gone';
}

function shuffled<T>(items: T[], random: () => number): T[] {
  return [...items].sort(() => random() - 0.5);
}
