import { LoggerService } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { CatalogProcessorCache } from '@backstage/plugin-catalog-node';
import { EventsService } from '@backstage/plugin-events-node';
import {
  CATALOG_CHANGES_TOPIC,
  CatalogChange,
  catalogChangeOf,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';

/** Where the catalog keeps for the processor what it told last of an entity. */
const TOLD = 'told';

/** The catalog processes a few entities at a time, none of which may wait for long. */
const PATIENCE_MS = 2_000;

/** How long nothing is published after it took longer. */
const PAUSE_MS = 60_000;

/**
 * Publishes that what concerns datasets of an entity is another than when the catalog
 * processed it last.
 */
export class ChangeWatch {
  private pausedUntil = 0;

  constructor(
    private readonly options: { events: EventsService; logger: LoggerService },
  ) {}

  /**
   * Never throws: what could not be published is published when the entity is
   * processed next, and the reconciliation finds it anyway.
   */
  async look(entity: Entity, cache: CatalogProcessorCache): Promise<void> {
    if (Date.now() < this.pausedUntil) {
      return;
    }
    try {
      const change = await catalogChangeOf(entity);
      if (change.digest !== ((await cache.get<string>(TOLD)) ?? '')) {
        await this.publish(change);
        await cache.set(TOLD, change.digest);
      }
    } catch (error) {
      this.options.logger.warn(
        `Could not tell that ${stringifyEntityRef(entity)} changed: ${error}`,
      );
    }
  }

  private async publish(change: CatalogChange): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        this.pausedUntil = Date.now() + PAUSE_MS;
        reject(new Error(`No answer from the events within ${PATIENCE_MS} ms`));
      }, PATIENCE_MS);
    });
    try {
      await Promise.race([
        this.options.events.publish({
          topic: CATALOG_CHANGES_TOPIC,
          eventPayload: change,
        }),
        late,
      ]);
    } finally {
      clearTimeout(timer);
    }
  }
}
