import {
  RootConfigService,
  SchedulerService,
} from '@backstage/backend-plugin-api';
import { readDurationFromConfig } from '@backstage/config';
import { CatalogDatasetDirectory } from './CatalogDatasetDirectory';

const KEY = 'datasetMigrations.catalog.reconcileEvery';

/**
 * Brings the read model up to the catalog again and again, on one replica at a
 * time, whatever was told of changes.
 */
export async function scheduleReconciliation(options: {
  directory: CatalogDatasetDirectory;
  scheduler: SchedulerService;
  config: RootConfigService;
}): Promise<void> {
  const { directory, scheduler, config } = options;
  await scheduler.scheduleTask({
    id: 'dataset-migrations-reconciliation',
    scope: 'global',
    frequency: config.has(KEY)
      ? readDurationFromConfig(config, { key: KEY })
      : { minutes: 5 },
    timeout: { minutes: 15 },
    fn: signal => directory.reconcile(signal as AbortSignal),
  });
}
