import { eventually } from '../../../scripts/lib/eventually';
import { ControlPlane } from './ControlPlane';
import { Database } from './Database';
import { Member } from './Fleet';

/** Seconds, of all cases of one kind. */
export interface Spread {
  count: number;
  p50?: number;
  max?: number;
}

/** Measures how soon work goes on after a blow. */
export class Recoveries {
  readonly #again: number[] = [];
  readonly #resumed: number[] = [];
  readonly #open = new Set<Promise<void>>();
  #resuming: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: {
      controlPlane: ControlPlane;
      database: Database;
      fail: (message: string) => void;
    },
  ) {}

  /** Keys of the jobs that it has. */
  heldBy({ role, process }: Member): Promise<string[]> {
    return role === 'worker'
      ? this.options.controlPlane.keysHeldBy(process.pid)
      : Promise.resolve([]);
  }

  /** Takes the time until each job of a worker that was just killed runs again. */
  workerKilled(keys: string[]): void {
    const { controlPlane, database } = this.options;
    const killed = new Date();
    const { outages } = database;
    for (const key of keys) {
      this.#watch(async () => {
        const again = await eventually(
          `the job of ${key} runs again after its worker was killed`,
          async () => {
            const { at, live } = await controlPlane.takenAfter(key, killed);
            // It may have ended just before.
            return at ?? (!live && 'it had ended');
          },
        );
        // Else it had to wait for PostgreSQL besides.
        if (again instanceof Date && database.outages === outages) {
          this.#again.push((again.getTime() - killed.getTime()) / 1000);
        }
      });
    }
  }

  /** Takes the time until any job is taken or ends, if there is one. */
  databaseReturned(): void {
    const { controlPlane, database } = this.options;
    const returned = new Date(database.since);
    const { outages } = database;
    this.#resuming = this.#watch(async () => {
      const first = await eventually(
        'work resumes after an outage',
        async () =>
          (await controlPlane.firstWork(returned)) ??
          ((database.outages !== outages ||
            (await controlPlane.jobsToDo()) === 0) &&
            'nothing to measure'),
      );
      if (first instanceof Date) {
        this.#resumed.push((first.getTime() - returned.getTime()) / 1000);
      }
    });
  }

  /** Returns when work has resumed after the last outage, if there is any. */
  resumed(): Promise<void> {
    return this.#resuming;
  }

  /** Returns when nothing is measured any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#open);
  }

  figures(): Record<'crash-to-running-s' | 'resume-after-database-s', Spread> {
    return {
      'crash-to-running-s': spread(this.#again),
      'resume-after-database-s': spread(this.#resumed),
    };
  }

  #watch(measure: () => Promise<void>): Promise<void> {
    const measured = measure()
      .catch(error => this.options.fail(error.message))
      .finally(() => this.#open.delete(measured));
    this.#open.add(measured);
    return measured;
  }
}

function spread(seconds: number[]): Spread {
  const sorted = [...seconds].sort((a, b) => a - b);
  return {
    count: sorted.length,
    p50: sorted[Math.floor((sorted.length - 1) / 2)],
    max: sorted.at(-1),
  };
}
