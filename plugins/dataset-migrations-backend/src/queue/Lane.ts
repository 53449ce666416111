import { assertError } from '@backstage/errors';
import { Polled } from './Poll';

/** A queue that a lane takes from, and how many of its jobs run at a time. */
export interface LaneSource {
  queue: string;
  limit: number;
}

/** Until a queue is asked again that gave fewer jobs than there was room for. */
const AGAIN_MS = 250;

export interface LaneOptions<Job> {
  /** Jobs that run at a time, of all its queues together. */
  slots: number;
  /**
   * Whose new jobs it asks for at once: everyone's, by default, or those that this
   * process enqueued, so that not all ask for a job that one of them gets. The poll
   * finds what its process does not take.
   */
  hears?: 'everyone' | 'itself';
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
 * as many jobs as there is room for, unless it was found empty and nothing came
 * since; the next turn is when a job ended, a notification came, or the poll found
 * a job that is due. A queue never takes a job that it has no slot for, so other
 * processes may have it.
 */
export class Lane<Job> implements Polled {
  private readonly running = new Map<string, number>();
  private readonly jobs = new Set<Promise<void>>();
  /** Queues that had nothing for it when they were asked last. */
  private readonly empty = new Set<string>();
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

  /** Asks again now: there may be a job in these queues, or in any. */
  wake(queues: Iterable<string> = [...this.empty]): void {
    for (const queue of queues) {
      this.empty.delete(queue);
    }
    this.woken = true;
    this.interrupt();
  }

  get hears(): 'everyone' | 'itself' {
    return this.options.hears ?? 'everyone';
  }

  queues(): string[] {
    return this.options.sources().map(({ queue }) => queue);
  }

  polled(due: string[]): void {
    if (this.trouble) {
      this.wake();
    } else if (due.length > 0) {
      this.wake(due);
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
      let isMore = false;
      try {
        isMore = await this.takeTurn();
        this.turned = performance.now();
        this.tell(undefined);
      } catch (error) {
        assertError(error);
        this.tell(error);
      }
      await this.rest(isMore ? AGAIN_MS : undefined);
    }
  }

  /**
   * @returns whether there may be more for the room that is left: of several jobs
   *   with one key the library gives one, and does not look behind the others. Most
   *   often there is not, and one that ends is reason enough to ask.
   */
  private async takeTurn(): Promise<boolean> {
    const { slots } = this.options;
    const sources = this.options.sources();
    // Begins behind the queue that had the last job, or one of two full ones
    // would starve.
    const first =
      sources.findIndex(({ queue }) => queue === this.lastTaken) + 1;
    let isMore = false;
    for (const { queue, limit } of [
      ...sources.slice(first),
      ...sources.slice(0, first),
    ]) {
      const room = Math.min(
        slots - this.jobs.size,
        limit - (this.running.get(queue) ?? 0),
      );
      if (room > 0 && !this.stopping && !this.empty.has(queue)) {
        const count = await this.ask(queue, room);
        isMore ||= count > 0 && count < room;
      }
    }
    return isMore;
  }

  /** @returns how many jobs of the queue it has begun */
  private async ask(queue: string, room: number): Promise<number> {
    // Before it is known, as it may be woken meanwhile.
    this.empty.add(queue);
    let jobs: Job[] | undefined;
    try {
      jobs = await this.options.fetch(queue, room);
    } finally {
      if (jobs?.length !== 0) {
        this.empty.delete(queue);
      }
    }
    jobs.forEach(job => this.begin(queue, job));
    return jobs.length;
  }

  private begin(queue: string, job: Job): void {
    this.lastTaken = queue;
    this.running.set(queue, (this.running.get(queue) ?? 0) + 1);
    const ended = this.options.run(queue, job).finally(() => {
      this.running.set(queue, this.running.get(queue)! - 1);
      this.jobs.delete(ended);
      // A job of the same key may have been passed over while this one ran;
      // its notification came too early.
      this.wake([queue]);
    });
    this.jobs.add(ended);
  }

  /** Until it is woken, or so many milliseconds are over. */
  private async rest(most?: number): Promise<void> {
    if (this.woken || this.stopping) {
      return;
    }
    this.resting = true;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>(resolve => {
      this.interrupt = resolve;
      timer = most === undefined ? undefined : setTimeout(resolve, most);
    });
    clearTimeout(timer);
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
