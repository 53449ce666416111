import { tmpdir } from 'os';
import path from 'path';
import { ConfigReader } from '@backstage/config';
import { readSettings } from './readSettings';

const read = (duckdb: object) =>
  readSettings(
    new ConfigReader({
      datasetMigrations: { engines: { duckdb: duckdb as any } },
    }),
  );

const root = {
  name: 'files',
  path: '/data',
  bindings: [{ prefix: 'flights/', owners: ['group:default/Pilots'] }],
};

describe('readSettings', () => {
  it('is nothing where nothing is configured', () => {
    expect(readSettings(new ConfigReader({}))).toBeUndefined();
  });

  it('reads roots and falls back to small numbers', () => {
    expect(read({ roots: [root] })).toMatchObject({
      roots: [
        {
          name: 'files',
          path: '/data',
          bindings: [
            {
              prefix: ['flights'],
              entities: [],
              owners: ['group:default/pilots'],
            },
          ],
        },
      ],
      memoryLimit: '256MB',
      threads: 2,
      processes: 2,
      chunkRows: 1_000_000,
      checksumBits: 64,
    });
  });

  it('spills to a folder of its user', () => {
    expect(read({ roots: [root] })!.tempDirectory).toBe(
      path.join(tmpdir(), `skein-duckdb-${process.getuid!()}`),
    );
    expect(
      read({ roots: [root], tempDirectory: '/spill' })!.tempDirectory,
    ).toBe('/spill');
  });

  it.each([
    [{ roots: [root, root] }, "two roots named 'files'"],
    [{ roots: [{ ...root, path: 'data' }] }, 'must be absolute'],
    [
      { roots: [{ ...root, bindings: [{ prefix: 'x' }] }] },
      'names neither entities nor owners',
    ],
    [
      { roots: [{ ...root, bindings: [{ prefix: '../x', owners: ['a'] }] }] },
      'climbs',
    ],
    [{ roots: [root], memoryLimit: "1GB'; SET x" }, 'memoryLimit'],
    [{ roots: [root], threads: 0 }, 'threads'],
    [{ roots: [root], chunkRows: 1.5 }, 'chunkRows'],
    [{ roots: [root], checksumBits: 96 }, 'checksumBits must be 64 or 128'],
  ])('refuses %j', (duckdb, why) => {
    expect(() => read(duckdb)).toThrow(why);
  });
});
