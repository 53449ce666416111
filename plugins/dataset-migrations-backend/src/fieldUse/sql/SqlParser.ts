import { resolvePackagePath } from '@backstage/backend-plugin-api';
import pLimit from 'p-limit';
import { Worker } from 'node:worker_threads';

const DEFAULT_TIMEOUT_MS = 10_000;

/** Characters of a text; generated SQL can be long, what people write is not. */
export const MAX_SQL_LENGTH = 256 * 1024;

export type ParsedSql =
  | { statements: unknown[] }
  | { error: string; line?: number };

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

  private answer(
    worker: Worker,
    message: { sql: string; dialect: string },
  ): Promise<
    | { statements: string[] }
    | { error: string; line?: number; broken?: boolean }
  > {
    const { timeoutMs = DEFAULT_TIMEOUT_MS } = this.options;
    return new Promise(resolve => {
      // Not all listeners: those of the thread itself take its messages in.
      const settle = (answer: Parameters<typeof resolve>[0]) => {
        clearTimeout(timer);
        worker.off('message', settle).off('error', onError).off('exit', onExit);
        resolve(answer);
      };
      const breakDown = (error: string) => settle({ error, broken: true });
      const onError = (error: Error) =>
        breakDown(`broke the parser: ${error.message}`);
      const onExit = () => breakDown('broke the parser');
      const timer = setTimeout(
        () => breakDown(`took longer than ${timeoutMs} ms to parse`),
        timeoutMs,
      );
      worker.on('message', settle).on('error', onError).on('exit', onExit);
      worker.postMessage(message);
    });
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
