import { assertError } from '@backstage/errors';
import { Polled } from './Poll';

/** A queue that a lane takes from, and how many of its jobs run at a time. */
export interface LaneSource {
  queue: string;
  limit: number;
}

export interface LaneOptions<Job> {
  /** Jobs that run at a time, of all its queues together. */
  slots: number;
  /** Asked before every turn, as what a process may take changes. */
  sources(): LaneSource[];
  /** Claims up to `count` jobs. */
  fetch(queue: string, count: number): Promise<Job[]>;
  /** Runs a job and sees to its end; must not reject. */
  run(queue: string, job: Job): Promise<void>;
  /** Jobs cannot be fetched, or can be again (`undefined`); told on change. */
  onTrouble(error: Error | undefined): void;
}

/**
 * Some slots and the queues whose jobs share them. A turn asks each queue for
 * as many jobs as there is room for; the next one comes when a job ended, a
 * notification came, or the poll found a job that is due. A queue never takes a
 * job that it has no slot for, so other processes may have it.
 */
export class Lane<Job> implements Polled {
  private readonly running = new Map<string, number>();
  private readonly jobs = new Set<Promise<void>>();
  private stopping = false;
  private woken = false;
  private resting = false;
  private interrupt: () => void = () => {};
  private lastTaken?: string;
  private turned = performance.now();
  private trouble = false;
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: LaneOptions<Job>) {}

  start(): void {
    this.loop = this.takeTurns();
  }

  /** Asks again now: there may be a job. */
  wake(): void {
    this.woken = true;
    this.interrupt();
  }

  queues(): string[] {
    return this.options.sources().map(({ queue }) => queue);
  }

  polled(due: boolean): void {
    if (due || this.trouble) {
      this.wake();
    } else if (this.resting) {
      this.turned = performance.now();
    }
  }

  /** When it last knew what jobs there are for it, by `performance.now()`. */
  lastTurn(): number {
    return this.turned;
  }

  /** Takes no more jobs; returns when none can come any more. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.interrupt();
    await this.loop;
  }

  /** Returns when no job runs. */
  async drained(): Promise<void> {
    await Promise.all(this.jobs);
  }

  private async takeTurns(): Promise<void> {
    while (!this.stopping) {
      this.woken = false;
      let taken = 0;
      try {
        taken = await this.takeTurn();
        this.turned = performance.now();
        this.tell(undefined);
      } catch (error) {
        assertError(error);
        this.tell(error);
      }
      if (taken === 0) {
        await this.rest();
      }
    }
  }

  private async takeTurn(): Promise<number> {
    const { fetch, slots } = this.options;
    const sources = this.options.sources();
    // Begins behind the queue that had the last job, or one of two full ones
    // would starve.
    const first =
      sources.findIndex(({ queue }) => queue === this.lastTaken) + 1;
    let taken = 0;
    for (const { queue, limit } of [
      ...sources.slice(first),
      ...sources.slice(0, first),
    ]) {
      const room = Math.min(
        slots - this.jobs.size,
        limit - (this.running.get(queue) ?? 0),
      );
      if (room > 0 && !this.stopping) {
        const jobs = await fetch(queue, room);
        jobs.forEach(job => this.begin(queue, job));
        taken += jobs.length;
      }
    }
    return taken;
  }

  private begin(queue: string, job: Job): void {
    this.lastTaken = queue;
    this.running.set(queue, (this.running.get(queue) ?? 0) + 1);
    const ended = this.options.run(queue, job).finally(() => {
      this.running.set(queue, this.running.get(queue)! - 1);
      this.jobs.delete(ended);
      // A job of the same key may have been passed over while this one ran;
      // its notification came too early.
      this.wake();
    });
    this.jobs.add(ended);
  }

  private async rest(): Promise<void> {
    if (this.woken || this.stopping) {
      return;
    }
    this.resting = true;
    await new Promise<void>(resolve => {
      this.interrupt = resolve;
    });
    this.interrupt = () => {};
    this.resting = false;
  }

  private tell(error: Error | undefined): void {
    const trouble = error !== undefined;
    if (trouble !== this.trouble) {
      this.trouble = trouble;
      this.options.onTrouble(error);
    }
  }
}
