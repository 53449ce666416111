import { LoggerService } from '@backstage/backend-plugin-api';
import { ClaimedJob } from './Claims';
import { Lane, LaneOptions } from './Lane';

/** The lanes of a process, which begin and end together. */
export class Lanes {
  private readonly lanes: Lane<ClaimedJob>[] = [];

  constructor(private readonly logger: LoggerService) {}

  /** All of them, later ones included. */
  get all(): readonly Lane<ClaimedJob>[] {
    return this.lanes;
  }

  /** Takes jobs in another one from now on. */
  open(options: Omit<LaneOptions<ClaimedJob>, 'onTrouble'>): void {
    const { logger } = this;
    const lane = new Lane<ClaimedJob>({
      ...options,
      onTrouble: error =>
        error
          ? logger.warn(`Queue: no jobs can be taken: ${error.message}`)
          : logger.info('Queue: jobs can be taken again'),
    });
    this.lanes.push(lane);
    lane.start();
  }

  /** Somebody's job landed in that queue, or in any while nobody listened. */
  notified(queue?: string): void {
    for (const lane of this.lanes) {
      if (queue === undefined) {
        lane.wake();
      } else if (lane.hears === 'everyone') {
        this.wake(lane, queue);
      }
    }
  }

  /** This process enqueued a job there, which is committed. */
  enqueued(queue: string): void {
    for (const lane of this.lanes) {
      if (lane.hears === 'itself') {
        this.wake(lane, queue);
      }
    }
  }

  /**
   * When the one that has been out of work the longest was able to ask for jobs,
   * by `performance.now()`.
   */
  lastTurn(): number {
    return Math.min(...this.lanes.map(lane => lane.lastTurn()));
  }

  /** They take no more jobs; returns when none can come any more. */
  async stop(): Promise<void> {
    await Promise.all(this.lanes.map(lane => lane.stop()));
  }

  /** Returns when no job runs. */
  async drained(): Promise<void> {
    await Promise.all(this.lanes.map(lane => lane.drained()));
  }

  private wake(lane: Lane<ClaimedJob>, queue: string): void {
    if (lane.queues().includes(queue)) {
      lane.wake([queue]);
    }
  }
}
