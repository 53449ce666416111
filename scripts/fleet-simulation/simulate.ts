import { setTimeout as delay } from 'node:timers/promises';
import { Autoscaler } from './autoscaler.mjs';
import { serveBacklog } from './backlogEndpoint';
import { Fleet } from './Fleet';
import { Account, Ledger } from './Ledger';
import { Dispatcher, Load } from './load';
import { phasesOf } from './phases';
import { Connection, openQueue } from './queue';
import { failuresOf } from './verdict.mjs';

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

/**
 * Runs the load on real worker processes, whose number an autoscaler decides
 * from the scraped backlog.
 *
 * @throws Error when a worker does not start, or the deadline has passed
 */
export async function simulate(simulation: Simulation): Promise<Report> {
  const { knex, queue } = await openQueue(simulation.connection, 0);
  try {
    const ledger = new Ledger(knex);
    await ledger.create();
    const dispatcher = new Dispatcher({ knex, queue, ledger });
    const fleet = new Fleet(simulation);
    const scrape = await serveBacklog(queue, () => fleet.ready);
    const began = new Date();
    const course = { simulation, ledger, dispatcher, fleet, scrape, began };
    const seen = await follow(course).finally(() => fleet.stop());

    const figures = {
      ...(await ledger.account(fleet.killed)),
      seconds: secondsSince(began),
      peakWorkers: Math.max(...seen.samples.map(({ ready }) => ready)),
      workersKilled: fleet.killed.length,
    };
    return {
      ...figures,
      ...seen,
      endings: await ledger.endings(began),
      failures: failuresOf(
        { ...figures, ...seen },
        {
          ...simulation.autoscaler,
          enqueued: dispatcher.enqueued,
          kill: simulation.load.killBurst.kill,
        },
      ),
    };
  } finally {
    await queue.stop();
    await knex.destroy();
  }
}

function secondsSince(moment: Date): number {
  return (Date.now() - moment.getTime()) / 1000;
}

/** Decides again and again until all phases of the load are over. */
async function follow({
  simulation,
  ledger,
  dispatcher,
  fleet,
  scrape,
  began,
}: {
  simulation: Simulation;
  ledger: Ledger;
  dispatcher: Dispatcher;
  fleet: Fleet;
  scrape(): Promise<number>;
  began: Date;
}): Promise<Pick<Report, 'samples' | 'events'>> {
  const { autoscaler: settings, everySeconds, log } = simulation;
  const samples: Sample[] = [];
  const events: Report['events'] = [];
  const event = (label: string) => {
    const second = secondsSince(began);
    events.push({ second, label });
    log(`${second.toFixed(0)} s: ${label}`);
  };

  const autoscaler = new Autoscaler(settings);
  let replicas = settings.minReplicas;
  const decide = async () => {
    const backlog = await scrape();
    const second = secondsSince(began);
    const decision = autoscaler.decide({
      now: second,
      replicas,
      metric: backlog,
    });
    replicas = decision.replicas;
    fleet.scaleTo(replicas);
    const { ready } = fleet;
    samples.push({ second, backlog, wanted: decision.wanted, replicas, ready });
    return { second, backlog, ready };
  };

  fleet.scaleTo(replicas);
  const { minReplicas } = settings;
  for (const phase of phasesOf({
    ...simulation,
    fleet,
    dispatcher,
    minReplicas,
    event,
  })) {
    const start = secondsSince(began);
    if (phase.label) event(phase.label);
    await phase.begin?.();
    for (let over = false; !over; ) {
      const next = delay(everySeconds * 1000);
      await phase.tick?.();
      const { second, backlog, ready } = await decide();
      const done = await ledger.done();
      log(
        `${second.toFixed(
          0,
        )} s: backlog ${backlog}, workers ${ready} of ${replicas}, ${done} jobs run`,
      );
      if (fleet.failure) throw fleet.failure;
      if (second > simulation.deadlineSeconds) {
        throw new Error(
          `It was not over after ${simulation.deadlineSeconds} s: ${done} of ${dispatcher.enqueued} jobs were run`,
        );
      }
      over = phase.over({ ready, done, elapsed: second - start });
      await next;
    }
  }
  return { samples, events };
}
