import { LoggerService } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { CatalogProcessorCache } from '@backstage/plugin-catalog-node';
import { EventsService } from '@backstage/plugin-events-node';
import {
  CATALOG_CHANGES_TOPIC,
  CatalogChange,
  whatConcernsDatasets,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { createHash } from 'node:crypto';

/** Where the catalog keeps for the processor what it told last of an entity. */
const TOLD = 'told';

/**
 * Publishes that what concerns datasets of an entity is another than when the catalog
 * processed it last.
 */
export class ChangeWatch {
  constructor(
    private readonly options: { events: EventsService; logger: LoggerService },
  ) {}

  /**
   * Never throws: what could not be published is published when the entity is
   * processed next, and the reconciliation finds it anyway.
   */
  async look(entity: Entity, cache: CatalogProcessorCache): Promise<void> {
    const { events, logger } = this.options;
    const digest = digestOf(entity);
    if (digest === ((await cache.get<string>(TOLD)) ?? '')) {
      return;
    }
    const change: CatalogChange = {
      entityRef: stringifyEntityRef(entity),
      digest,
    };
    try {
      await events.publish({
        topic: CATALOG_CHANGES_TOPIC,
        eventPayload: change,
      });
      await cache.set(TOLD, digest);
    } catch (error) {
      logger.warn(`Could not tell that ${change.entityRef} changed: ${error}`);
    }
  }
}

function digestOf(entity: Entity): string {
  const text = whatConcernsDatasets(entity);
  return text === undefined
    ? ''
    : createHash('sha256').update(text).digest('hex');
}
