import { mkdir, readFile, readdir, rm, stat, writeFile } from 'fs/promises';
import path from 'path';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { rename, runOf } from './__testUtils__/changes';
import {
  World,
  copyAll,
  field,
  integer,
  makeWorld,
  text,
  usePool,
} from './__testUtils__/world';
import { DuckDbEngine } from './DuckDbEngine';
import { resolveDataset } from './publishing/resolveDataset';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const pool = usePool();

describe('G9: files that come during a migration', () => {
  let world: World;
  let engine: DuckDbEngine;
  let folder: string;
  let run: EngineRun;

  const fields = [field('id', integer, { primaryKeyPosition: 1 })];
  const change = {
    format: 'csv',
    from: [...fields, field('name', text)],
    to: [...fields, field('title', text, { id: 'name' })],
    steps: [rename('name', 'title')],
  };

  const put = (file: string, content: string) =>
    writeFile(path.join(folder, file), content);
  const rowsOf = (files: string[]) =>
    Promise.all(files.map(file => readFile(file, 'utf8'))).then(contents =>
      contents.flatMap(content => content.trim().split('\n').slice(1)),
    );
  /** What readers get. */
  const current = async () => rowsOf((await resolveDataset(folder)).files);

  beforeEach(async () => {
    world = await makeWorld({ pool: pool() });
    engine = world.engine;
    folder = path.join(world.root, 'data');
    await mkdir(folder);
    await put('b.csv', 'id,name\n1,one\n');
    run = await runOf(world, change);
    await copyAll(engine, run);
  });

  afterEach(() => world.close());

  it('are in the new version in the order of their names', async () => {
    await put('a.csv', 'id,name\n0,zero\n');
    await put('c.csv', 'id,name\n2,two\n');
    await expect(engine.catchUp(run)).resolves.toEqual({
      changes: 2,
      changesWaiting: 0,
    });
    await expect(engine.verify(run)).resolves.toMatchObject({
      ok: true,
      sourceRows: 3,
    });
    await engine.cutOver(run);
    await expect(current()).resolves.toEqual(['0,zero', '1,one', '2,two']);
    await engine.rollback(run);
    await expect(current()).resolves.toEqual(['0,zero', '1,one', '2,two']);
  });

  it('are brought over a few at a time', async () => {
    for (let index = 10; index < 20; index++) {
      await put(`c${index}.csv`, `id,name\n${index},n\n`);
    }
    await expect(engine.catchUp(run)).resolves.toEqual({
      changes: 8,
      changesWaiting: 2,
    });
    await engine.cutOver(run);
    await expect(current()).resolves.toHaveLength(11);
  });

  it('keep the run that was prepared, for a retry too', async () => {
    await put('c.csv', 'id,name\n2,two\n');
    await engine.catchUp(run);
    await engine.prepare(run);
    await expect(engine.phase(run)).resolves.toBe('copied');
    await expect(engine.verify(run)).resolves.toMatchObject({ sourceRows: 2 });
  });

  it('wait while they cannot be read, and are not passed over', async () => {
    await put('c.csv', 'id\n');
    await expect(engine.catchUp(run)).rejects.toThrow(
      /lacks the column 'name'/,
    );
    await put('c.csv', '');
    await expect(engine.catchUp(run)).resolves.toEqual({
      changes: 0,
      changesWaiting: 1,
    });
    await expect(engine.cutOver(run)).rejects.toThrow(
      expect.objectContaining({ name: 'SourceChangedError' }),
    );
    await put('c.csv', 'id,name\n2,two\n');
    await engine.cutOver(run);
    await expect(current()).resolves.toEqual(['1,one', '2,two']);
  });

  it('count as they were last', async () => {
    await put('c.csv', 'id,name\n2,two\n');
    await engine.catchUp(run);
    await put('c.csv', 'id,name\n2,two\n3,three\n');
    await expect(engine.catchUp(run)).resolves.toMatchObject({ changes: 1 });
    await expect(engine.verify(run)).resolves.toMatchObject({
      ok: true,
      sourceRows: 3,
    });
    await engine.cutOver(run);
    await expect(current()).resolves.toEqual(['1,one', '2,two', '3,three']);
  });

  it('G5: do not break a key', async () => {
    await put('c.csv', 'id,name\n1,another\n');
    await engine.catchUp(run);
    await expect(engine.verify(run)).resolves.toMatchObject({ ok: false });
    await expect(engine.cutOver(run)).rejects.toThrow(
      /(primaryKey|unique) of 'id'/,
    );
    await expect(current()).resolves.toEqual(['1,one', '1,another']);
  });

  it.each([
    ['written', () => put('b.csv', 'id,name\n1,changed\n')],
    ['removed', () => rm(path.join(folder, 'b.csv'))],
  ])('do not hide that another was %s', async (_, happen) => {
    await put('c.csv', 'id,name\n2,two\n');
    await happen();
    for (const call of ['catchUp', 'cutOver'] as const) {
      await expect(engine[call](run)).rejects.toThrow(
        expect.objectContaining({
          name: 'SourceChangedError',
          message: expect.stringContaining('b.csv'),
        }),
      );
    }
  });

  describe.each(['switch', 'coexist'] as const)('under %s', policy => {
    /** A worker, and a file that comes just before its manifest is named. */
    const cutOverWhile = async (late: string) => {
      const manifests = path.join(folder, '_skein/manifests');
      let links = 0;
      const worker = world.worker(async step => {
        if (step === 'before link') {
          links += 1;
          if (links === 1) {
            await put('late.csv', late);
          }
        }
      });
      const before = (await readdir(manifests)).length;
      await worker.cutOver({ ...run, policy });
      return (await readdir(manifests)).length - before;
    };
    const fresh = async () =>
      rowsOf((await resolveDataset(folder, { version: '2.0.0' })).files);

    it('are added while the new version is published', async () => {
      await expect(cutOverWhile('id,name\n2,two\n')).resolves.toBe(2);
      await expect(fresh()).resolves.toEqual(['1,one', '2,two']);
      await engine.cutOver({ ...run, policy });
      await expect(fresh()).resolves.toEqual(['1,one', '2,two']);
      await engine.rollback({ ...run, policy });
      await expect(current()).resolves.toEqual(['1,one', '2,two']);
    });

    it('are not those that applications have published since', async () => {
      await engine.cutOver({ ...run, policy });
      const name = policy === 'switch' ? 'title' : 'name';
      await put('c.csv', `id,${name}\n2,two\n`);
      await publishBeside('c.csv');
      const published = await current();
      const beside = await fresh();
      await engine.cutOver({ ...run, policy });
      await expect(current()).resolves.toEqual(published);
      await expect(fresh()).resolves.toEqual(beside);
      expect(run.logger.warn).not.toHaveBeenCalled();
    });

    it('stay where they are when they do not fit then', async () => {
      await expect(cutOverWhile('id,name\n1,twice\n')).resolves.toBe(1);
      await expect(fresh()).resolves.toEqual(['1,one']);
      expect(run.logger.warn).toHaveBeenCalledWith(
        expect.stringMatching(/(primaryKey|unique) of 'id'/),
      );
      const refusal = await engine.rollback({ ...run, policy }).then(
        () => 'none',
        error => String(error),
      );
      expect(refusal).toMatch(policy === 'switch' ? /late\.csv/ : /^none$/);
      await rm(path.join(folder, 'late.csv'));
      if (policy === 'switch') {
        await engine.rollback({ ...run, policy });
      }
      await expect(current()).resolves.toEqual(['1,one']);
    });
  });

  it('may be published by the application, after the first migration', async () => {
    await engine.cutOver(run);
    const next = await runOf(world, {
      ...change,
      rest: { migrationId: 'm2', fence: 2 },
    });
    const back: EngineRun = {
      ...next,
      fromVersion: '2.0.0',
      toVersion: '3.0.0',
      sourceContract: { ...next.targetContract },
      mapping: (
        await runOf(world, {
          ...change,
          from: change.to,
          to: [...fields, field('label', text, { id: 'name' })],
          steps: [rename('title', 'label')],
        })
      ).mapping,
      targetContract: {
        ...next.targetContract,
        version: '3.0.0',
        schema: {
          ...next.targetContract.schema,
          fields: [...fields, field('label', text, { id: 'name' })],
        },
      },
    };
    await copyAll(engine, back);
    await put('written.csv', 'id,title\n2,two\n');
    await publishBeside('written.csv');
    await expect(engine.catchUp(back)).resolves.toMatchObject({ changes: 1 });
    await expect(engine.verify(back)).resolves.toMatchObject({ ok: true });
    await engine.cutOver(back);
    await expect(current()).resolves.toEqual(['1,one', '2,two']);
  });

  /** As the documentation tells applications to. */
  async function publishBeside(file: string): Promise<void> {
    const manifests = path.join(folder, '_skein/manifests');
    const last = (await readdir(manifests)).sort().pop()!;
    const manifest = JSON.parse(
      await readFile(path.join(manifests, last), 'utf8'),
    );
    const { size, mtimeNs } = await stat(path.join(folder, file), {
      bigint: true,
    });
    const number = manifest.number + 1;
    const entry = { path: file, bytes: Number(size), modified: `${mtimeNs}` };
    await writeFile(
      path.join(manifests, `${String(number).padStart(8, '0')}.json`),
      JSON.stringify({
        ...manifest,
        number,
        event: 'written',
        versions: manifest.versions.map(
          (version: { state: string; files: object[] }) =>
            version.state === 'current'
              ? { ...version, files: [...version.files, entry] }
              : version,
        ),
      }),
      { flag: 'wx' },
    );
  }
});

