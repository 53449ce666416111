import { mkdir, readFile, rm, truncate, writeFile } from 'fs/promises';
import path from 'path';
import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  Change,
  derive,
  migrate,
  planOf,
  rename,
  runOf,
} from './__testUtils__/changes';
import { fileList, query } from './__testUtils__/independentReader';
import {
  World,
  bigint,
  copyAll,
  field,
  integer,
  makeWorld,
  text,
  usePool,
} from './__testUtils__/world';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const pool = usePool();

describe('file formats', () => {
  let world: World;
  let folder: string;

  beforeEach(async () => {
    world = await makeWorld({ pool: pool() });
    folder = path.join(world.root, 'data');
    await mkdir(folder);
  });

  afterEach(() => world.close());

  /** The files of the new version, after everything passed. */
  const migrated = async (change: Change) =>
    (await migrate(world, change)).files;

  describe('CSV', () => {
    it('keeps NULL and empty texts apart, lines in quotes whole, and untouched texts as written', async () => {
      await writeFile(
        path.join(folder, 'a.csv'),
        'id,name,amount,day\n1,"two\nlines, ""quoted""",1.50,2020-01-31\n2,,007.10,2020-02-01\n3,"",.5,2020-02-29\n',
      );
      const amount: Field = field('amount', {
        kind: 'decimal',
        precision: 10,
        scale: 2,
      });
      const day = field('day', { kind: 'date' });
      const [file] = await migrated({
        format: 'csv',
        from: [field('id', integer), field('name', text), amount, day],
        to: [
          field('id', integer),
          field('title', text, { id: 'name' }),
          amount,
          day,
          field('double', integer),
        ],
        steps: [rename('name', 'title'), derive('double', 'id * 2')],
      });
      await expect(readFile(file, 'utf8')).resolves.toBe(
        'id,title,amount,day,double\n1,"two\nlines, ""quoted""",1.50,2020-01-31,2\n2,,007.10,2020-02-01,4\n3,"",.5,2020-02-29,6\n',
      );
    });

    it('keeps the column that only the contract calls otherwise', async () => {
      const content = 'id,dly\n1,5\n2,\n';
      await writeFile(path.join(folder, 'a.csv'), content);
      const [file] = await migrated({
        format: 'csv',
        from: [
          field('id', integer),
          field('delay', integer, { physicalName: 'dly' }),
        ],
        to: [
          field('id', integer),
          field('arrival_delay', integer, {
            id: 'delay',
            physicalName: 'dly',
          }),
        ],
        steps: [rename('delay', 'arrival_delay')],
      });
      await expect(readFile(file, 'utf8')).resolves.toBe(content);
    });

    it('keeps the delimiter of the contract', async () => {
      await writeFile(path.join(folder, 'a.csv'), 'a;b\n1;x,y\n');
      const [file] = await migrated({
        format: 'csv',
        properties: { delimiter: ';' },
        from: [field('a', integer), field('b', text)],
        to: [field('a', integer), field('c', text, { id: 'b' })],
        steps: [rename('b', 'c')],
      });
      await expect(readFile(file, 'utf8')).resolves.toBe('a;c\n1;x,y\n');
    });

    it.each([
      ['12.7', 'integer'],
      ['0x1F', 'integer'],
      ['1_000', 'integer'],
      ['12 apples', 'integer'],
    ])(
      'G10, G11: does not read %s as an %s, and keeps it to itself',
      async value => {
        await writeFile(path.join(folder, 'a.csv'), `a\n${value}\n`);
        const run = await runOf(world, {
          format: 'csv',
          from: [field('a', integer)],
          to: [field('a', integer), field('b', integer)],
          steps: [derive('b', 'a + 1')],
        });
        const error = await copyAll(world.engine, run).catch(e => e);
        expect(error.name).toBe('InputError');
        expect(error.message).toContain("'b'");
        expect(error.message).toContain('not of type integer');
        expect(error.message).not.toContain(value);
        const { findings } = await world.engine.preflight({
          location: run.location,
          mapping: run.mapping,
          targetContract: run.targetContract,
          signal: run.signal,
          samples: 3,
        });
        expect(findings).toEqual([
          expect.objectContaining({
            kind: 'type-mismatch',
            field: 'a',
            rows: 1,
            samples: [value],
          }),
        ]);
      },
    );

    it('refuses a line with too many fields instead of dropping them', async () => {
      await writeFile(path.join(folder, 'a.csv'), 'a,b\n1,2\n3,4,5\n');
      const run = await runOf(world, {
        format: 'csv',
        from: [field('a', integer), field('b', integer)],
        to: [field('a', integer), field('c', integer, { id: 'b' })],
        steps: [rename('b', 'c')],
      });
      await expect(copyAll(world.engine, run)).rejects.toThrow(/a\.csv/);
    });
  });

  describe('NDJSON', () => {
    it('keeps nested values, reads missing keys as NULL, writes ISO times', async () => {
      await writeFile(
        path.join(folder, 'a.ndjson'),
        '{"id":1,"tags":["a","b"],"at":"2020-01-31T10:00:00Z","n":9007199254740993}\n{"id":2,"extra":{"k":[1,null]},"n":null}\n',
      );
      const nested: Field[] = [
        field('tags', { kind: 'array', items: text }),
        field('extra', { kind: 'object', fields: [] }),
      ];
      const at = field('at', { kind: 'timestamp', zone: true });
      const [file] = await migrated({
        format: 'ndjson',
        from: [field('id', integer), ...nested, at, field('n', bigint)],
        to: [
          field('key', integer, { id: 'id' }),
          ...nested,
          at,
          field('n', bigint),
          field('day', { kind: 'date' }),
          field('later', { kind: 'timestamp', zone: false }),
          field('half', { kind: 'float', bits: 64 }),
        ],
        steps: [
          rename('id', 'key'),
          derive('day', 'cast(cast(at as timestamp) as date)'),
          derive('later', 'cast(at as timestamp)'),
          derive('half', "cast(coalesce(cast(key as text), '') as float8) / 2"),
        ],
      });
      const lines = (await readFile(file, 'utf8')).trim().split('\n');
      expect(lines[0]).toContain('9007199254740993');
      expect(lines.map(line => JSON.parse(line))).toEqual([
        {
          key: 1,
          tags: ['a', 'b'],
          extra: null,
          at: '2020-01-31T10:00:00Z',
          n: expect.any(Number),
          day: '2020-01-31',
          later: '2020-01-31T10:00:00',
          half: 0.5,
        },
        {
          key: 2,
          tags: null,
          extra: { k: [1, null] },
          at: null,
          n: null,
          day: null,
          later: null,
          half: 1,
        },
      ]);
    });

    it('refuses keys that the contract does not know, however late they come', async () => {
      const lines = Array.from({ length: 1_500 }, (_, a) =>
        JSON.stringify(a === 1_499 ? { a, surprise: 1 } : { a }),
      );
      await writeFile(path.join(folder, 'a.ndjson'), lines.join('\n'));
      const run = await runOf(world, {
        format: 'ndjson',
        from: [field('a', integer)],
        to: [field('b', integer, { id: 'a' })],
        steps: [rename('a', 'b')],
      });
      await expect(copyAll(world.engine, run)).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining("'surprise'"),
      });
    });

    it('refuses one big array', async () => {
      await writeFile(
        path.join(folder, 'a.ndjson'),
        JSON.stringify([{ a: 1 }, { a: 2 }], null, 1),
      );
      const run = await runOf(world, {
        format: 'ndjson',
        from: [field('a', integer)],
        to: [field('b', integer, { id: 'a' })],
        steps: [rename('a', 'b')],
      });
      const { refusals } = await planOf(world, run);
      expect(refusals).toEqual([expect.stringContaining('cannot be read')]);
    });
  });

  describe('Parquet', () => {
    const source = (name: string) => path.join(folder, name);

    it('names a file that cannot be read by its place in the folder', async () => {
      await writeFile(source('a.parquet'), 'PAR1 and nothing more');
      const run = await runOf(world, {
        format: 'parquet',
        from: [field('a', integer)],
        to: [field('b', integer, { id: 'a' })],
        steps: [rename('a', 'b')],
      });
      const { refusals } = await planOf(world, run);
      expect(refusals).toEqual([
        expect.stringMatching(/^The files cannot be read: .*'a\.parquet'/),
      ]);
    });

    it('keeps codec, order, and the width of what it does not touch', async () => {
      await query(
        `COPY (SELECT CAST(i % 256 AS UTINYINT) AS small, TIMESTAMP_NS '2020-01-01 00:00:00.123456789' AS precise, [i, i + 1] AS list, {'k': i} AS struct, (i * 7919) % 1000 AS shuffled FROM range(2500) t(i)) TO '${source(
          'a.parquet',
        )}' (FORMAT parquet, COMPRESSION zstd)`,
      );
      const kept: Field[] = [
        field('small', { kind: 'integer', bits: 16 }),
        field('precise', { kind: 'timestamp', zone: false }),
        field('list', { kind: 'array', items: bigint }),
        field('struct', { kind: 'object', fields: [] }),
      ];
      const files = await migrated({
        format: 'parquet',
        from: [...kept, field('shuffled', bigint)],
        to: [...kept, field('mixed', bigint, { id: 'shuffled' })],
        steps: [rename('shuffled', 'mixed')],
      });
      expect(files).toHaveLength(4);
      const columns = 'small, precise, list, struct';
      await expect(
        query(
          `SELECT count(*) FILTER (WHERE a IS DISTINCT FROM b) AS different, count(*) AS n FROM (SELECT ${columns}, shuffled AS mixed FROM read_parquet('${source(
            'a.parquet',
          )}')) a POSITIONAL JOIN (SELECT * FROM read_parquet(${fileList(
            files,
          )})) b`,
        ),
      ).resolves.toEqual([{ different: '0', n: '2500' }]);
      await expect(
        query(
          `SELECT DISTINCT compression FROM parquet_metadata('${files[0]}')`,
        ),
      ).resolves.toEqual([{ compression: 'ZSTD' }]);
      const types = await query(
        `SELECT column_type FROM (DESCRIBE SELECT small, precise FROM read_parquet('${files[0]}'))`,
      );
      expect(types.map(row => row.column_type)).toEqual([
        'UTINYINT',
        'TIMESTAMP_NS',
      ]);
    });

    it('reads files whose names hold signs of patterns and quotes', async () => {
      for (const name of ['a[1]*?.parquet', "it's;--.parquet"]) {
        await query(
          `COPY (SELECT 1 AS a) TO '${source(name).replace(
            /'/g,
            "''",
          )}' (FORMAT parquet)`,
        );
      }
      const files = await migrated({
        format: 'parquet',
        from: [field('a', integer)],
        to: [field('b"; DROP', integer, { id: 'a' })],
        steps: [rename('a', 'b"; DROP')],
      });
      expect(files).toHaveLength(2);
    });

    it('plans refusals that name what does not fit', async () => {
      await query(
        `COPY (SELECT 'x' AS a, 1 AS stray) TO '${source(
          'a.parquet',
        )}' (FORMAT parquet)`,
      );
      await mkdir(path.join(folder, 'more'));
      await query(
        `COPY (SELECT 'x' AS a) TO '${source(
          'more/b.parquet',
        )}' (FORMAT parquet)`,
      );
      const change = {
        format: 'parquet',
        from: [field('a', integer), field('gone', text)],
        to: [field('b', integer, { id: 'a' }), field('gone', text)],
        steps: [rename('a', 'b')],
      };
      const subfolders = await planOf(world, await runOf(world, change));
      expect(subfolders.refusals.join()).toContain("'more'");
      await rm(path.join(folder, 'more'), { recursive: true });
      const { refusals } = await planOf(world, await runOf(world, change));
      expect(refusals.join('\n')).toContain("'stray'");
      expect(refusals.join('\n')).toContain("'gone'");
      expect(refusals.join('\n')).toContain('VARCHAR');
    });

    it('refuses columns that differ in case only, and names of its own', async () => {
      await query(
        `COPY (SELECT 1 AS a) TO '${source('a.parquet')}' (FORMAT parquet)`,
      );
      const { refusals } = await planOf(
        world,
        await runOf(world, {
          format: 'parquet',
          from: [field('a', integer)],
          to: [
            field('a', integer),
            field('A', integer),
            field('file_row_number', integer),
          ],
          steps: [derive('A', 'a + 1'), derive('file_row_number', 'a')],
        }),
      );
      expect(refusals).toEqual([
        expect.stringContaining("'a' and 'A'"),
        expect.stringContaining("'file_row_number'"),
      ]);
    });

    it('refuses a decimal that has no precision', async () => {
      await query(
        `COPY (SELECT 1.5 AS a) TO '${source('a.parquet')}' (FORMAT parquet)`,
      );
      const decimal: Field = field('a', { kind: 'decimal' });
      const { refusals } = await planOf(
        world,
        await runOf(world, {
          format: 'parquet',
          from: [decimal],
          to: [decimal, field('b', { kind: 'decimal' })],
          steps: [derive('b', 'a * 2')],
        }),
      );
      expect(refusals).toEqual([expect.stringContaining('precision')]);
    });
  });

  it('plans time and disk from what the files say of themselves', async () => {
    await query(
      `COPY (SELECT CAST(i AS INTEGER) AS a FROM range(10) t(i)) TO '${folder}/a.parquet' (FORMAT parquet)`,
    );
    const run = await runOf(world, {
      format: 'parquet',
      from: [field('a', integer)],
      to: [field('a', integer), field('b', integer)],
      steps: [derive('b', 'a + 1')],
    });
    const plan = await planOf(world, run);
    expect(plan).toMatchObject({ rows: 10, chunks: 1, refusals: [] });
    expect(plan.diskBytes).toBe(2 * plan.bytes!);
    expect(plan.seconds).toBeGreaterThanOrEqual(1);
  });

  it('refuses what the disk has no room for, in numbers', async () => {
    const file = path.join(folder, 'a.csv');
    await writeFile(file, 'a\n');
    // A file that claims ten terabytes and holds nothing.
    await truncate(file, 10e12);
    const run = await runOf(world, {
      format: 'csv',
      from: [field('a', integer)],
      to: [field('b', integer, { id: 'a' })],
      steps: [rename('a', 'b')],
    });
    const { refusals, diskBytes } = await planOf(world, run);
    expect(diskBytes).toBe(10e12);
    expect(refusals).toEqual([
      expect.stringMatching(
        /^The copy needs about 10000000 MB and \d+ MB are free/,
      ),
    ]);
  });

  it('refuses an empty place', async () => {
    const { refusals } = await planOf(
      world,
      await runOf(world, {
        format: 'parquet',
        from: [field('a', integer)],
        to: [field('b', integer, { id: 'a' })],
        steps: [rename('a', 'b')],
      }),
    );
    expect(refusals).toEqual([expect.stringContaining('no parquet files')]);
  });
});

