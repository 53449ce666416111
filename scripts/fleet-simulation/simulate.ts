import { setTimeout as delay } from 'node:timers/promises';
import { Autoscaler } from './autoscaler.mjs';
import { serveBacklog } from './backlogEndpoint';
import { Fleet } from './Fleet';
import { Account, Ledger } from './Ledger';
import { Dispatcher, Load } from './load';
import { Connection, openQueue } from './queue';

/** What is simulated, and at which size. */
export interface Simulation {
  connection: Connection;
  /** As the simulation runs it, that is, hastened. */
  autoscaler: import('./autoscaler.mjs').AutoscalerSettings;
  load: Load;
  /** Jobs that a worker runs at a time. */
  slots: number;
  /** How long a job waits before it ends. */
  jobMilliseconds: number;
  /** Seconds between two decisions. */
  everySeconds: number;
  /** The whole of it may take so long. */
  deadlineSeconds: number;
  log(message: string): void;
}

/** What was seen at one decision. */
export interface Sample {
  /** Since the beginning. */
  second: number;
  /** Eligible backlog, as scraped. */
  backlog: number;
  /** Workers that the formula asks for. */
  wanted: number;
  /** Workers that the Deployment is to have. */
  replicas: number;
  /** Workers that take jobs. */
  ready: number;
}

export interface Report extends Account {
  seconds: number;
  /** Of the workers that took jobs at a time, the most. */
  peakWorkers: number;
  workersKilled: number;
  /** What happened when. */
  events: Array<{ second: number; label: string }>;
  samples: Sample[];
  /** Seconds at which jobs ended. */
  endings: number[];
  /** What was not as it must be, in sentences. */
  failures: string[];
}

/** A part of the load: how it begins, goes on, and whether it is over. */
interface Phase {
  label?: string;
  begin?(): Promise<void>;
  tick?(): Promise<void>;
  over(seen: { sample: Sample; done: number; elapsed: number }): boolean;
}

/**
 * Runs the load on real worker processes, whose number an autoscaler decides
 * from the scraped backlog.
 */
export async function simulate(simulation: Simulation): Promise<Report> {
  const { autoscaler: settings, load, everySeconds, log } = simulation;
  const { knex, queue } = await openQueue(simulation.connection, 0);
  const ledger = new Ledger(knex);
  await ledger.create();
  const fleet = new Fleet(simulation);
  const dispatcher = new Dispatcher({ knex, queue, ledger });
  const scrape = await serveBacklog(queue, () => fleet.ready);
  const autoscaler = new Autoscaler(settings);

  const began = new Date();
  const elapsed = () => (Date.now() - began.getTime()) / 1000;
  const samples: Sample[] = [];
  const events: Report['events'] = [];
  const failures: string[] = [];
  const event = (label: string) => {
    events.push({ second: elapsed(), label });
    log(`${elapsed().toFixed(0)} s: ${label}`);
  };

  const calm = ({ sample, done }: { sample: Sample; done: number }) =>
    done >= dispatcher.enqueued && sample.ready === settings.minReplicas;
  let killed = 0;
  const phases: Phase[] = [
    { over: ({ sample }) => sample.ready === settings.minReplicas },
    {
      label: `${load.burst} jobs at once`,
      begin: () => dispatcher.enqueue(load.burst),
      over: calm,
    },
    {
      label: `${load.stream.jobsPerSecond} jobs a second`,
      tick: () => dispatcher.enqueue(load.stream.jobsPerSecond * everySeconds),
      over: seen => seen.elapsed >= load.stream.seconds,
    },
    {
      label: `${load.killBurst.jobs} jobs at once`,
      begin: () => dispatcher.enqueue(load.killBurst.jobs),
      tick: async () => {
        if (killed || fleet.ready < load.killBurst.whenReady) return;
        killed = fleet.kill(load.killBurst.kill);
        event(`${killed} workers killed`);
      },
      over: calm,
    },
  ];

  try {
    let replicas = settings.minReplicas;
    fleet.scaleTo(replicas);
    for (const phase of phases) {
      const start = elapsed();
      if (phase.label) event(phase.label);
      await phase.begin?.();
      for (let over = false; !over; ) {
        const next = delay(everySeconds * 1000);
        if (fleet.failure) throw fleet.failure;
        if (elapsed() > simulation.deadlineSeconds) {
          throw new Error(
            `It was not over after ${simulation.deadlineSeconds} s: ` +
              `${await ledger.done()} of ${dispatcher.enqueued} jobs were run`,
          );
        }
        await phase.tick?.();
        const backlog = await scrape();
        const now = elapsed();
        const decision = autoscaler.decide({ now, replicas, metric: backlog });
        replicas = decision.replicas;
        fleet.scaleTo(replicas);
        const sample = {
          second: now,
          backlog,
          wanted: decision.wanted,
          replicas,
          ready: fleet.ready,
        };
        samples.push(sample);
        const done = await ledger.done();
        log(
          `${now.toFixed(0)} s: backlog ${backlog}, workers ${
            sample.ready
          } of ${replicas}, ${done} jobs run`,
        );
        over = phase.over({ sample, done, elapsed: now - start });
        await next;
      }
    }
  } finally {
    await fleet.stop();
  }

  const account = await ledger.account(fleet.killed);
  const endings = await ledger.endings(began);
  await queue.stop();
  await knex.destroy();

  const peakWorkers = Math.max(...samples.map(({ ready }) => ready));
  const expect = (holds: boolean, otherwise: string) => {
    if (!holds) failures.push(otherwise);
  };
  expect(account.lost === 0, `${account.lost} jobs were lost`);
  expect(account.doubled === 0, `${account.doubled} jobs were done twice`);
  expect(
    account.jobs === dispatcher.enqueued,
    `${dispatcher.enqueued} jobs were enqueued and ${account.jobs} are known`,
  );
  expect(
    peakWorkers === settings.maxReplicas,
    `the fleet grew to ${peakWorkers} workers, not to ${settings.maxReplicas}`,
  );
  expect(
    fleet.killed.length === load.killBurst.kill,
    `${fleet.killed.length} workers were killed, not ${load.killBurst.kill}`,
  );
  return {
    ...account,
    seconds: elapsed(),
    peakWorkers,
    workersKilled: fleet.killed.length,
    events,
    samples,
    endings,
    failures,
  };
}
