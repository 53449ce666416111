import { ChunkResult } from '@skein/backstage-plugin-dataset-migrations-node';
import { castOfA, createCastable, typeOfA } from './__testUtils__/castOfA';
import { migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

/** One row to a block, more or less. */
const storage = 'WITH (fillfactor = 10)';

async function prepared(table: string, chunkSeconds: number, lanes = 1) {
  await createCastable(world, table, { rows: 2_000, storage });
  const run = await world.run({ table, ...castOfA });
  const { connections } = world.settings();
  const engine = world.engine({
    settings: {
      chunkSeconds,
      connections: connections.map(settings => ({ ...settings, lanes })),
    },
  });
  await engine.fence(run);
  await engine.prepare(run);
  return { engine, run };
}

const lanesOf = (migrationId: string) =>
  world.sql(
    `SELECT (state->>'chunkBlocks')::int AS first, chunk_blocks::int AS next, end_block::int AS "end"
     FROM skein.lanes JOIN skein.runs USING (migration_id) WHERE migration_id = $1 ORDER BY lane`,
    [migrationId],
  );

describe('the size of chunks', () => {
  it('grows fourfold at a time, to ten times the first, while chunks are quick', async () => {
    const { engine, run } = await prepared('quick', 3_600);
    const times = async () => {
      await engine.copyChunk(run);
      const [{ first, next }] = await lanesOf(run.migrationId);
      return next / first;
    };
    expect([await times(), await times(), await times()]).toEqual([4, 10, 10]);
    await migrate(engine, run);
  });

  it('shrinks to a quarter at a time, to one block, while chunks are slow', async () => {
    const { engine, run } = await prepared('slow', 1e-9);
    const sizes: number[] = [];
    for (let chunk = 0; chunk < 4; chunk += 1) {
      await engine.copyChunk(run);
      const [{ next }] = await lanesOf(run.migrationId);
      sizes.push(next);
    }
    const [{ first }] = await lanesOf(run.migrationId);
    const quarter = (size: number) => Math.max(1, Math.floor(size / 4));
    expect(sizes).toEqual(
      sizes.map((_, index) => quarter(sizes[index - 1] ?? first)),
    );
    expect(sizes[3]).toBe(1);
  });

  it('makes the number of chunks an estimate that comes true', async () => {
    const { engine, run } = await prepared('counted', 3_600, 3);
    const results: ChunkResult[] = [];
    do {
      results.push(await engine.copyChunk(run));
    } while (!results[results.length - 1].done);
    for (const { chunksDone, chunksTotal } of results) {
      expect(chunksTotal).toBeGreaterThanOrEqual(chunksDone);
    }
    const last = results[results.length - 1];
    expect(last.chunksTotal).toBe(last.chunksDone);
    expect(last.rowsDone).toBe(2_000);
    await migrate(engine, run);
  });
});

it('copies on as many connections as it is told', async () => {
  const { engine, run } = await prepared('parted', 1, 3);
  expect(await lanesOf(run.migrationId)).toHaveLength(3);
  await migrate(engine, run);
});

it('G3: goes on with what an earlier release has prepared', async () => {
  const { run } = await prepared('inherited', 1);
  await world.sql('ALTER TABLE skein.lanes DROP COLUMN chunk_blocks');
  const successor = world.engine();
  const taken = { ...run, fence: 2 };
  await successor.fence(taken);
  await migrate(successor, taken);
  expect(await typeOfA(world, 'inherited')).toBe('integer');
});
