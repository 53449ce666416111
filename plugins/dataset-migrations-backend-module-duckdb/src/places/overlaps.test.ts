import { mkdir, mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { overlaps } from './overlaps';
import { Place, PlaceObject } from './Place';
import { stateFolder } from './resolvePlace';

const file = (name: string): PlaceObject => ({ kind: 'file', name });
const glob = (pattern: string): PlaceObject => ({
  kind: 'glob',
  pattern: pattern.split('/'),
});

describe('overlaps', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'skein-overlaps-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function between(
    published: PlaceObject,
    asked: PlaceObject,
  ): Promise<string[]> {
    const manifests = path.join(stateFolder(folder, published), 'manifests');
    await mkdir(manifests, { recursive: true });
    const place: Place = {
      root: { name: 'files', path: folder, bindings: [] },
      folder,
      object: asked,
      format: 'parquet',
      dialect: {},
      state: stateFolder(folder, asked),
    };
    return overlaps(place);
  }

  it.each<[PlaceObject, PlaceObject, string[]]>([
    [file('a.parquet'), file('b.parquet'), []],
    [file('a.parquet'), file('a.parquet'), []],
    [file('100%.parquet'), { kind: 'folder' }, ["'100%.parquet'"]],
    [{ kind: 'folder' }, file('a.parquet'), ['the folder']],
    [{ kind: 'folder' }, { kind: 'folder' }, []],
    [glob('a*.parquet'), file('a1.parquet'), ["'a*.parquet'"]],
    [glob('a*.parquet'), file('b.parquet'), []],
    [file('a1.parquet'), glob('a*.parquet'), ["'a1.parquet'"]],
    [file('b.parquet'), glob('a*.parquet'), []],
  ])('published as %j, asked as %j', async (published, asked, expected) => {
    await expect(between(published, asked)).resolves.toEqual(expected);
  });
});
