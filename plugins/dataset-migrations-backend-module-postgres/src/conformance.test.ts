import { runEngineConformance } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import {
  createPostgresHarness,
  HarnessDatabase,
} from './__testUtils__/postgresHarness';

let database: HarnessDatabase;

beforeAll(async () => {
  database = await HarnessDatabase.create();
}, 60_000);
afterAll(() => database.drop(), 60_000);

runEngineConformance({ createHarness: () => createPostgresHarness(database) });
