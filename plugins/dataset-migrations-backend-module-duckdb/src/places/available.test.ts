import { chmod, mkdir, mkdtemp, rm, writeFile } from 'fs/promises';
import os from 'os';
import path from 'path';
import { Binding, Root } from '../config/readSettings';
import { available } from './available';

describe('available', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'available-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const root = (...prefixes: string[][]): Root => ({
    name: 'files',
    path: folder,
    bindings: prefixes.map(
      (prefix): Binding => ({ prefix, entities: [], owners: ['group:a'] }),
    ),
  });

  it('says nothing against folders that are there, or yet to come', async () => {
    await mkdir(path.join(folder, 'flights'));
    expect(
      await available([root(['flights'], ['to', 'come'])]),
    ).toBeUndefined();
  });

  it('names a root that is not there, as when no volume is mounted', async () => {
    const gone = path.join(folder, 'volume');
    expect(await available([root(), { ...root(), path: gone }])).toBe(
      `the root 'files': ${gone} is not there`,
    );
  });

  it('names what is no folder', async () => {
    const file = path.join(folder, 'flights');
    await writeFile(file, '');
    expect(await available([root(['flights'])])).toBe(
      `the root 'files': ${file} is no folder`,
    );
  });

  // The administrator may write anywhere.
  if (process.getuid?.() !== 0) {
    it('names a folder that must not be written', async () => {
      await chmod(folder, 0o500);
      expect(await available([root([])])).toBe(
        `the root 'files': ${folder} cannot be written (EACCES)`,
      );
    });
  }
});
