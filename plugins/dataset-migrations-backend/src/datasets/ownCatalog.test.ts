import { mockServices } from '@backstage/backend-test-utils';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { CatalogReader } from './CatalogReader';
import { createOwnCatalog } from './ownCatalog';

describe('the catalog as the plugin itself asks it', () => {
  let server: Server;
  let asked: IncomingMessage[];
  let status: number;
  let tokens: number;
  let reader: CatalogReader;

  beforeEach(async () => {
    asked = [];
    status = 200;
    tokens = 0;
    server = createServer((request, response) => {
      asked.push(request);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ kind: 'Component', items: [], pageInfo: {} }),
      );
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const url = async () => `http://127.0.0.1:${port}/api/catalog`;
    reader = new CatalogReader(
      createOwnCatalog({
        discovery: { getBaseUrl: url, getExternalBaseUrl: url },
        auth: mockServices.auth.mock({
          getPluginRequestToken: async () => ({ token: `token-${++tokens}` }),
        }),
      }),
    );
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  });

  async function ask(ref = 'resource:default/flights'): Promise<void> {
    for await (const _page of reader.consumersOf(ref));
  }

  const used = () => asked.map(({ headers }) => headers.authorization);

  it('uses a token for a minute, and has answers sent as they are', async () => {
    await ask();
    await reader.getDataset('resource:default/flights');
    await reader.getEntities(['resource:default/flights']);
    expect(used()).toEqual(Array(3).fill('Bearer token-1'));
    expect(asked.map(({ headers }) => headers['accept-encoding'])).toEqual(
      Array(3).fill('identity'),
    );

    const clock = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => clock() + 61_000);
    await ask();
    expect(used().pop()).toBe('Bearer token-2');
  });

  it('takes a new token after a failure', async () => {
    status = 401;
    await expect(ask()).rejects.toThrow(/401/);
    await expect(reader.getEntities(['component:default/a'])).rejects.toThrow(
      /401/,
    );
    await expect(reader.getDataset('resource:default/a')).rejects.toThrow(
      /401/,
    );
    status = 200;
    await ask();
    expect(used()).toEqual([1, 2, 3, 4].map(n => `Bearer token-${n}`));
  });

  it.each(['a,kind=api', 'a b', 'a=b', 'a*'])(
    'G6: asks for readers of %j as for one value',
    async name => {
      await ask(`resource:default/${name}`);
      expect(asked[0].method).toBe('POST');
    },
  );

  it('asks for readers of what is named as names are by a filter', async () => {
    await ask('resource:default/a-b_c.d');
    const { searchParams } = new URL(asked[0].url!, 'http://catalog.test');
    expect(searchParams.getAll('filter')).toEqual([
      'relations.consumesDataset=resource:default/a-b_c.d',
      'spec.consumesDatasets.dataset=resource:default/a-b_c.d',
      'relations.dependsOn=resource:default/a-b_c.d',
    ]);
  });
});
