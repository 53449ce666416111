import { runEngineConformance } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { createPostgresHarness } from './__testUtils__/postgresHarness';

runEngineConformance({ createHarness: createPostgresHarness });