describe('G9: a partition that comes during a migration', () => {
  it('is one of the new version', async () => {
    const world = await makeWorld({ pool: pool() });
    try {
      const folder = path.join(world.root, 'data');
      const put = async (day: string) => {
        await mkdir(path.join(folder, `day=${day}`), { recursive: true });
        await writeFile(path.join(folder, `day=${day}/a.csv`), `id\n${day}\n`);
      };
      await put('1');
      const fields = [field('id', integer), field('day', integer)];
      const change = {
        format: 'csv',
        from: fields,
        to: [fields[0], field('date', integer, { id: 'day' })],
        steps: [rename('day', 'date')],
      };
      const run = await runOf(world, change);
      await copyAll(world.engine, run);
      await put('2');
      await world.engine.catchUp(run);
      await mkdir(path.join(folder, 'day=3/hour=1'), { recursive: true });
      await writeFile(path.join(folder, 'day=3/hour=1/a.csv'), 'id\n3\n');
      await expect(world.engine.catchUp(run)).rejects.toThrow(
        /folders of the same columns/,
      );
      await rm(path.join(folder, 'day=3'), { recursive: true });
      await put('3');
      await world.engine.cutOver(run);
      const { files, partitionedBy } = await resolveDataset(folder);
      expect(partitionedBy).toEqual(['date']);
      expect(files.map(file => path.basename(path.dirname(file)))).toEqual([
        'date=1',
        'date=2',
        'date=3',
      ]);
    } finally {
      await world.close();
    }
  });
});
