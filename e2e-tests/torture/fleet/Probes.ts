import { setTimeout as delay } from 'node:timers/promises';
import { Database } from './Database';
import { Fleet, Member } from './Fleet';

const EVERY_MS = 500;
/** As Kubernetes has it: so many answers must be missing before it acts. */
const MISSING = 3;
const ANSWER_MS = 5_000;

/** After PostgreSQL, or the process itself, is back, a probe may lag so long. */
const GRACE_MS = 15_000;

/** Asks every process again and again whether it lives, and judges the answers. */
export class Probes {
  asked = 0;
  /** Rightly red: PostgreSQL was away. */
  red = 0;
  readonly #missing = new Map<Member, number>();
  readonly #told = new Set<string>();

  constructor(
    private readonly options: {
      fleet: Fleet;
      database: Database;
      /** Seconds without PostgreSQL after which a process must say that it is dead. */
      redAfterSeconds: number;
      fail: (message: string) => void;
    },
  ) {}

  async watch(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await Promise.all(this.options.fleet.all().map(each => this.#ask(each)));
      await delay(EVERY_MS, undefined, { signal: over }).catch(() => {});
    }
  }

  async #ask(member: Member): Promise<void> {
    const { fleet } = this.options;
    const before = this.#expected(member);
    const { outages } = this.options.database;
    const answer = await ask(member);
    // Only what held all the while says anything.
    if (
      member.paused ||
      !fleet.all().includes(member) ||
      this.options.database.outages !== outages ||
      this.#expected(member) !== before
    ) {
      return;
    }
    this.asked += 1;
    const missing =
      answer === undefined ? (this.#missing.get(member) ?? 0) + 1 : 0;
    this.#missing.set(member, missing);
    if (before === 'green' && answer === undefined && missing >= MISSING) {
      this.#lied(member, 'did not answer, though it can work');
    } else if (before === 'green' && answer && answer.status !== 200) {
      this.#lied(
        member,
        `was red, though it can work: ${answer.status} ${answer.body}`,
      );
    } else if (before === 'red' && answer?.status === 200) {
      this.#lied(member, 'was green, though PostgreSQL is away');
    } else if (before === 'red' && answer) {
      this.red += 1;
    }
  }

  /** What a probe must say; undefined while it may say either. */
  #expected({ since, paused }: Member): 'green' | 'red' | undefined {
    const { database, redAfterSeconds } = this.options;
    const settled = Date.now() - Math.max(since, database.since);
    if (paused || database.state === 'returning') return undefined;
    if (database.state === 'up') {
      return settled > GRACE_MS ? 'green' : undefined;
    }
    return settled > redAfterSeconds * 1000 ? 'red' : undefined;
  }

  #lied({ name }: Member, what: string): void {
    const message = `the liveness probe of ${name} ${what}`;
    if (!this.#told.has(message)) {
      this.#told.add(message);
      this.options.fail(message);
    }
  }
}

async function ask({
  process: { url },
}: Member): Promise<{ status: number; body: string } | undefined> {
  try {
    const response = await fetch(`${url}/.backstage/health/v1/liveness`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    return { status: response.status, body: await response.text() };
  } catch {
    return undefined;
  }
}
