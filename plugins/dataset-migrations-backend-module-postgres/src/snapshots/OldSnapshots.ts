import { ConflictError } from '@backstage/errors';
import { setTimeout as wait } from 'timers/promises';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { nameOf, SnapshotHolder, snapshotHolders } from './snapshotHolders';

const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1_000;

/** What comes over while it takes longer is waited for once more. */
const LONG_MS = 1_000;
const ROUNDS = 5;

/** People are told at first, and then so often. */
const REPORT_MS = 30_000;

/**
 * Looks out for transactions that would read a table's replacement by a snapshot
 * in which its rows are not there yet: under REPEATABLE READ, those that took
 * their snapshot before the rows were written, and come to the table when it
 * has been replaced. Waits for them, for as long as the operator allows.
 */
export class OldSnapshots {
  readonly #seconds: number;
  /** Until when the lock is given back for those who are seen under it. */
  #until?: number;
  /** How often they were. */
  #seen = 0;
  /** When the last rows were written that are not written under the lock. */
  #written = '-infinity';
  #reportedAt = -Infinity;

  /** @param options.matter - whether the rows are other ones than before */
  constructor(
    private readonly context: RunContext,
    options: { matter: boolean },
  ) {
    this.#seconds = options.matter ? context.settings.oldSnapshotSeconds : 0;
  }

  /**
   * Waits until every snapshot is as new as the rows that were written before
   * this call; what is written during a long wait gets a wait of its own. After
   * {@link areHeld} it waits at first, longer each time: the next lock would keep
   * everybody out once more.
   *
   * @param write - brings over what was written meanwhile
   * @throws ConflictError when a transaction stays open for too long
   */
  async pass(write: () => Promise<void> = async () => {}): Promise<void> {
    if (this.#seen > 0) {
      await this.#pause(SHORTEST_PAUSE_MS * 2 ** Math.min(this.#seen, 10));
    }
    let took = Infinity;
    for (let round = 0; round < ROUNDS && took > LONG_MS; round += 1) {
      await write();
      const began = performance.now();
      if (this.#seconds > 0) {
        await this.#passOnce(write);
      }
      took = performance.now() - began;
    }
  }

  /**
   * Whether somebody holds a snapshot in which some of the last rows are not
   * there. To be asked when the table is locked, once in a transaction: whoever
   * has read the table is gone by then. Statements that run just now are not
   * looked at, as almost all of them take their snapshots for themselves.
   *
   * @param written - whether rows were written under the lock
   * @throws ConflictError when that has been so for too long
   */
  async areHeld(session: Session, written: boolean): Promise<boolean> {
    if (this.#seconds === 0) {
      return false;
    }
    const { holders } = await snapshotHolders(session, {
      before: written ? undefined : this.#written,
      resting: true,
    });
    if (holders.length > 0) {
      this.#seen += 1;
      this.#until ??= this.#deadline();
      this.#refuseAfter(this.#until, holders[0]);
    }
    return holders.length > 0;
  }

  async #passOnce(write: () => Promise<void>): Promise<void> {
    let holders = await this.#look();
    const until = this.#deadline();
    for (let pause = SHORTEST_PAUSE_MS; holders.length > 0; pause *= 1.5) {
      this.#refuseAfter(until, holders[0]);
      this.#report(holders[0]);
      await this.#pause(pause);
      await write();
      const held = new Set(holders.map(({ snapshot }) => snapshot));
      holders = (await this.#look()).filter(({ snapshot }) =>
        held.has(snapshot),
      );
    }
  }

  /** @param ms - no more than is waited at once */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.context.run;
    await wait(Math.min(ms, LONGEST_PAUSE_MS), undefined, { signal }).catch(
      () => {},
    );
    signal.throwIfAborted();
  }

  /** Whoever begins later sees what has been written until now. */
  async #look(): Promise<SnapshotHolder[]> {
    const { time, holders } = await snapshotHolders(this.context.warehouse);
    this.#written = time;
    return holders;
  }

  #deadline(): number {
    return performance.now() + this.#seconds * 1_000;
  }

  #refuseAfter(until: number, oldest: SnapshotHolder): void {
    if (performance.now() < until) {
      return;
    }
    throw new ConflictError(
      `${
        this.context.run.location.display
      } was not switched, as that would show ${nameOf(
        oldest,
      )}, a table without its last rows: it reads by an older snapshot. End it and retry, or wait longer than oldSnapshotSeconds: ${
        this.#seconds
      }.`,
    );
  }

  /** Those that are gone in a moment are not worth a word. */
  #report(oldest: SnapshotHolder): void {
    const { run } = this.context;
    if (
      oldest.seconds * 1_000 > LONG_MS &&
      performance.now() - this.#reportedAt > REPORT_MS
    ) {
      this.#reportedAt = performance.now();
      run.report?.(
        `Waits for ${nameOf(
          oldest,
        )}, which reads by an older snapshot and would not see the last rows`,
      );
    }
  }
}
