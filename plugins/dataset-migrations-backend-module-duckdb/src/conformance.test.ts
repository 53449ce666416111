import {
  engineChecks,
  runEngineConformance,
} from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { createHarness } from './__testUtils__/harness';
import { usePool } from './__testUtils__/world';

const pool = usePool();

describe('parquet files', () => {
  runEngineConformance({
    createHarness: () => createHarness('parquet', pool()),
  });
});

// Where a worker can die or be replaced, whose a place is, and what manifests say
// of versions is the same for every format.
const others = engineChecks.filter(
  ({ name }) =>
    !/survives a kill|^G4|^G1:|^G11:|^leaves contracts|^G2|^keeps both|^G8: rolls back exactly/.test(
      name,
    ),
);

describe.each(['csv', 'ndjson'] as const)('%s files', format => {
  it.each(others.map(check => [check.name, check] as const))(
    '%s',
    async (_name, check) => {
      const harness = await createHarness(format, pool());
      try {
        await expect(check.run(harness)).resolves.toBeUndefined();
      } finally {
        await harness.dispose();
      }
    },
    120_000,
  );
});
