import { SchedulerService } from '@backstage/backend-plugin-api';
import { durationToMilliseconds } from '@backstage/types';
import { DatasetDirectory } from '../datasets/types';
import { FieldUseSettings } from './settings';
import { SourceScan } from './sources/SourceScan';
import { FieldUseStore } from './store/FieldUseStore';

const FIRST_DELAY_MS = 30_000;
/** A run that says nothing for so long will not tell any more what it read. */
const RUN_MS = 24 * 3_600_000;

/**
 * Reads the sources of consumers again and again, and forgets what runs read long
 * ago, on one replica at a time.
 */
export async function scheduleFieldUse(options: {
  scan: SourceScan;
  store: FieldUseStore;
  directory: Pick<DatasetDirectory, 'fieldUseChanged'>;
  settings: FieldUseSettings;
  scheduler: SchedulerService;
}): Promise<void> {
  const { scan, store, directory, settings, scheduler } = options;
  if (settings.readSourcesEvery) {
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
      const observed = await store.removeObserved(before);
      const parsed = await store.removeParsed(before);
      await directory.fieldUseChanged([...observed, ...parsed]);
      await store.settleRuns(new Date(Date.now() - RUN_MS));
      await store.removeLineage(new Date(Date.now() - settings.lineageForMs));
    },
  });
}
