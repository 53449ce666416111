import { execFileSync, spawnSync } from 'child_process';
import { mkdir, readFile, writeFile } from 'fs/promises';
import path from 'path';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { rename, runOf } from './__testUtils__/changes';
import { fileList, query } from './__testUtils__/independentReader';
import { filesBelow } from './__testUtils__/publishedFiles';
import {
  World,
  copyAll,
  field,
  integer,
  makeWorld,
  text,
  usePool,
} from './__testUtils__/world';
import { resolveDataset } from './publishing/resolveDataset';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const READERS = path.join(__dirname, '../../../examples/readers');

/** Leaves no compiled files in the repository. */
const PYTHON_ENV = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' };

interface Reader {
  files(dataset: string): Promise<string[]>;
  version(dataset: string, version: string): Promise<string[]>;
  setAside(dataset: string, version: string): Promise<string[]>;
}

const sql: Reader = {
  files: dataset => ask(`skein_files('${dataset}', 'csv')`),
  version: (dataset, version) =>
    ask(`skein_version('${dataset}', '${version}')`),
  setAside: (dataset, version) =>
    ask(`skein_set_aside('${dataset}', '${version}')`),
};

async function ask(expression: string): Promise<string[]> {
  await query(await readFile(path.join(READERS, 'skein.sql'), 'utf8'));
  const [{ files }] = await query(`SELECT ${expression} AS files`);
  return files as string[];
}

const python: Reader = {
  files: async dataset => runPython([dataset]),
  version: async (dataset, version) =>
    runPython([dataset, '--version', version]),
  setAside: async (dataset, version) =>
    runPython([dataset, '--set-aside', version]),
};

function runPython(args: string[]): string[] {
  const script = path.join(READERS, 'skein_reader.py');
  return execFileSync('python3', [script, ...args], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: PYTHON_ENV,
  })
    .trim()
    .split('\n');
}

// Where there is no python3, its helper is not tried.
const hasPython = spawnSync('python3', ['--version']).status === 0;

const readers: Array<[string, Reader]> = [
  ['DuckDB', sql],
  ...(hasPython ? [['Python', python] as [string, Reader]] : []),
];

const pool = usePool();

