import { LoggerService } from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import {
  CatalogChange,
  catalogChangeOf,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { normalizeEntityRef } from './entityRefs';

const ROUND_MS = 1_000;

/**
 * Rounds until an entity is looked at, and until it is looked at again while the catalog
 * gives it as it was: half a minute in all.
 */
const ROUNDS_UNTIL_LOOK = [1, 2, 4, 8, 15];

/** Entities of one request: they may be datasets, whose contracts are long. */
const MAX_AT_ONCE = 50;

/** Entities that wait; what is beyond is left to the reconciliation. */
const MAX_WAITING = 10_000;

interface Waiting {
  digest: string;
  looks: number;
  rounds: number;
}

/**
 * Hears that entities changed and has them read anew, these alone, several at a time
 * where many changed. The event comes before the catalog gives the entity as it is by
 * then, so it is looked at again for a while. What is missed is brought by the
 * reconciliation.
 */
export class CatalogChanges {
  private readonly waiting = new Map<string, Waiting>();
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private stopped = false;
  private isFull = false;

  /**
   * @param options.refresh - brings the read model up to these entities
   * @param options.roundMs - milliseconds between two rounds, by default a second
   */
  constructor(
    private readonly options: {
      refresh: (entityRefs: string[]) => Promise<Entity[]>;
      logger: LoggerService;
      roundMs?: number;
    },
  ) {}

  /** Takes the payload of an event and returns at once: who publishes waits for it. */
  hear(payload: unknown): void {
    const change = readChange(payload);
    if (!change) {
      this.options.logger.warn(
        'Ignored an event about the catalog that has no entityRef or no digest',
      );
      return;
    }
    const { entityRef, digest } = change;
    if (!this.waiting.has(entityRef) && this.waiting.size >= MAX_WAITING) {
      this.sayFull();
      return;
    }
    this.waiting.set(entityRef, {
      digest,
      looks: 0,
      rounds: ROUNDS_UNTIL_LOOK[0],
    });
    this.waitForRound();
  }

  /** Once, until nothing waits any more. */
  private sayFull(): void {
    if (!this.isFull) {
      this.isFull = true;
      this.options.logger.warn(
        `More than ${MAX_WAITING} entities of the catalog changed at once; the reconciliation takes in the others`,
      );
    }
  }

  /** Hears no more; resolves when nothing of it is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private waitForRound(): void {
    if (this.stopped || this.timer || this.round || this.waiting.size === 0) {
      return;
    }
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.round = this.lookAtDue().finally(() => {
        this.round = undefined;
        this.isFull &&= this.waiting.size > 0;
        this.waitForRound();
      });
    }, this.options.roundMs ?? ROUND_MS);
  }

  private async lookAtDue(): Promise<void> {
    const due: Array<[entityRef: string, waiting: Waiting]> = [];
    for (const [entityRef, waiting] of this.waiting) {
      waiting.rounds -= 1;
      if (waiting.rounds === 0) {
        due.push([entityRef, waiting]);
      }
    }
    for (let at = 0; at < due.length && !this.stopped; at += MAX_AT_ONCE) {
      const batch = due.slice(at, at + MAX_AT_ONCE);
      const digests = await this.refresh(batch.map(([ref]) => ref));
      for (const [entityRef, waiting] of batch) {
        this.settle(entityRef, waiting, digests.get(entityRef));
      }
    }
  }

  /** @returns the digests of those that the catalog has; none where it cannot be asked */
  private async refresh(entityRefs: string[]): Promise<Map<string, string>> {
    try {
      const entities = await this.options.refresh(entityRefs);
      const changes = await Promise.all(entities.map(catalogChangeOf));
      return new Map(
        changes.map(({ entityRef, digest }) => [entityRef, digest]),
      );
    } catch (error) {
      // Of whatever kind: what is due must be looked at again.
      this.options.logger.debug(
        `Could not look at what changed in the catalog: ${error}`,
      );
      return new Map();
    }
  }

  private settle(
    entityRef: string,
    waiting: Waiting,
    digest: string | undefined,
  ): void {
    if (this.waiting.get(entityRef) !== waiting) {
      // It changed once more meanwhile.
      return;
    }
    waiting.looks += 1;
    if (
      digest === waiting.digest ||
      waiting.looks === ROUNDS_UNTIL_LOOK.length
    ) {
      this.waiting.delete(entityRef);
    } else {
      waiting.rounds = ROUNDS_UNTIL_LOOK[waiting.looks];
    }
  }
}

function readChange(payload: unknown): CatalogChange | undefined {
  const { entityRef, digest } = (payload ?? {}) as Partial<CatalogChange>;
  if (typeof entityRef !== 'string' || typeof digest !== 'string') {
    return undefined;
  }
  try {
    return { entityRef: normalizeEntityRef(entityRef, 'entityRef'), digest };
  } catch {
    return undefined;
  }
}
