import { assertError } from '@backstage/errors';
import { setTimeout as wait } from 'node:timers/promises';

/** Who takes jobs of some queues. */
export interface Polled {
  /** The queues of which it takes jobs, at this moment. */
  queues(): string[];
  /** Told at every poll of which of them a job is due. */
  polled(due: string[]): void;
}

/**
 * Looks now and then whether jobs are due of which no notification told: it was
 * lost, or they had to wait for their time. One statement asks for all.
 */
export class Poll {
  private readonly stopped = new AbortController();
  private readonly loop: Promise<void>;

  constructor(
    private readonly options: {
      everyMs: number;
      takers: readonly Polled[];
      /** Of these queues, those with a job that is due. */
      due(queues: string[]): Promise<string[]>;
    },
  ) {
    this.loop = this.pollOn();
  }

  /** Returns when it tells nobody anything any more. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await this.loop;
  }

  private async pollOn(): Promise<void> {
    const { everyMs } = this.options;
    const { signal } = this.stopped;
    while (!signal.aborted) {
      await wait(everyMs, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) {
        await this.poll();
      }
    }
  }

  private async poll(): Promise<void> {
    const { takers, due } = this.options;
    try {
      const queues = new Set(takers.flatMap(taker => taker.queues()));
      const found = new Set(await due([...queues]));
      for (const taker of takers) {
        taker.polled(taker.queues().filter(queue => found.has(queue)));
      }
    } catch (error) {
      assertError(error);
      // They find out what is wrong when they ask themselves, and say it.
      takers.forEach(taker => taker.polled(taker.queues()));
    }
  }
}
