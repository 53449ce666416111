import { mkdir, mkdtemp, realpath, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { formatManifest, manifestName, ManifestVersion } from './manifest';
import { resolveDataset } from './resolveDataset';

describe('resolveDataset', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await realpath(
      await mkdtemp(path.join(tmpdir(), 'skein-resolve-')),
    );
    for (const name of ['b.parquet', 'a.parquet', 'note.txt', '.c.parquet']) {
      await writeFile(path.join(folder, name), '');
    }
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function publish(
    number: number,
    versions: Array<[string, ManifestVersion['state'], string]>,
    state = '_skein',
  ) {
    const manifests = path.join(folder, state, 'manifests');
    await mkdir(manifests, { recursive: true });
    await writeFile(
      path.join(manifests, manifestName(number)),
      formatManifest({
        skein: 1,
        number,
        token: 1,
        at: '2026-01-01T00:00:00Z',
        event: 'published',
        format: 'parquet',
        versions: versions.map(([version, given, file]) => ({
          version,
          state: given,
          files: [{ path: file, bytes: 0, modified: '0' }],
        })),
        migrations: [],
      }),
    );
  }

  const inFolder = (...names: string[]) =>
    names.map(name => path.join(folder, name));

  it('is the files themselves before anything was published', async () => {
    await expect(resolveDataset(folder)).resolves.toEqual({
      format: 'parquet',
      files: inFolder('a.parquet', 'b.parquet'),
      partitionedBy: [],
    });
    await expect(
      resolveDataset(path.join(folder, 'a.parquet')),
    ).resolves.toEqual({
      format: 'parquet',
      files: inFolder('a.parquet'),
      partitionedBy: [],
    });
    await expect(
      resolveDataset(path.join(folder, 'b*.parquet')),
    ).resolves.toEqual({
      format: 'parquet',
      files: inFolder('b.parquet'),
      partitionedBy: [],
    });
  });

  it('stays that while a migration has only taken the fence', async () => {
    await publish(1, []);
    await expect(resolveDataset(folder)).resolves.toMatchObject({
      files: inFolder('a.parquet', 'b.parquet'),
      partitionedBy: [],
    });
  });

  it('follows the manifest with the highest number', async () => {
    await publish(9, [['1.0.0', 'current', 'a.parquet']]);
    await publish(10, [
      ['2.0.0', 'current', 'b.parquet'],
      ['1.0.0', 'kept', 'a.parquet'],
    ]);
    await writeFile(
      path.join(folder, '_skein/manifests/.00000011.json.x.tmp'),
      '{',
    );
    await expect(resolveDataset(folder)).resolves.toEqual({
      version: '2.0.0',
      format: 'parquet',
      files: inFolder('b.parquet'),
      partitionedBy: [],
    });
    await expect(
      resolveDataset(folder, { version: '1.0.0' }),
    ).rejects.toMatchObject({ name: 'NotFoundError' });
  });

  it('gives a version that coexists to who asks for it', async () => {
    await publish(1, [
      ['2.0.0', 'coexisting', 'b.parquet'],
      ['1.0.0', 'current', 'a.parquet'],
    ]);
    await expect(resolveDataset(folder)).resolves.toMatchObject({
      version: '1.0.0',
    });
    await expect(
      resolveDataset(folder, { version: '2.0.0' }),
    ).resolves.toMatchObject({ files: inFolder('b.parquet') });
  });

  it('keeps the manifests of a file apart from those of its folder', async () => {
    await publish(
      1,
      [['2.0.0', 'current', '_skein/a.parquet/versions/x.parquet']],
      '_skein/a.parquet',
    );
    await expect(
      resolveDataset(path.join(folder, 'a.parquet')),
    ).resolves.toMatchObject({ version: '2.0.0' });
    await expect(
      resolveDataset(path.join(folder, 'b.parquet')),
    ).resolves.toMatchObject({ files: inFolder('b.parquet') });
  });

  it('refuses a manifest that leads out of its folder', async () => {
    await publish(1, [['1.0.0', 'current', '../../etc/passwd']]);
    await expect(resolveDataset(folder)).rejects.toMatchObject({
      name: 'InputError',
    });
  });
});