describe('Parquet parts', () => {
  it('have row groups as long as those of the source, with statistics, and stay sorted', async () => {
    const world = await makeWorld({ pool: pool(), chunkRows: 100_000 });
    try {
      const folder = path.join(world.root, 'data');
      await mkdir(folder);
      await query(
        `COPY (SELECT i AS id, 'n' || i AS name FROM range(100000) t(i)) TO '${folder}/a.parquet' (FORMAT parquet, COMPRESSION gzip, ROW_GROUP_SIZE 10240)`,
      );
      const { files } = await migrate(world, {
        format: 'parquet',
        from: [field('id', bigint), field('name', text)],
        to: [field('id', bigint), field('title', text, { id: 'name' })],
        steps: [rename('name', 'title')],
      });
      const groups = await query(
        `SELECT row_group_num_rows AS rows, compression, stats_min_value AS least, stats_max_value AS most FROM parquet_metadata(${fileList(
          files,
        )}) WHERE path_in_schema = 'id' ORDER BY CAST(stats_min_value AS BIGINT)`,
      );
      expect(groups).toHaveLength(10);
      expect(groups[1]).toEqual({
        rows: '10240',
        compression: 'GZIP',
        least: '10240',
        most: '20479',
      });
    } finally {
      await world.close();
    }
  });
});
