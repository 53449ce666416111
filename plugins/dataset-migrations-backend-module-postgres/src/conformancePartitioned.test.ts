import { engineChecks } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import {
  createPostgresHarness,
  HarnessDatabase,
} from './__testUtils__/postgresHarness';

let database: HarnessDatabase;

beforeAll(async () => {
  database = await HarnessDatabase.create();
}, 60_000);
afterAll(() => database.drop(), 60_000);

/**
 * The checks that go through partitions; the others would find nothing new, or
 * have copies written beside each other, which is refused.
 */
const checks = engineChecks.filter(
  ({ name }) =>
    /^G[23589]:|every row|several chunks|giving up|cleaning up/.test(name) &&
    !/beside|publication|retire|agent|arrives|coexist, every|a migration survives|two objects/.test(
      name,
    ),
);

describe('engine conformance of partitioned tables', () => {
  it.each(checks.map(check => [check.name, check] as const))(
    '%s',
    async (_name, check) => {
      const harness = await createPostgresHarness(database, {
        partitioned: true,
      });
      try {
        await expect(check.run(harness)).resolves.toBeUndefined();
      } finally {
        await harness.dispose();
      }
    },
    120_000,
  );
});