describe('helpers for readers', () => {
  let world: World;
  let run: EngineRun;
  let folder: string;

  beforeEach(async () => {
    world = await makeWorld({ pool: pool() });
    folder = path.join(world.root, 'data');
    for (const year of ['2023', '2024']) {
      await mkdir(path.join(folder, `year=${year}`), { recursive: true });
      await writeFile(
        path.join(folder, `year=${year}/a.csv`),
        `id,name\n${year},x\n`,
      );
    }
    const fields = [field('id', integer), field('year', integer)];
    run = await runOf(world, {
      format: 'csv',
      from: [...fields, field('name', text)],
      to: [...fields, field('title', text, { id: 'name' })],
      steps: [rename('name', 'title')],
      rest: { policy: 'coexist' },
    });
  });

  afterEach(() => world.close());

  it.each(readers)(
    '%s finds the files as the library does',
    async (_, reader) => {
      const { engine } = world;
      const plain = ['2023', '2024'].map(year =>
        path.join(folder, `year=${year}/a.csv`),
      );
      await expect(reader.files(folder)).resolves.toEqual(plain);
      await copyAll(engine, run);
      await expect(reader.files(folder)).resolves.toEqual(plain);
      await engine.cutOver(run);
      await expect(reader.files(folder)).resolves.toEqual(plain);
      const fresh = await resolveDataset(folder, { version: '2.0.0' });
      await expect(reader.version(folder, '2.0.0')).resolves.toEqual(
        fresh.files,
      );
      await engine.retire(run);
      await expect(reader.files(folder)).resolves.toEqual(fresh.files);
      await expect(
        (async () => reader.version(folder, '1.0.0'))(),
      ).rejects.toThrow(/no readable version 1\.0\.0/);
    },
  );

  it.each(readers)(
    'G2: %s reads the folder again after a roll back',
    async (_, reader) => {
      const { engine } = world;
      const switched = { ...run, policy: 'switch' as const };
      await copyAll(engine, switched);
      await engine.cutOver(switched);
      const before = await reader.files(folder);
      expect(before.every(file => file.includes('_skein'))).toBe(true);
      await engine.rollback(switched);
      const late = path.join(folder, 'year=2024/b.csv');
      await writeFile(late, 'id,name\n9,y\n');
      await expect(reader.files(folder)).resolves.toContain(late);
      await engine.cleanUp(switched);
      await expect(reader.files(folder)).resolves.toContain(late);
    },
  );

  it.each(readers)(
    'G3: %s finds the rows that were set aside once, whoever was killed',
    async (_, reader) => {
      const fields = [field('id', integer), field('year', integer)];
      const casting = await runOf(world, {
        format: 'csv',
        from: [...fields, field('name', text)],
        to: [...fields, field('name', integer)],
        steps: [
          {
            agent: 'cast-type',
            payload: { field: 'name', onFailure: 'quarantine' },
          },
        ],
      });
      // With the rows on the disk, before the journal has an entry of them.
      let written = false;
      const killed = world.worker(async step => {
        written ||= step === 'after rows aside';
        if (written && step === 'before staged file') {
          throw new Error('killed');
        }
      });
      await killed.fence(casting);
      await killed.prepare(casting);
      await expect(killed.copyChunk(casting)).rejects.toThrow('killed');

      const next = { ...casting, fence: 2 };
      await copyAll(world.engine, next);
      // Published, before what the first one left is taken away.
      const publishing = world.worker(async step => {
        if (step === 'before removal') {
          throw new Error('killed');
        }
      });
      await expect(publishing.cutOver(next)).rejects.toThrow('killed');
      const below = path.join(folder, '_skein/quarantine');
      const there = await filesBelow(below);
      const found = await reader.setAside(folder, '2.0.0');
      expect(found).toHaveLength(2);
      expect(there.length).toBeGreaterThan(found.length);
      expect(there).toEqual(expect.arrayContaining(found));
      await expect(
        query(`SELECT id FROM read_parquet(${fileList(found)}) ORDER BY id`),
      ).resolves.toEqual([{ id: '2023' }, { id: '2024' }]);

      await world.engine.cutOver(next);
      expect((await filesBelow(below)).sort()).toEqual([...found].sort());
      await world.engine.rollback(next);
      const none = await reader
        .setAside(folder, '2.0.0')
        .catch(error => String(error));
      expect(String(none)).toMatch(/^$|has no rows that were set aside/);
    },
  );

  it('lets DuckDB see the columns of the folders', async () => {
    await copyAll(world.engine, run);
    await world.engine.cutOver({ ...run, policy: 'switch' });
    const files = await ask(`skein_files('${folder}', 'csv')`);
    await expect(
      query(
        `SELECT id, title, year FROM read_csv([${files
          .map(file => `'${file}'`)
          .join(', ')}], hive_partitioning = true) ORDER BY id`,
      ),
    ).resolves.toEqual([
      { id: '2023', title: 'x', year: '2023' },
      { id: '2024', title: 'x', year: '2024' },
    ]);
  });
});

const describePython = hasPython ? describe : describe.skip;

describePython('the helper for Python (needs python3)', () => {
  const evaluate = (expression: string): unknown =>
    JSON.parse(
      execFileSync(
        'python3',
        [
          '-c',
          `import json, sys; sys.path.insert(0, ${JSON.stringify(
            READERS,
          )}); from skein_reader import *; print(json.dumps(${expression}))`,
        ],
        { encoding: 'utf8', env: PYTHON_ENV },
      ),
    );

  it('reads what folders say', () => {
    expect(
      evaluate(
        `partition_values("/d/_skein/v/a%20b=x%2Fy/c=__HIVE_DEFAULT_PARTITION__/f=1.csv", "/d")`,
      ),
    ).toEqual({ 'a b': 'x/y', c: null });
  });

  it('finds a file and a pattern as the library does', async () => {
    const world = await makeWorld({ pool: pool() });
    try {
      for (const name of ['data', 'data/sub']) {
        await mkdir(path.join(world.root, name));
        await writeFile(
          path.join(world.root, name, 'a b.csv'),
          'id,name\n1,x\n',
        );
      }
      for (const dataset of ['data/a b.csv', 'data/*.csv', 'data/*/*.csv']) {
        const absolute = path.join(world.root, dataset);
        const before = await resolveDataset(absolute);
        expect(runPython([absolute])).toEqual(before.files);
      }
      const run = await runOf(world, {
        format: 'csv',
        path: 'data/*/*.csv',
        from: [field('id', integer), field('name', text)],
        to: [field('id', integer), field('title', text, { id: 'name' })],
        steps: [rename('name', 'title')],
      });
      await copyAll(world.engine, run);
      await world.engine.cutOver(run);
      const absolute = path.join(world.root, 'data/*/*.csv');
      const { files, version } = await resolveDataset(absolute);
      expect(version).toBe('2.0.0');
      expect(runPython([absolute])).toEqual(files);
    } finally {
      await world.close();
    }
  });
});

