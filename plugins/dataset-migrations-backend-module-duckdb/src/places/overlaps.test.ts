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
    { above = '', below = '' } = {},
  ): Promise<string[]> {
    const inner = path.join(folder, above);
    const outer = path.join(folder, below);
    await mkdir(inner, { recursive: true });
    const manifests = path.join(stateFolder(outer, published), 'manifests');
    await mkdir(manifests, { recursive: true });
    const place: Place = {
      root: { name: 'files', path: folder, bindings: [] },
      folder: inner,
      object: asked,
      format: 'parquet',
      dialect: {},
      state: stateFolder(inner, asked),
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

  const whole: PlaceObject = { kind: 'folder' };

  it.each<[PlaceObject, PlaceObject, object, string[]]>([
    [whole, whole, { below: 'y=1/m=2' }, ["a dataset in 'y=1/m=2'"]],
    [whole, glob('y=*/*.csv'), { below: 'y=1' }, ["a dataset in 'y=1'"]],
    [whole, whole, { below: 'other' }, []],
    [whole, glob('*.csv'), { below: 'y=1' }, []],
    [whole, whole, { above: 'y=1/m=2' }, ["the folder 'files'"]],
    [glob('y=*/*.csv'), whole, { above: 'y=1' }, ["'y=*/*.csv' in 'files'"]],
    [glob('*.csv'), whole, { above: 'y=1' }, []],
    [whole, whole, { above: 'other' }, []],
  ])(
    'G1: published as %j, asked as %j, a partition %j',
    async (published, asked, where, expected) => {
      await expect(between(published, asked, where)).resolves.toEqual(expected);
    },
  );
});
