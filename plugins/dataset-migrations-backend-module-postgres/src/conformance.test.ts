import { runEngineConformance } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { createPostgresHarness } from './__testUtils__/postgresHarness';
import {
  createScratchDatabase,
  ScratchDatabase,
} from './__testUtils__/scratchDatabase';

let database: ScratchDatabase;

beforeAll(async () => {
  database = await createScratchDatabase();
}, 60_000);
afterAll(() => database.drop(), 60_000);

runEngineConformance({ createHarness: () => createPostgresHarness(database) });
