import { copyFile, mkdir } from 'fs/promises';
import path from 'path';
import { resolveDataset } from './publishing/resolveDataset';
import { fileList, query } from './__testUtils__/independentReader';
import {
  World,
  bigint,
  contract,
  copyAll,
  field,
  integer,
  locateOrFail,
  makeRun,
  makeWorld,
  mappingOf,
  text,
} from './__testUtils__/world';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const SOURCE = path.join(
  path.dirname(require.resolve('vega-datasets')),
  '../data/flights-3m.parquet',
);

describe('three million flights', () => {
  let world: World;

  beforeAll(async () => {
    world = await makeWorld({ chunkRows: 1_000_000 });
    await mkdir(path.join(world.root, 'flights'));
    await copyFile(SOURCE, path.join(world.root, 'flights/part.parquet'));
  });

  afterAll(() => world.close());

  it('arrive row for row in their order, verified', async () => {
    const date = field('date', { kind: 'timestamp', zone: false });
    const origin = field('origin', text, { required: true });
    const destination = field('destination', text, { required: true });
    const from = contract(
      '1.0.0',
      [
        date,
        field('delay', bigint),
        field('distance', bigint),
        origin,
        destination,
      ],
      'flights',
      { format: 'parquet' },
    );
    const to = contract(
      '2.0.0',
      [
        date,
        field('arrival_delay', bigint, { id: 'delay' }),
        field('distance', integer),
        origin,
        destination,
        field('route', text, { required: true }),
      ],
      'flights',
      { format: 'parquet' },
    );
    const mapping = mappingOf(from, to, [
      {
        agent: 'rename-field',
        payload: { from: 'delay', to: 'arrival_delay' },
      },
      {
        agent: 'cast-type',
        payload: { field: 'distance', onFailure: 'refuse' },
      },
      {
        agent: 'derive-field',
        payload: {
          field: 'route',
          expression: "origin || '-' || destination",
        },
      },
    ]);
    const location = await locateOrFail(world.engine, from);
    await expect(
      world.engine.plan({
        location,
        mapping,
        policy: 'switch',
        sourceContract: from,
        targetContract: to,
      }),
    ).resolves.toMatchObject({
      strategy: 'shadow-copy',
      rows: 3_000_000,
      chunks: 4,
      refusals: [],
    });

    const run = makeRun(location, from, to, mapping);
    await expect(copyAll(world.engine, run)).resolves.toMatchObject({
      done: true,
      rowsDone: 3_000_000,
    });
    const report = await world.engine.verify(run);
    expect(report).toMatchObject({
      ok: true,
      sourceRows: 3_000_000,
      targetRows: 3_000_000,
      sourceChecksum: report.targetChecksum,
      mismatches: [],
    });
    await world.engine.cutOver(run);

    const dataset = await resolveDataset(path.join(world.root, 'flights'));
    expect(dataset.version).toBe('2.0.0');
    const expected = `SELECT date, delay AS arrival_delay, CAST(distance AS INTEGER) AS distance, origin, destination, concat(origin, '-', destination) AS route FROM '${SOURCE}'`;
    const found = `SELECT * FROM read_parquet(${fileList(dataset.files)})`;
    await expect(
      query(
        `SELECT count(*) AS rows, count(*) FILTER (WHERE e IS DISTINCT FROM f) AS different FROM (${expected}) AS e POSITIONAL JOIN (${found}) AS f`,
      ),
    ).resolves.toEqual([{ rows: '3000000', different: '0' }]);
  });
});
