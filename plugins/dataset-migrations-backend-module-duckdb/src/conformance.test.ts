import { runEngineConformance } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { createHarness } from './__testUtils__/harness';

describe.each(['parquet', 'csv', 'ndjson'] as const)('%s files', format => {
  runEngineConformance({ createHarness: () => createHarness(format) });
});
