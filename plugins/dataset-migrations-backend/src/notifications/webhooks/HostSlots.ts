import { BusyError } from '../senders';

/** So long a call waits for another one to its host to end. */
const PATIENCE_MS = 200;

/** Until a receiver has its turn again, whose host answers, but has much to do. */
const BUSY_AGAIN_SECONDS = 2;

/**
 * The same, where no call to the host has begun or ended for as long as one would wait.
 * Then none waits: with hundreds of receivers behind it, the waiting alone would
 * keep all slots.
 */
const STUCK_AGAIN_SECONDS = 5;

interface Host {
  calls: number;
  waiting: Array<() => void>;
  /** When a call began or ended last. */
  movedAt: number;
}

/**
 * The calls that a process makes to one host at a time, so that a gateway that hangs
 * with hundreds of receivers behind it leaves slots to the others.
 */
export class HostSlots {
  private readonly hosts = new Map<string, Host>();

  /** @param most - calls to a host at a time */
  constructor(private readonly most: number) {}

  /**
   * Makes a call once there are fewer than the most to its host.
   *
   * @throws BusyError when that takes too long, or would
   */
  async use<T>(host: string, call: () => Promise<T>): Promise<T> {
    await this.take(host);
    try {
      return await call();
    } finally {
      this.free(host);
    }
  }

  private async take(name: string): Promise<void> {
    const now = performance.now();
    const host: Host = this.hosts.get(name) ?? {
      calls: 0,
      waiting: [],
      movedAt: now,
    };
    this.hosts.set(name, host);
    if (host.calls < this.most) {
      host.calls++;
      host.movedAt = now;
      return;
    }
    const refusal = (seconds: number) =>
      new BusyError(`${this.most} calls to ${name} are under way`, seconds);
    if (now - host.movedAt > PATIENCE_MS) {
      throw refusal(STUCK_AGAIN_SECONDS);
    }
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(giveUp, PATIENCE_MS);
      function turn() {
        clearTimeout(timer);
        resolve();
      }
      function giveUp() {
        host.waiting = host.waiting.filter(other => other !== turn);
        reject(refusal(BUSY_AGAIN_SECONDS));
      }
      host.waiting.push(turn);
    });
  }

  /** Whoever waits longest takes the place over. */
  private free(name: string): void {
    const host = this.hosts.get(name)!;
    host.movedAt = performance.now();
    const next = host.waiting.shift();
    if (next) {
      next();
      return;
    }
    host.calls--;
    if (host.calls === 0) {
      this.hosts.delete(name);
    }
  }
}
