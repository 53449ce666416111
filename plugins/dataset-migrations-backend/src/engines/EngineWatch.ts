import { LoggerService } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import { EngineRegistry } from './EngineRegistry';

/** How often the engines are asked whether their storage is there. */
const ASK_MS = 30_000;
/** A storage that does not answer in time is taken for one that is not there. */
const ANSWER_MS = 10_000;

/**
 * Which engines this process can work with: those that say nothing against it.
 * Asked at the start and again and again, as volumes are mounted late and are
 * lost.
 */
export class EngineWatch {
  /** Why not, by engine; undefined for one that is there. */
  private readonly reasons = new Map<string, string | undefined>();
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly options: {
      engines: EngineRegistry;
      logger: LoggerService;
      /** What is available has changed. */
      onChange?(): void;
    },
  ) {}

  /** Returns when all engines have answered once. */
  async start(): Promise<void> {
    await this.ask();
    this.timer = setInterval(() => void this.ask(), ASK_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Ids of the engines whose storage was there when last looked at. */
  available(): string[] {
    return [...this.reasons]
      .filter(([, reason]) => reason === undefined)
      .map(([id]) => id);
  }

  /** Asks all engines now. */
  async ask(): Promise<void> {
    const { engines } = this.options;
    await Promise.all(
      engines.ids().map(async id => this.note(id, await this.reasonOf(id))),
    );
  }

  private async reasonOf(id: string): Promise<string | undefined> {
    const engine = this.options.engines.get(id);
    let timer: NodeJS.Timeout | undefined;
    try {
      return await Promise.race([
        engine.available?.(),
        new Promise<string>(resolve => {
          timer = setTimeout(
            () => resolve(`no answer within ${ANSWER_MS / 1000} seconds`),
            ANSWER_MS,
          );
        }),
      ]);
    } catch (error) {
      assertError(error);
      return error.message;
    } finally {
      clearTimeout(timer);
    }
  }

  private note(id: string, reason: string | undefined): void {
    const known = this.reasons.has(id);
    const before = this.reasons.get(id);
    this.reasons.set(id, reason);
    if (known && before === reason) {
      return;
    }
    const { logger, onChange } = this.options;
    if (reason !== undefined) {
      logger.warn(`This worker takes no jobs of '${id}': ${reason}`);
    } else if (known) {
      logger.info(`This worker takes jobs of '${id}' again`);
    }
    onChange?.();
  }
}
