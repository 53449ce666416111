import { runEngineConformance } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { createPostgresHarness } from './testUtils/postgresHarness';

runEngineConformance({ createHarness: createPostgresHarness });
