import { setTimeout as delay } from 'node:timers/promises';
import { Blow, blowKinds, BlowKind, describeBlow } from './blows';
import { ControlPlane } from './ControlPlane';
import { Database } from './Database';
import { Fleet, Member, Role } from './Fleet';
import { Recoveries } from './Recoveries';

/** So long it is looked for somebody who starts migrations. */
const LOOK_MS = 3_000;
/** Between two blows, in seconds. */
const GAP = { from: 1, to: 6 };

/** Strikes blow after blow while it is let. */
export class Chaos {
  readonly struck = Object.fromEntries(
    blowKinds.map(kind => [kind, 0]),
  ) as Record<BlowKind, number>;
  readonly #pauses = new Set<Promise<void>>();

  constructor(
    private readonly options: {
      blows: Iterator<Blow>;
      random: () => number;
      fleet: Fleet;
      database: Database;
      controlPlane: ControlPlane;
      recoveries: Recoveries;
      log: (message: string) => void;
    },
  ) {}

  /**
   * Strikes until `over` aborts; returns when the last blow has fallen. However
   * slow the machine is, it waits until who was killed is replaced, and jobs are
   * taken again after an outage, so that something is done between the blows.
   */
  async rage(over: AbortSignal): Promise<void> {
    const { blows, random, fleet, recoveries, log } = this.options;
    while (!over.aborted) {
      await fleet.replaced();
      await recoveries.resumed();
      const gap = GAP.from + random() * (GAP.to - GAP.from);
      const blow: Blow = blows.next().value;
      await delay(gap * 1000, undefined, { signal: over }).catch(() => {});
      if (over.aborted) break;
      const whom = await this.#strike(blow, over);
      if (whom !== undefined) {
        this.struck[blow.kind] += 1;
        log(`${describeBlow(blow)}${whom && `: ${whom}`}`);
      }
    }
    await Promise.all(this.#pauses);
  }

  /** @returns who was struck; undefined when there was nobody */
  async #strike(blow: Blow, over: AbortSignal): Promise<string | undefined> {
    const { database, controlPlane, recoveries } = this.options;
    switch (blow.kind) {
      case 'worker-killed':
        return this.#kill(this.#pick('worker', blow.whom));
      case 'backend-killed':
        return this.#kill(this.#pick('backend', blow.whom));
      case 'dispatcher-killed':
        return this.#kill(await this.#dispatcher());
      case 'worker-paused':
        return this.#pause(this.#pick('worker', blow.whom), blow.seconds, over);
      case 'database-killed':
        await database.kill();
        recoveries.databaseReturned();
        return '';
      case 'database-stopped':
        await database.stop(blow.seconds);
        recoveries.databaseReturned();
        return '';
      case 'connections-cut':
        return `${await controlPlane.cut(blow.share)} connections`;
      default:
        throw new Error(`there is no blow ${JSON.stringify(blow)}`);
    }
  }

  /** Never the last one that can work, who would be struck twice. */
  #pick(role: Role, whom: number): Member | undefined {
    const ready = this.options.fleet.ready(role);
    return ready.length > 1
      ? ready[Math.floor(whom * ready.length)]
      : undefined;
  }

  async #kill(member: Member | undefined): Promise<string | undefined> {
    if (!member) return undefined;
    const { recoveries } = this.options;
    const held = await recoveries.heldBy(member);
    await member.process.kill9();
    recoveries.workerKilled(held);
    return member.name;
  }

  #pause(
    member: Member | undefined,
    seconds: number,
    over: AbortSignal,
  ): string | undefined {
    if (!member) return undefined;
    const { fleet } = this.options;
    fleet.pause(member);
    const resumed = delay(seconds * 1000, undefined, { signal: over })
      .catch(() => {})
      .then(() => {
        fleet.resume(member);
        this.#pauses.delete(resumed);
      });
    this.#pauses.add(resumed);
    return member.name;
  }

  /** Somebody who starts migrations, and stands still amid that until it is killed. */
  async #dispatcher(): Promise<Member | undefined> {
    const { controlPlane, fleet } = this.options;
    const until = Date.now() + LOOK_MS;
    while (Date.now() < until) {
      const name = await controlPlane.dispatcher();
      const found = fleet
        .all()
        .find(member => member.name === name && !member.paused);
      if (found) {
        fleet.pause(found);
        // It may have ended between the look and the signal.
        const still = await controlPlane.dispatcher().catch(() => undefined);
        if (still === name) return found;
        fleet.resume(found);
      }
      await delay(2);
    }
    return undefined;
  }
}
