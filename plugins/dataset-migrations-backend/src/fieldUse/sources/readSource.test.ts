import { UrlReaders } from '@backstage/backend-defaults/urlReader';
import { mockServices } from '@backstage/backend-test-utils';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { readSource } from './readSource';

/** An entry of a tar archive, as git hosts give them. */
function entry(
  path: string,
  options: { content?: string; type?: '0' | '2'; link?: string },
): Buffer {
  const { content = '', type = '0', link = '' } = options;
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link, 157);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

describe('readSource', () => {
  let server: Server;
  let archive: Buffer;
  let sha: string;
  let downloads: number;

  beforeAll(async () => {
    // As much of a Gitea as its reader asks for.
    server = createServer((req, res) => {
      if (req.url?.includes('/commits/') || req.url?.includes('/git/')) {
        res.setHeader('content-type', 'application/json');
        res.end(JSON.stringify({ sha }));
      } else if (req.url?.includes('/archive/')) {
        downloads += 1;
        res.end(archive);
      } else {
        res.statusCode = 404;
        res.end();
      }
    });
    // None that a client is about to use may be closed for having been idle.
    server.keepAliveTimeout = 0;
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise(resolve => server.close(resolve)));

  function reader() {
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/apps/radar/src/branch/main`,
      reader: UrlReaders.default({
        logger: mockServices.logger.mock(),
        config: mockServices.rootConfig({
          data: {
            integrations: {
              gitea: [
                {
                  host: `127.0.0.1:${port}`,
                  baseUrl: `http://127.0.0.1:${port}`,
                },
              ],
            },
          },
        }),
      }),
    };
  }

  async function readAll() {
    const { reader: one, url } = reader();
    const { files, unread, etag } = await readSource(one, url);
    const texts = await Promise.all(
      files.map(async file => [file.path, await file.text()]),
    );
    return { etag, unread, files: Object.fromEntries(texts) };
  }

  function pack(...entries: Buffer[]) {
    archive = gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]));
  }

  beforeEach(() => {
    sha = 'abc';
    downloads = 0;
  });

  it('reads code through an integration, and nothing else', async () => {
    pack(
      entry('radar/models/a.sql', { content: 'select 1' }),
      entry('radar/dbt_project.yml', { content: 'name: x' }),
      entry('radar/image.png', { content: 'png' }),
      entry('radar/README.md', { content: 'from flights' }),
      entry('radar/target/compiled/a.sql', { content: 'select 2' }),
      entry('radar/dbt_packages/p/b.sql', { content: 'select 3' }),
    );
    expect(await readAll()).toEqual({
      etag: 'abc',
      unread: [],
      files: { 'models/a.sql': 'select 1', 'dbt_project.yml': 'name: x' },
    });
  });

  it('follows no links, and no paths that lead out', async () => {
    pack(
      entry('radar/passwd.sql', { type: '2', link: '/etc/passwd' }),
      entry('radar/../../../etc/evil.sql', { content: 'select 1' }),
      entry('radar/ok.sql', { content: 'select 1' }),
    );
    expect(await readAll()).toEqual({
      etag: 'abc',
      unread: [],
      files: { 'passwd.sql': '', 'ok.sql': 'select 1' },
    });
  });

  it('does not read what is too large, and says so', async () => {
    pack(
      entry('radar/big.sql', { content: 'x'.repeat(300_000) }),
      entry('radar/ok.sql', { content: 'select 1' }),
    );
    expect(await readAll()).toEqual({
      etag: 'abc',
      unread: [
        { file: 'big.sql', reason: 'has 300000 bytes, more than 262144' },
      ],
      files: { 'ok.sql': 'select 1' },
    });
  });

  it('stops at too many files, and says so', async () => {
    const many = Array.from({ length: 3_100 }, (_, index) =>
      entry(`radar/${index}.sql`, { content: '' }),
    );
    pack(...many);
    const { files, unread } = await readAll();
    expect(Object.keys(files)).toHaveLength(3_000);
    expect(unread).toEqual([
      {
        file: '3000.sql',
        reason:
          'is not read, nor what comes after it: there are more than 3000 files or 33554432 bytes',
      },
    ]);
  });

  it('holds what a reader gives against its limits, whoever filtered it', async () => {
    const files = [
      ...Array.from({ length: 3_001 }, (_, index) => ({
        path: `${index}.sql`,
        content: async () => Buffer.from('select 1'),
      })),
    ];
    const tree = { etag: 'abc', files: async () => files };
    const { files: read, unread } = await readSource(
      mockServices.urlReader.mock({
        readTree: async () => tree as never,
      }),
      'https://git.test/x',
    );
    expect(read).toHaveLength(3_000);
    expect(unread).toEqual([
      { file: '3000.sql', reason: expect.stringContaining('is not read') },
    ]);
    files.splice(0, files.length, {
      path: 'big.sql',
      content: async () => Buffer.alloc(300_000),
    });
    expect(
      await readSource(
        mockServices.urlReader.mock({
          readTree: async () => tree as never,
        }),
        'https://git.test/x',
      ),
    ).toMatchObject({
      files: [],
      unread: [
        { file: 'big.sql', reason: 'has 300000 bytes, more than 262144' },
      ],
    });
  });

  it.each(['', 'NOT/IMPLEMENTED'])(
    'refuses what has no state to compare with, as object stores: %j',
    async etag => {
      const loaded = jest.fn();
      await expect(
        readSource(
          mockServices.urlReader.mock({
            readTree: async () => ({ etag, files: loaded } as never),
          }),
          'https://git.test/x',
        ),
      ).rejects.toThrow('its host does not say which state of it that is');
      expect(loaded).not.toHaveBeenCalled();
    },
  );

  it('does not download what it has', async () => {
    pack(entry('radar/ok.sql', { content: 'select 1' }));
    const { reader: one, url } = reader();
    await expect(readSource(one, url, { etag: 'abc' })).rejects.toThrow(
      expect.objectContaining({ name: 'NotModifiedError' }),
    );
    expect(downloads).toBe(0);
  });

  it('reads from no host that is not configured', async () => {
    const { reader: one } = reader();
    await expect(
      readSource(one, 'http://169.254.169.254/latest/meta-data'),
    ).rejects.toThrow(/not allowed/i);
  });
});
