import { Fleet } from './Fleet';
import { Ledger } from './Ledger';
import { Dispatcher, Load } from './load';

/** What a phase is asked about at every decision. */
export interface Seen {
  /** Workers that take jobs. */
  ready: number;
  /** Jobs that were run to their end so far. */
  done: number;
  /** Seconds since the phase began. */
  elapsed: number;
}

/** A part of the load: how it begins, goes on, and whether it is over. */
export interface Phase {
  label?: string;
  begin?(): Promise<void>;
  tick?(): Promise<void>;
  over(seen: Seen): boolean;
}

/**
 * The load, part by part. A burst is over when all of it was run and the fleet
 * is as small as it was before.
 *
 * @param options.event - told what happens within a phase
 */
export function phasesOf(options: {
  load: Load;
  fleet: Fleet;
  dispatcher: Dispatcher;
  ledger: Ledger;
  minReplicas: number;
  everySeconds: number;
  jobMilliseconds: number;
  event(label: string): void;
}): Phase[] {
  const { load, fleet, dispatcher, ledger, minReplicas, everySeconds } =
    options;
  const { jobMilliseconds } = options;
  const { burst, stream, killBurst } = load;
  const isSmall = ({ ready }: Seen) => ready === minReplicas;
  const isCalm = (seen: Seen) =>
    seen.done >= dispatcher.enqueued && isSmall(seen);
  return [
    { over: isSmall },
    {
      label: `${burst} jobs at once`,
      begin: () => dispatcher.enqueue(burst),
      over: isCalm,
    },
    {
      label: `${stream.jobsPerSecond} jobs a second`,
      tick: () => dispatcher.enqueue(stream.jobsPerSecond * everySeconds),
      over: ({ elapsed }) => elapsed >= stream.seconds,
    },
    {
      label: `${killBurst.jobs} jobs at once`,
      begin: () => dispatcher.enqueue(killBurst.jobs),
      async tick() {
        if (fleet.killed.length || fleet.ready < killBurst.whenReady) return;
        const killed = await fleet.kill(killBurst.kill, (workers, moment) =>
          ledger.amidJob(workers, moment, jobMilliseconds),
        );
        if (killed > 0) options.event(`${killed} workers killed`);
      },
      over: isCalm,
    },
  ];
}
