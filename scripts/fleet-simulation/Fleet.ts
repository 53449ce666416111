import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { signalGroup } from '../lib/lifetime.mjs';
import { ROOT } from '../lib/paths.mjs';
import { launchTs } from '../lib/run-ts.mjs';
import { WorkerOptions } from './worker';

const WORKER = join(ROOT, 'scripts/fleet-simulation/worker.ts');

interface Pod {
  name: string;
  pid: number;
  ready: boolean;
  stopping: boolean;
  ended: Promise<unknown>;
}

/**
 * Worker processes, as a Deployment keeps pods: as many as were asked for, and
 * another for one that dies.
 */
export class Fleet {
  private pods: Pod[] = [];
  private count = 0;
  private replicas = 0;
  /** Why the fleet cannot go on, if so. */
  failure?: Error;
  /** Names of the workers that were killed. */
  readonly killed: string[] = [];

  constructor(private readonly options: Omit<WorkerOptions, 'name'>) {}

  /** Workers that take jobs. */
  get ready(): number {
    return this.pods.filter(pod => pod.ready && !pod.stopping).length;
  }

  /** Starts workers, or asks the youngest to end, until there are so many. */
  scaleTo(replicas: number): void {
    this.replicas = replicas;
    const staying = this.pods.filter(pod => !pod.stopping);
    for (let missing = replicas - staying.length; missing > 0; missing--) {
      this.start();
    }
    for (const pod of staying.slice(replicas)) {
      pod.stopping = true;
      signalGroup(pod.pid, 'SIGTERM');
    }
  }

  /**
   * SIGKILL to the oldest workers, if all of them are amid a job: the death of
   * one that has none shows nothing.
   *
   * @param amidJob - of these workers, those that were amid a job at a moment
   * @returns how many were killed
   */
  async kill(
    count: number,
    amidJob: (names: string[], moment: Date) => Promise<string[]>,
  ): Promise<number> {
    const oldest = this.pods
      .filter(pod => pod.ready && !pod.stopping)
      .slice(0, count);
    // They stand still meanwhile, or the job would be over by then.
    oldest.forEach(pod => signalGroup(pod.pid, 'SIGSTOP'));
    const stopped = new Date();
    let busy: string[] = [];
    try {
      busy = await amidJob(
        oldest.map(({ name }) => name),
        stopped,
      );
    } finally {
      if (busy.length < count) {
        oldest.forEach(pod => signalGroup(pod.pid, 'SIGCONT'));
      }
    }
    if (busy.length < count) {
      return 0;
    }
    for (const pod of oldest) {
      this.killed.push(pod.name);
      signalGroup(pod.pid, 'SIGKILL');
    }
    return count;
  }

  /** Ends all of it. */
  async stop(): Promise<void> {
    const pods = this.pods;
    this.scaleTo(0);
    await Promise.all(pods.map(pod => pod.ended));
  }

  private start(): void {
    const name = `worker-${++this.count}`;
    const options: WorkerOptions = { name, ...this.options };
    const { child, pid, ended } = launchTs(WORKER, [JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (!pid || !child.stdout) {
      this.failure = new Error(`${name} could not be started`);
      return;
    }
    const pod: Pod = { name, pid, ready: false, stopping: false, ended };
    createInterface({ input: child.stdout }).on('line', line => {
      if (line === 'ready') pod.ready = true;
    });
    this.pods.push(pod);
    ended.then(({ code, signal }) => {
      this.pods = this.pods.filter(other => other !== pod);
      if (!pod.ready && !pod.stopping) {
        this.failure = new Error(`${name} did not start (${code ?? signal})`);
        return;
      }
      // As the Deployment would.
      this.scaleTo(this.replicas);
    });
  }
}
