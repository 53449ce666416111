import { setTimeout as delay } from 'node:timers/promises';
import { isBeingStopped } from '../../../scripts/lib/lifetime.mjs';
import { World } from '../../lib/world';

type Process = Awaited<ReturnType<World['startWorker']>>;
export type Role = 'backend' | 'worker';

/** One process of the fleet. */
export interface Member {
  name: string;
  role: Role;
  process: Process;
  /** Stopped by SIGSTOP. */
  paused: boolean;
  /** Since when it can work: its start, or the end of a pause; in ms of the epoch. */
  since: number;
}

/** Processes, of which each is started anew when it dies, as Kubernetes would. */
export class Fleet {
  readonly #members: Member[] = [];
  readonly #starts = new Set<Promise<void>>();
  #started = 0;
  #stopping = false;

  constructor(
    private readonly start: (role: Role, name: string) => Promise<Process>,
  ) {}

  /** Those of a role that live and are not paused. */
  ready(role: Role): Member[] {
    return this.all().filter(each => each.role === role && !each.paused);
  }

  all(): readonly Member[] {
    return [...this.#members];
  }

  async add(role: Role): Promise<void> {
    this.#started += 1;
    const name = `${role}-${this.#started}`;
    const process = await this.start(role, name);
    const since = Date.now();
    const member = { name, role, process, paused: false, since };
    this.#members.push(member);
    const replace = () => {
      this.#members.splice(this.#members.indexOf(member), 1);
      this.#replace(role);
    };
    process.ended.then(replace, replace);
  }

  pause(member: Member): void {
    member.paused = true;
    member.process.signal('SIGSTOP');
  }

  resume(member: Member): void {
    member.process.signal('SIGCONT');
    member.since = Date.now();
    member.paused = false;
  }

  /** Returns when who died was replaced. */
  async replaced(): Promise<void> {
    while (this.#starts.size > 0) await Promise.all(this.#starts);
  }

  /** Returns when nobody is paused, and who died was replaced. */
  async complete(): Promise<void> {
    this.#members
      .filter(each => each.paused)
      .forEach(each => this.resume(each));
    await this.replaced();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.complete();
    await Promise.all(this.#members.map(({ process }) => process.stop()));
  }

  /** By itself, or as somebody ends the command. */
  #isEnding(): boolean {
    return this.#stopping || isBeingStopped();
  }

  /** One that does not start, since PostgreSQL is down, is tried again. */
  #replace(role: Role): void {
    const started = (async () => {
      while (!this.#isEnding()) {
        try {
          await this.add(role);
          return;
        } catch {
          await delay(500);
        }
      }
    })();
    this.#starts.add(started);
    started.finally(() => this.#starts.delete(started));
  }
}
