import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';

const DEFAULT_TIMEOUT_MS = 10_000;

/** Characters of a text; generated SQL can be long, what people write is not. */
export const MAX_SQL_LENGTH = 256 * 1024;

export type ParsedSql =
  | { statements: unknown[] }
  | { error: string; line?: number };

/** What the thread answers, or what became of it. */
type Answer =
  | { statements: string[] }
  | { error: string; line?: number; broken?: boolean };

/**
 * Parses SQL in a thread of its own, which is ended when a text takes too long or
 * breaks the parser. One text at a time.
 */
export class SqlParser {
  private worker: Worker | undefined;
  private readonly oneAtATime = pLimit(1);

  constructor(private readonly options: { timeoutMs?: number } = {}) {}

  /**
   * @param dialect - as the parser names it: `postgresql`, `duckdb`, `bigquery`, …
   * @returns trees of statements, or why there are none
   */
  async parse(sql: string, dialect: string): Promise<ParsedSql> {
    if (sql.length > MAX_SQL_LENGTH) {
      return { error: `has more than ${MAX_SQL_LENGTH} characters` };
    }
    return this.oneAtATime(() => this.ask(sql, dialect));
  }

  /** Ends the thread; the next text starts another. */
  async close(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private async ask(sql: string, dialect: string): Promise<ParsedSql> {
    const answer = await this.answer(this.running(), { sql, dialect });
    if ('statements' in answer) {
      return {
        statements: answer.statements.map(statement => JSON.parse(statement)),
      };
    }
    if (answer.broken || /wasm|unreachable/i.test(answer.error)) {
      await this.close();
    }
    const { error, line } = answer;
    return { error: shorten(error), ...(line ? { line } : {}) };
  }

  private async answer(
    worker: Worker,
    message: { sql: string; dialect: string },
  ): Promise<Answer> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = this.options;
    const listening = new AbortController();
    const { signal } = listening;
    const timer = setTimeout(() => listening.abort(), timeoutMs);
    try {
      const answer = once(worker, 'message', { signal });
      const end = once(worker, 'exit', { signal }).then(() => {
        throw new Error('the thread ended');
      });
      worker.postMessage(message);
      return (await Promise.race([answer, end]))[0];
    } catch (error) {
      assertError(error);
      return {
        error: signal.aborted
          ? `took longer than ${timeoutMs} ms to parse`
          : `broke the parser: ${error.message}`,
        broken: true,
      };
    } finally {
      clearTimeout(timer);
      listening.abort();
    }
  }

  private running(): Worker {
    if (!this.worker) {
      const worker = new Worker(
        resolvePackagePath(
          '@skein/backstage-plugin-dataset-migrations-backend',
          'sql-parser/worker.cjs',
        ),
        {
          env: {},
          execArgv: [],
          resourceLimits: { maxOldGenerationSizeMb: 512, stackSizeMb: 8 },
        },
      );
      // It may end while nobody waits for it.
      worker.on('error', () => {});
      worker.on('exit', () => {
        if (this.worker === worker) {
          this.worker = undefined;
        }
      });
      worker.unref();
      this.worker = worker;
    }
    return this.worker;
  }
}

/** One line, without the long lists of what the parser would have liked. */
function shorten(error: string): string {
  const [line] = error.split('\n', 1);
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
