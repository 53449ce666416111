import { LifecycleService, LoggerService } from '@backstage/backend-plugin-api';
import { EventsService } from '@backstage/plugin-events-node';
import { CATALOG_CHANGES_TOPIC } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { CatalogChanges } from './CatalogChanges';
import { CatalogDatasetDirectory } from './CatalogDatasetDirectory';

/**
 * Brings the read model up to entities as soon as the catalog module tells that they
 * changed. Without an events backend it is heard in the process of the catalog only.
 */
export async function followCatalog(options: {
  directory: CatalogDatasetDirectory;
  events: EventsService;
  lifecycle: LifecycleService;
  logger: LoggerService;
}): Promise<void> {
  const { directory, events, lifecycle, logger } = options;
  const changes = new CatalogChanges({
    refresh: refs => directory.refreshEntities(refs),
    logger,
  });
  lifecycle.addShutdownHook(() => changes.stop());
  await events.subscribe({
    id: 'catalog-changes',
    topics: [CATALOG_CHANGES_TOPIC],
    onEvent: async ({ eventPayload }) => changes.hear(eventPayload),
  });
}
