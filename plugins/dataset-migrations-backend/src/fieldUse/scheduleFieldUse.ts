import {
  LoggerService,
  SchedulerService,
  UrlReaderService,
} from '@backstage/backend-plugin-api';
import { durationToMilliseconds } from '@backstage/types';
import { DatasetStore } from '../datasets/DatasetStore';
import { DatasetDirectory } from '../datasets/types';
import { FieldUseSettings } from './settings';
import { SourceScan } from './sources/SourceScan';
import { FieldUseStore } from './store/FieldUseStore';

const FIRST_DELAY_MS = 30_000;

/**
 * Reads the sources of consumers again and again, and forgets what runs read long
 * ago, on one replica at a time.
 */
export async function scheduleFieldUse(options: {
  reader: UrlReaderService;
  store: FieldUseStore;
  datasets: DatasetStore;
  directory: Pick<DatasetDirectory, 'fieldUseChanged'>;
  settings: FieldUseSettings;
  scheduler: SchedulerService;
  logger: LoggerService;
}): Promise<void> {
  const { store, directory, settings, scheduler } = options;
  if (settings.readSourcesEvery) {
    const scan = new SourceScan(options);
    await scheduler.scheduleTask({
      id: 'dataset-migrations-sources',
      scope: 'global',
      frequency: settings.readSourcesEvery,
      timeout: { hours: 2 },
      // The first reconciliation brings the consumers.
      initialDelay: {
        milliseconds: Math.min(
          durationToMilliseconds(settings.readSourcesEvery),
          FIRST_DELAY_MS,
        ),
      },
      fn: signal => scan.run(signal as AbortSignal),
    });
  }
  await scheduler.scheduleTask({
    id: 'dataset-migrations-observed-field-use',
    scope: 'global',
    frequency: { hours: 1 },
    timeout: { minutes: 5 },
    fn: async () => {
      const before = new Date(Date.now() - settings.observedForMs);
      await directory.fieldUseChanged(await store.removeObserved(before));
    },
  });
}
