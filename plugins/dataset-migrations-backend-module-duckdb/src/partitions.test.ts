import { mkdir, readFile, symlink, writeFile } from 'fs/promises';
import path from 'path';
import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  Change,
  cast,
  derive,
  drop,
  migrate,
  planOf,
  rename,
  runOf,
} from './__testUtils__/changes';
import { fileList, query } from './__testUtils__/independentReader';
import {
  World,
  copyAll,
  field,
  integer,
  makeWorld,
  text,
  usePool,
} from './__testUtils__/world';
import { partitionsOf } from './places/partitions';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const pool = usePool();

describe('datasets in folders of partitions', () => {
  let world: World;
  let folder: string;

  beforeEach(async () => {
    world = await makeWorld({ pool: pool(), chunkRows: 10 });
    folder = path.join(world.root, 'data');
  });

  afterEach(() => world.close());

  const id = field('id', integer, { primaryKeyPosition: 1 });
  const year = field('year', integer);
  const month = field('month', text);

  async function put(file: string, content: string) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }

  async function putParquet(file: string, select: string) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await query(
      `COPY (${select}) TO '${path.join(folder, file)}' (FORMAT parquet)`,
    );
  }

  const change = (to: Field[], steps: Change['steps']): Change => ({
    format: 'csv',
    from: [id, year, month],
    to,
    steps,
  });

  /** Below the folder of the parts. */
  const partFolders = (files: string[]) =>
    files.map(file =>
      path.dirname(file).split('/m1-1').slice(1).join('').replace(/^\//, ''),
    );

  const putMonths = async () => {
    await put('year=2023/month=12/a.csv', 'id\n1\n');
    await put('year=2024/month=01/a.csv', 'id\n2\n3\n');
    await put('year=2024/month=01/b.csv', 'id\n4\n');
  };

  it('keeps the folders, and reads as it did', async () => {
    for (const [part, from] of [
      ['year=2023/month=12', 0],
      ['year=2024/month=01', 40],
      ['year=2024/month=02', 80],
    ] as const) {
      await putParquet(
        `${part}/a.parquet`,
        `SELECT CAST(i AS INTEGER) AS id, 'n' || i AS name FROM range(${from}, ${
          from + 40
        }) t(i) ORDER BY i`,
      );
    }
    const { files, partitionedBy } = await migrate(world, {
      format: 'parquet',
      from: [id, field('name', text), year, month],
      to: [
        id,
        field('title', text, { id: 'name' }),
        year,
        month,
        field('label', text),
      ],
      steps: [
        rename('name', 'title'),
        derive('label', `title || '/' || month`),
      ],
    });
    expect(partitionedBy).toEqual(['year', 'month']);
    expect(new Set(partFolders(files))).toEqual(
      new Set([
        'year=2023/month=12',
        'year=2024/month=01',
        'year=2024/month=02',
      ]),
    );
    // More chunks than files: a file may become several parts of its partition.
    expect(files.length).toBeGreaterThan(3);
    await expect(
      query(
        `SELECT year, month, count(*) AS n, min(id) AS least, max(label) AS label FROM read_parquet(${fileList(
          files,
        )}, hive_partitioning = true, hive_types = {month: VARCHAR}) GROUP BY ALL ORDER BY ALL`,
      ),
    ).resolves.toEqual([
      { year: '2023', month: '12', n: '40', least: 0, label: 'n9/12' },
      { year: '2024', month: '01', n: '40', least: 40, label: 'n79/01' },
      { year: '2024', month: '02', n: '40', least: 80, label: 'n99/02' },
    ]);
  });

  it('renames the folders with a renamed field, in their spelling', async () => {
    await putMonths();
    const { files } = await migrate(
      world,
      change(
        [id, year, field('mm', text, { id: 'month' })],
        [rename('month', 'mm')],
      ),
    );
    expect(partFolders(files)).toEqual([
      'year=2023/mm=12',
      'year=2024/mm=01',
      'year=2024/mm=01',
    ]);
    await expect(readFile(files[1], 'utf8')).resolves.toBe('id\n2\n3\n');
  });

  it('writes the value of a field that was cast', async () => {
    await putMonths();
    const { files } = await migrate(
      world,
      change([id, year, field('month', integer)], [cast('month')]),
    );
    expect(partFolders(files)).toEqual([
      'year=2023/month=12',
      'year=2024/month=1',
      'year=2024/month=1',
    ]);
  });

  it('makes columns of what is computed, and no folders of what is dropped', async () => {
    await putMonths();
    const next = change(
      [id, month, field('next', integer)],
      [derive('next', 'year + 1'), drop('year')],
    );
    const { notes } = await planOf(world, await runOf(world, next));
    expect(notes).toContain('The new version is partitioned by month only.');
    const { files } = await migrate(world, next);
    expect(partFolders(files)).toEqual(['month=12', 'month=01', 'month=01']);
    await expect(readFile(files[0], 'utf8')).resolves.toBe('id,next\n1,2024\n');
  });

  it('reads NULL and escaped signs, and writes them back', async () => {
    const none = 'month=__HIVE_DEFAULT_PARTITION__';
    await put(`year=2024/${none}/a.csv`, 'id\n1\n');
    await put('year=2024/month=a%2Fb%20%C3%A9/a.csv', 'id\n2\n');
    const { files } = await migrate(
      world,
      change(
        [id, year, month, field('copy', text)],
        [derive('copy', `upper(month)`)],
      ),
    );
    expect(partFolders(files).sort()).toEqual(
      [`year=2024/${none}`, 'year=2024/month=a%2Fb%20%C3%A9'].sort(),
    );
    const contents = await Promise.all(
      files.map(file => readFile(file, 'utf8')),
    );
    expect(contents.sort()).toEqual(['id,copy\n1,\n', 'id,copy\n2,A/B É\n']);
  });

  it('finds them by a pattern too', async () => {
    await putMonths();
    const { files } = await migrate(world, {
      ...change(
        [id, year, field('mm', text, { id: 'month' })],
        [rename('month', 'mm')],
      ),
      path: 'data/year=*/month=*/*.csv',
    });
    expect(files).toHaveLength(3);
  });

  it('keeps objects of NDJSON in theirs', async () => {
    await put('year=2024/a.ndjson', '{"id":1,"name":"x"}\n');
    const { files } = await migrate(world, {
      format: 'ndjson',
      from: [id, field('name', text), year],
      to: [id, field('title', text, { id: 'name' }), year],
      steps: [rename('name', 'title')],
    });
    expect(partFolders(files)).toEqual(['year=2024']);
    await expect(readFile(files[0], 'utf8')).resolves.toBe(
      '{"id":1,"title":"x"}\n',
    );
  });

  const same = change(
    [id, year, field('mm', text, { id: 'month' })],
    [rename('month', 'mm')],
  );
  const refusalsOf = async (of: Change) =>
    (await planOf(world, await runOf(world, of))).refusals.join('; ');

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a folder that the contract does not know',
      { 'year=2024/month=01/day=1/a.csv': 'id\n1\n' },
      /the column 'day', which the contract does not know/,
    ],
    [
      'a folder that is missing',
      { 'year=2024/a.csv': 'id\n1\n' },
      /lacks the column 'month'/,
    ],
    [
      'folders of different columns',
      {
        'year=2024/month=01/a.csv': 'id\n1\n',
        'month=01/year=2024/a.csv': 'id\n2\n',
      },
      /does not lie in folders of the same columns/,
    ],
    [
      'a column that file and folder tell',
      { 'year=2024/month=01/a.csv': 'id,year\n1,2023\n' },
      /'year' .*in the file as well/,
    ],
    [
      'data in another subfolder of a partition',
      {
        'year=2024/month=01/a.csv': 'id\n1\n',
        'year=2024/month=01/old/a.csv': 'id\n1\n',
      },
      /subfolder 'year=2024\/month=01\/old' holds files/,
    ],
  ])('refuses %s', async (_, files, refusal) => {
    for (const [file, content] of Object.entries(files)) {
      await put(file, content);
    }
    await expect(refusalsOf(same)).resolves.toMatch(refusal);
  });

  it('refuses a version that has nothing but folders', async () => {
    await putMonths();
    await expect(
      refusalsOf(change([year, month], [drop('id')])),
    ).resolves.toMatch(/No column would be left/);
  });

  it('G10, G11: names a folder whose value is none of its type', async () => {
    await put('year=soon/month=01/a.csv', 'id\n1\n');
    const run = await runOf(
      world,
      change([id, field('year', text), month], [cast('year')]),
    );
    await expect(copyAll(world.engine, run)).rejects.toThrow(
      expect.objectContaining({
        name: 'InputError',
        message: expect.stringMatching(/'year' cannot be computed/),
      }),
    );
  });

  it('G11: follows no symbolic link to a partition', async () => {
    await putMonths();
    await symlink(
      path.join(folder, 'year=2023'),
      path.join(folder, 'year=2022'),
    );
    const run = await runOf(world, same);
    await expect(planOf(world, run)).rejects.toThrow(/symbolic link/);
  });

  it('cleans up parts in folders', async () => {
    await putMonths();
    const { files } = await migrate(world, same);
    const run = await runOf(world, same);
    await world.engine.rollback(run);
    await world.engine.cleanUp(run);
    await expect(readFile(files[0])).rejects.toThrow(/ENOENT/);
    await expect(
      readFile(path.join(folder, 'year=2024/month=01/a.csv'), 'utf8'),
    ).resolves.toBe('id\n2\n3\n');
  });
});

describe('partitionsOf', () => {
  it('reads names as they are where nothing is escaped', () => {
    expect(partitionsOf('_skein/x/a=1/b=50%/c.csv')).toEqual([
      { name: 'a', text: '1' },
      { name: 'b', text: '50%' },
    ]);
    expect(partitionsOf('=1/plain/c=1.csv')).toEqual([]);
  });
});
