import { mkdir } from 'fs/promises';
import path from 'path';
import { ChunkResult } from '@skein/backstage-plugin-dataset-migrations-node';
import { rename, runOf } from './__testUtils__/changes';
import { query } from './__testUtils__/independentReader';
import { World, bigint, field, makeWorld, text } from './__testUtils__/world';

// Processes are started, and the machine may be busy.
jest.setTimeout(120_000);

/** Long enough that a machine of any speed is asked meanwhile how far it got. */
const ROWS = 2_000_000;

describe('one large file', () => {
  let world: World;

  beforeEach(async () => {
    world = await makeWorld({ chunkRows: ROWS });
    await mkdir(path.join(world.root, 'data'));
  });

  afterEach(() => world.close());

  it.each`
    format       | known
    ${'parquet'} | ${'rows'}
    ${'csv'}     | ${'share'}
  `('of $format moves while it is copied', async ({ format, known }) => {
    await query(
      `COPY (SELECT i AS id, md5(CAST(i AS VARCHAR)) AS text FROM range(${ROWS}) t(i)) TO '${world.root}/data/a.${format}' (FORMAT ${format})`,
    );
    const controller = new AbortController();
    const enough = new Error('enough');
    const id = field('id', bigint);
    const run = await runOf(world, {
      format,
      from: [id, field('text', text)],
      to: [id, field('words', text, { id: 'text' })],
      steps: [rename('text', 'words')],
      rest: { signal: controller.signal },
    });
    await world.engine.fence(run);
    await world.engine.prepare(run);
    const seen: ChunkResult[] = [];
    const copying = world.engine.copyChunk(run, progress => {
      seen.push(progress);
      if (progress.rowsDone > 0 || progress.share) {
        controller.abort(enough);
      }
    });
    await expect(copying).rejects.toBe(enough);
    const last = seen[seen.length - 1];
    expect(last).toMatchObject({ done: false, chunksDone: 0, chunksTotal: 1 });
    const moved = known === 'rows' ? last.rowsDone / ROWS : last.share;
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThanOrEqual(1);
  });
});