/** What docs/guides/read-files.md says of each library, with what it imports. */
const libraries: Array<{ name: string; imports: string; read: string }> = [
  {
    name: 'pandas',
    imports: 'pandas, pyarrow',
    read: 'rows = pandas.read_parquet(flights.files).to_dict("records")',
  },
  {
    name: 'pyarrow',
    imports: 'pyarrow, pyarrow.dataset',
    read: 'rows = pyarrow.dataset.dataset(flights.files, partitioning="hive").to_table().to_pylist()',
  },
  {
    name: 'duckdb',
    imports: 'duckdb',
    read: `
found = duckdb.read_parquet(flights.files, hive_partitioning=True)
rows = [dict(zip(found.columns, row)) for row in found.fetchall()]`,
  },
  {
    name: 'Spark',
    imports: 'pyspark.sql',
    read: `
spark = (
    pyspark.sql.SparkSession.builder.master("local[1]")
    .config("spark.ui.enabled", "false")
    .config("spark.driver.bindAddress", "127.0.0.1")
    .config("spark.driver.host", "127.0.0.1")
    .getOrCreate()
)
found = spark.read.option("basePath", flights.base).parquet(*flights.files)
rows = [row.asDict() for row in found.collect()]
spark.stop()`,
  },
];

/** Whether it is there, and what it runs on: Spark needs Java. */
function hasLibrary({ name, imports }: (typeof libraries)[number]): boolean {
  return (
    hasPython &&
    spawnSync('python3', ['-c', `import ${imports}`]).status === 0 &&
    (name !== 'Spark' || spawnSync('java', ['-version']).status === 0)
  );
}

for (const library of libraries) {
  const describeLibrary = hasLibrary(library) ? describe : describe.skip;

  describeLibrary(`${library.name} (skipped where it is not installed)`, () => {
    it('reads one version whole, partitions included', async () => {
      const world = await makeWorld({ pool: pool() });
      try {
        const folder = path.join(world.root, 'data');
        for (const year of [2023, 2024]) {
          await mkdir(path.join(folder, `year=${year}`), { recursive: true });
          await query(
            `COPY (SELECT CAST(${year} AS INTEGER) AS id, 'x' AS name) TO '${folder}/year=${year}/a.parquet' (FORMAT parquet)`,
          );
        }
        const fields = [field('id', integer), field('year', integer)];
        const run = await runOf(world, {
          format: 'parquet',
          from: [...fields, field('name', text)],
          to: [...fields, field('title', text, { id: 'name' })],
          steps: [rename('name', 'title')],
        });
        const read = () =>
          JSON.parse(
            execFileSync(
              'python3',
              [
                '-c',
                `import json, sys; sys.path.insert(0, ${JSON.stringify(
                  READERS,
                )})
import ${library.imports}
from skein_reader import resolve
flights = resolve(${JSON.stringify(folder)})
${library.read}
print(json.dumps([dict(row, year=int(row["year"])) for row in rows]))`,
              ],
              { encoding: 'utf8', env: PYTHON_ENV, stdio: 'pipe' },
            ),
          );
        const rows = (column: string) =>
          [2023, 2024].map(year =>
            expect.objectContaining({ id: year, [column]: 'x', year }),
          );
        expect(read()).toEqual(expect.arrayContaining(rows('name')));
        await copyAll(world.engine, run);
        await world.engine.cutOver(run);
        const after = read();
        expect(after).toEqual(expect.arrayContaining(rows('title')));
        expect(after).toHaveLength(2);
      } finally {
        await world.close();
      }
      // Spark takes its time to start.
    }, 180_000);
  });
}
