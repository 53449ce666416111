import { mkdir, readdir } from 'fs/promises';
import path from 'path';
import { migrate, rename, runOf } from './__testUtils__/changes';
import { query } from './__testUtils__/independentReader';
import {
  World,
  bigint,
  copyAll,
  field,
  makeWorld,
  text,
} from './__testUtils__/world';

// Processes are started, and the machine may be busy.
jest.setTimeout(120_000);

/** Ten times the memory limit, unpacked. */
const ROWS = 800_000;
const TEXT_BYTES = 600;

describe('a dataset ten times the memory limit', () => {
  let world: World;

  beforeEach(async () => {
    world = await makeWorld({ memoryLimit: '48MB', chunkRows: 200_000 });
    await mkdir(path.join(world.root, 'data'));
  });

  afterEach(() => world.close());

  async function writeLarge(): Promise<void> {
    await query(
      `COPY (SELECT i AS id, repeat(chr(65 + CAST(i % 26 AS INTEGER)), ${TEXT_BYTES}) AS text FROM range(${ROWS}) t(i)) TO '${world.root}/data/a.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 8192)`,
    );
  }

  it('is migrated and verified, its key included', async () => {
    await writeLarge();
    const id = field('id', bigint, { primaryKeyPosition: 1 });
    const change = {
      format: 'parquet',
      from: [id, field('text', text)],
      to: [id, field('words', text, { id: 'text' })],
      steps: [rename('text', 'words')],
    };
    const { files } = await migrate(world, change);
    expect(files).toHaveLength(4);
    await expect(
      query(
        `SELECT count(DISTINCT id) AS n, sum(length(words)) AS bytes FROM read_parquet([${files
          .map(file => `'${file}'`)
          .join(', ')}])`,
      ),
    ).resolves.toEqual([{ n: String(ROWS), bytes: String(ROWS * TEXT_BYTES) }]);
  });

  it('is read one row group at a time where two are too much', async () => {
    const folder = path.join(world.root, 'data');
    await query(
      `COPY (SELECT i AS id, repeat(chr(65 + CAST(i % 26 AS INTEGER)) || i, 150) AS text FROM range(40000) t(i)) TO '${folder}/a.parquet' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20000)`,
    );
    const fields = [field('id', bigint), field('text', text)];
    const narrow = await makeWorld({
      roots: world.settings.roots,
      memoryLimit: '72MB',
      chunkRows: 20_000,
    });
    try {
      const { files } = await migrate(
        { ...narrow, root: world.root },
        {
          format: 'parquet',
          from: fields,
          to: [fields[0], field('words', text, { id: 'text' })],
          steps: [rename('text', 'words')],
        },
      );
      expect(files).toHaveLength(2);
    } finally {
      await narrow.close();
    }
  });

  it('is refused with advice where not even one row group fits', async () => {
    const folder = path.join(world.root, 'data');
    const names = ['a', 'b', 'c', 'd', 'e'];
    await query(
      `COPY (SELECT ${names
        .map(
          (name, index) => `md5(CAST(i * 7 + ${index} AS VARCHAR)) AS ${name}`,
        )
        .join(
          ', ',
        )} FROM range(400000) t(i)) TO '${folder}/a.parquet' (FORMAT parquet, ROW_GROUP_SIZE 400000)`,
    );
    const fields = names.map(name => field(name, text));
    const run = await runOf(world, {
      format: 'parquet',
      from: fields,
      to: [...fields.slice(1), field('z', text, { id: 'a' })],
      steps: [rename('a', 'z')],
    });
    await expect(copyAll(world.engine, run)).rejects.toThrow(
      /Out of Memory.*datasetMigrations\.engines\.duckdb\.memoryLimit must hold/s,
    );
    const versions = path.join(folder, '_skein/versions/2.0.0/m1-1');
    await expect(readdir(versions)).resolves.toEqual([]);
  });

  it('leaves nothing behind when it is cancelled in the middle of a part', async () => {
    await writeLarge();
    const controller = new AbortController();
    const reason = new Error('enough');
    const worker = world.worker(async step => {
      if (step === 'before part') {
        setImmediate(() => controller.abort(reason));
      }
    });
    const fields = [field('id', bigint), field('text', text)];
    const run = await runOf(world, {
      format: 'parquet',
      from: fields,
      to: [fields[0], field('words', text, { id: 'text' })],
      steps: [rename('text', 'words')],
      rest: { signal: controller.signal },
    });
    await expect(copyAll(worker, run)).rejects.toBe(reason);
    await worker.abandon({
      ...run,
      signal: new AbortController().signal,
    });
    const versions = path.join(world.root, 'data/_skein/versions/2.0.0');
    await expect(readdir(versions)).resolves.toEqual([]);
  });
});
