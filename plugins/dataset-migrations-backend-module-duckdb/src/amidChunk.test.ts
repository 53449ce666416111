import { mkdir, readFile } from 'fs/promises';
import path from 'path';
import {
  ChunkResult,
  EngineRun,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { rename, runOf } from './__testUtils__/changes';
import { fileList, query } from './__testUtils__/independentReader';
import { filesBelow } from './__testUtils__/publishedFiles';
import {
  World,
  bigint,
  copyAll,
  field,
  makeWorld,
  text,
} from './__testUtils__/world';
import { DuckDbEngine } from './DuckDbEngine';
import { DuckDbPool } from './process/DuckDbPool';
import { resolveDataset } from './publishing/resolveDataset';

// Processes are started, and the machine may be busy.
jest.setTimeout(120_000);

/** Long enough that a machine of any speed is asked meanwhile how far it got. */
const ROWS = 2_000_000;

/** A small part of what that takes. */
const PROGRESS_MS = 5;

describe('one large file, amid its only chunk', () => {
  let world: World;
  let engine: DuckDbEngine;
  let pool: DuckDbPool;
  let folder: string;

  beforeEach(async () => {
    world = await makeWorld({ chunkRows: ROWS });
    pool = new DuckDbPool(world.settings, { progressMs: PROGRESS_MS });
    engine = new DuckDbEngine(world.settings, { pool });
    folder = path.join(world.root, 'data');
    await mkdir(folder);
  });

  afterEach(async () => {
    await pool.close();
    await world.close();
  });

  async function prepared(
    format: string,
    rest: Partial<EngineRun> = {},
  ): Promise<EngineRun> {
    await query(
      `COPY (SELECT i AS id, md5(CAST(i AS VARCHAR)) AS text FROM range(${ROWS}) t(i)) TO '${folder}/a.${format}' (FORMAT ${format})`,
    );
    const id = field('id', bigint);
    const run = await runOf(world, {
      format,
      from: [id, field('text', text)],
      to: [id, field('words', text, { id: 'text' })],
      steps: [rename('text', 'words')],
      rest,
    });
    await engine.fence(run);
    await engine.prepare(run);
    return run;
  }

  const parts = () => filesBelow(path.join(folder, '_skein/versions'));

  it.each`
    format       | known
    ${'parquet'} | ${'rows'}
    ${'csv'}     | ${'share'}
  `('$format: tells how far it got by $known', async ({ format, known }) => {
    const controller = new AbortController();
    const enough = new Error('enough');
    const run = await prepared(format, { signal: controller.signal });
    const seen: ChunkResult[] = [];
    const copying = engine.copyChunk(run, progress => {
      seen.push(progress);
      if (progress.rowsDone > 0 || progress.share) {
        controller.abort(enough);
      }
    });
    // Cancelled, the statement stops and what it wrote is gone.
    await expect(copying).rejects.toBe(enough);
    await expect(parts()).resolves.toEqual([]);
    const last = seen[seen.length - 1];
    expect(last).toMatchObject({ done: false, chunksDone: 0, chunksTotal: 1 });
    const moved = known === 'rows' ? last.rowsDone / ROWS : last.share;
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThanOrEqual(1);
  });

  it.each(['parquet', 'csv'])(
    'G3: %s: a part whose DuckDB process was killed is written anew, never half read',
    async format => {
      const run = await prepared(format);
      const copying = engine.copyChunk(run, () => {
        void children().then(pids =>
          pids.forEach(pid => process.kill(pid, 'SIGKILL')),
        );
      });
      await expect(copying).rejects.toThrow(/SIGKILL/);

      const next = world.worker();
      const taken = { ...run, fence: 2 };
      await expect(copyAll(next, taken)).resolves.toMatchObject({
        rows: ROWS,
        rowsDone: ROWS,
        chunksDone: 1,
      });
      await expect(next.verify(taken)).resolves.toMatchObject({ ok: true });
      await next.cutOver(taken);
      const { files } = await resolveDataset(folder);
      expect(files).toHaveLength(1);
      await expect(
        query(
          `SELECT count(*) AS n, count(*) FILTER (WHERE words = md5(CAST(id AS VARCHAR))) AS equal FROM ${
            format === 'csv' ? 'read_csv' : 'read_parquet'
          }(${fileList(files)})`,
        ),
      ).resolves.toEqual([{ n: String(ROWS), equal: String(ROWS) }]);
    },
  );
});

/** The DuckDB processes that this one has started. */
async function children(): Promise<number[]> {
  const pids = await readFile(
    `/proc/${process.pid}/task/${process.pid}/children`,
    'utf8',
  );
  const found: number[] = [];
  for (const pid of pids.trim().split(' ').filter(Boolean)) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    if (command.includes('duckdb-child')) {
      found.push(Number(pid));
    }
  }
  return found;
}
