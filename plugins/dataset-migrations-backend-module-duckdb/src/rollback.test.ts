import { link, mkdir, readFile, rm, stat, writeFile } from 'fs/promises';
import path from 'path';
import { randomUUID } from 'crypto';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import {
  PublishedManifest,
  readPublished,
} from './__testUtils__/publishedFiles';
import {
  World,
  contract,
  copyAll,
  field,
  integer,
  locateOrFail,
  makeRun,
  makeWorld,
  mappingOf,
  text,
  usePool,
} from './__testUtils__/world';
import { resolveDataset } from './publishing/resolveDataset';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const pool = usePool();

describe('a roll back to the files from before the first migration', () => {
  let world: World;
  let folder: string;
  let fence: number;

  const write = (name: string, content: string) =>
    writeFile(path.join(folder, name), content);

  beforeEach(async () => {
    world = await makeWorld({ pool: pool() });
    folder = path.join(world.root, 'data');
    await mkdir(folder);
    fence = 0;
    await write('one.csv', 'id,a\n1,x\n');
  });

  afterEach(() => world.close());

  async function newRun(
    policy: EngineRun['policy'] = 'switch',
  ): Promise<EngineRun> {
    const properties = { format: 'csv' };
    const id = field('id', integer);
    const from = contract('1.0.0', [id, field('a', text)], 'data', properties);
    const to = contract('2.0.0', [id, field('b', text)], 'data', properties);
    const mapping = mappingOf(from, to, [
      { agent: 'rename-field', payload: { from: 'a', to: 'b' } },
    ]);
    const location = await locateOrFail(world.engine, from);
    fence += 1;
    return makeRun(location, from, to, mapping, {
      migrationId: randomUUID(),
      fence,
      policy,
    });
  }

  async function migrate(run: EngineRun): Promise<void> {
    const { location, mapping, policy, sourceContract, targetContract } = run;
    await expect(
      world.engine.plan({
        location,
        mapping,
        policy,
        sourceContract,
        targetContract,
      }),
    ).resolves.toMatchObject({ refusals: [] });
    await copyAll(world.engine, run);
    await expect(world.engine.verify(run)).resolves.toMatchObject({ ok: true });
    await world.engine.cutOver(run);
  }

  async function migrated(policy?: EngineRun['policy']): Promise<EngineRun> {
    const run = await newRun(policy);
    await migrate(run);
    return run;
  }

  async function rolledBack(policy?: EngineRun['policy']): Promise<EngineRun> {
    const run = await migrated(policy);
    await world.engine.rollback(run);
    return run;
  }

  /** The lines of a version, without the headers. */
  async function linesOf(version?: string): Promise<string[]> {
    const { files } = await resolveDataset(folder, { version });
    const contents = await Promise.all(
      files.map(file => readFile(file, 'utf8')),
    );
    return contents.flatMap(content => content.trim().split('\n').slice(1));
  }

  /** Replaces the files of a version as the documentation tells writers to. */
  async function publish(version: string, name: string, content: string) {
    await write(name, content);
    const file = path.join(folder, name);
    const { size, mtimeNs } = await stat(file, { bigint: true });
    const entry = { path: name, bytes: Number(size), modified: `${mtimeNs}` };
    await append(version, [entry]);
  }

  async function append(
    version: string,
    files: PublishedManifest['versions'][number]['files'],
  ) {
    const last = (await readPublished(folder))!;
    const next = {
      ...last,
      number: last.number + 1,
      event: 'written',
      versions: last.versions.map(one =>
        one.version === version ? { ...one, files } : one,
      ),
    };
    const staged = path.join(folder, '.next');
    await writeFile(staged, JSON.stringify(next));
    const number = String(next.number).padStart(8, '0');
    await link(staged, path.join(folder, `_skein/manifests/${number}.json`));
    await rm(staged);
  }

  describe.each(['switch', 'coexist'] as const)('under %s', policy => {
    it.each([
      ['adds a file', 'two.csv', ['1,x', '2,y', '3,z']],
      ['overwrites a file', 'one.csv', ['2,y', '3,z']],
    ])(
      'G9: the next migration takes what an application %s afterwards',
      async (_what, name, lines) => {
        await rolledBack(policy);
        await write(name, 'id,a\n2,y\n3,z\n');
        await expect(linesOf()).resolves.toEqual(lines);
        await expect(linesOf('1.0.0')).resolves.toEqual(lines);
        await migrated();
        await expect(linesOf()).resolves.toEqual(lines);
      },
    );
  });

  it('G9: the next migration leaves out a file that was removed afterwards', async () => {
    await write('two.csv', 'id,a\n2,y\n');
    await rolledBack();
    await rm(path.join(folder, 'one.csv'));
    await migrated();
    await expect(linesOf()).resolves.toEqual(['2,y']);
  });

  it('G4: keeps the fence, the phases, and the version that is recorded', async () => {
    const run = await rolledBack();
    await expect(world.engine.phase(run)).resolves.toBe('rolled-back');
    await expect(
      world.engine.fence({ ...run, fence: run.fence - 1 }),
    ).rejects.toMatchObject({ name: 'FencedError' });
    await expect(world.engine.inspect(run.location)).resolves.toMatchObject({
      exists: true,
      recordedVersion: '1.0.0',
    });
    await expect(resolveDataset(folder)).resolves.toEqual({
      version: '1.0.0',
      format: 'csv',
      files: [path.join(folder, 'one.csv')],
      partitionedBy: [],
    });
    await expect(
      resolveDataset(folder, { version: '2.0.0' }),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
    await world.engine.cleanUp(run);
    await expect(linesOf('1.0.0')).resolves.toEqual(['1,x']);
    await migrated();
    await expect(linesOf()).resolves.toEqual(['1,x']);
  });

  it('G8: refuses to migrate from another version than it went back to', async () => {
    await rolledBack();
    const run = { ...(await newRun()), fromVersion: '1.5.0' };
    await world.engine.fence(run);
    await expect(world.engine.prepare(run)).rejects.toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('1.0.0'),
    });
  });

  describe('beside the old version', () => {
    it.each([
      ['added to the folder', 'two.csv', ['1,x', '2,y']],
      ['overwritten', 'one.csv', ['2,y']],
    ])('G8: keeps a file that was %s', async (_what, name, lines) => {
      const run = await migrated('coexist');
      await write(name, 'id,a\n2,y\n');
      await expect(world.engine.retire(run)).rejects.toMatchObject({
        name: 'ConflictError',
      });
      await world.engine.rollback(run);
      await expect(linesOf()).resolves.toEqual(lines);
      await migrated();
      await expect(linesOf()).resolves.toEqual(lines);
    });

    it('G8: keeps the files that an application published, and rolls back to them again', async () => {
      const run = await migrated('coexist');
      await publish('1.0.0', 'two.csv', 'id,a\n2,y\n');
      await world.engine.rollback(run);
      await expect(linesOf()).resolves.toEqual(['2,y']);
      await rolledBack();
      await expect(linesOf()).resolves.toEqual(['2,y']);
    });

    it('G8: refuses where the new version was written, until that is taken back', async () => {
      const run = await migrated('coexist');
      const { files } = (await readPublished(folder))!.versions[0];
      await publish('2.0.0', 'two.csv', 'id,b\n2,y\n');
      await expect(world.engine.rollback(run)).rejects.toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining('2.0.0'),
      });
      await append('2.0.0', files);
      await rm(path.join(folder, 'two.csv'));
      await world.engine.rollback(run);
      await expect(linesOf()).resolves.toEqual(['1,x']);
    });
  });
});
