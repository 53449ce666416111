import { randomBytes } from 'crypto';
import { once } from 'events';
import { AddressInfo, createServer, Server } from 'net';
import { LoggerService } from '@backstage/backend-plugin-api';
import { Pool, PoolClient, PoolConfig } from 'pg';
import { mockLogger } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { World } from '../__testUtils__/world';
import { isConnectionLost } from './unavailable';
import { PoolMaker, Warehouse } from './Warehouse';

let world: World;
const opened: Warehouse[] = [];
const servers: Server[] = [];
const roles: string[] = [];

beforeAll(async () => {
  world = await World.create();
});
afterAll(async () => {
  await Promise.all(opened.map(warehouse => warehouse.close()));
  servers.forEach(server => server.close());
  for (const role of roles) {
    await world.sql(`DROP ROLE ${role}`);
  }
  await world.dispose();
});

function warehouseAt(
  connection: PoolConfig,
  options: {
    maxConnections?: number;
    logger?: LoggerService;
    makePool?: PoolMaker;
  } = {},
): Warehouse {
  const made = new Warehouse('warehouse', connection, {
    maxConnections: 3,
    connectTimeoutSeconds: 1,
    logger: mockLogger(),
    ...options,
  });
  opened.push(made);
  return made;
}

/** The test database, with some of its address changed. */
function url(change: (address: URL) => void): PoolConfig {
  const address = new URL(world.connectionString);
  change(address);
  return { connectionString: address.href };
}

async function listen(): Promise<Server> {
  const server = createServer(() => {
    // Takes the connection, and says nothing.
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const port = (server: Server) => (server.address() as AddressInfo).port;

async function silentServer(): Promise<PoolConfig> {
  const server = await listen();
  servers.push(server);
  return { host: '127.0.0.1', port: port(server), user: 'skein_user' };
}

async function closedPort(): Promise<PoolConfig> {
  const server = await listen();
  const connection = { host: '127.0.0.1', port: port(server) };
  server.close();
  await once(server, 'close');
  return { ...connection, user: 'skein_user', database: 'skein_secrets' };
}

async function roleWithoutConnections(): Promise<PoolConfig> {
  const role = `skein_${randomBytes(6).toString('hex')}`;
  await world.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'x' CONNECTION LIMIT 0`);
  roles.push(role);
  return url(address => {
    address.username = role;
    address.password = 'x';
  });
}

describe('a connection that is not available', () => {
  it.each<[string, () => PoolConfig | Promise<PoolConfig>, string]>([
    ['nobody listens', closedPort, 'its server does not accept connections'],
    [
      'its name is unknown',
      () => ({ host: 'db.skein.invalid', user: 'skein_user' }),
      "its server's name cannot be resolved",
    ],
    [
      'its server says nothing',
      silentServer,
      'its server did not answer in time',
    ],
    [
      'its socket is missing',
      () => ({ host: '/nowhere/skein', user: 'skein_user' }),
      'its server cannot be reached',
    ],
    [
      'its server knows no encryption',
      () => ({ connectionString: world.connectionString, ssl: true }),
      'it cannot be encrypted as configured',
    ],
    [
      'its user is unknown',
      () => url(address => (address.username = 'skein_nobody')),
      'its server refuses the configured login',
    ],
    [
      'its database does not exist',
      () => url(address => (address.pathname = '/skein_secrets')),
      'its database does not exist',
    ],
    [
      'its server is full',
      roleWithoutConnections,
      'its server has too many connections',
    ],
  ])('G11: says so where %s, and not where it is', async (_, at, trouble) => {
    const logger = mockLogger();
    const asked = warehouseAt(await at(), { logger }).query('SELECT 1');
    const error = await asked.catch(reason => reason);
    const message = `The connection warehouse is not available: ${trouble}`;
    expect(error).toMatchObject({ name: 'ServiceUnavailableError', message });
    // Nor does whatever the queue would serialise of it.
    const { stack, ...kept } = Object.fromEntries(
      Object.getOwnPropertyNames(error).map(name => [name, error[name]]),
    );
    expect(kept).toEqual({ name: error.name, message });
    // The operator reads the cause in the log.
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringMatching(/not available: .+ \(.*rror: .+\)/),
    );
  });

  it('is one that the server ends during a statement', async () => {
    const ended = warehouseAt(url(() => {})).query(
      'SELECT pg_terminate_backend(pg_backend_pid())',
    );
    await expect(ended).rejects.toThrow(
      'The connection warehouse is not available: the connection was lost',
    );
  });

  it('is one whose socket breaks during a statement', async () => {
    const clients: PoolClient[] = [];
    const broken = warehouseAt(
      url(() => {}),
      {
        makePool: config =>
          new Pool(config).on('connect', client => clients.push(client)),
      },
    );
    const asked = broken.transaction({}, async session => {
      (clients[0] as any).connection.stream.destroy();
      await session.query('SELECT 1');
    });
    await expect(asked).rejects.toThrow(
      'The connection warehouse is not available: the connection was lost',
    );
    await expect(broken.query('SELECT 1 AS one')).resolves.toEqual([
      { one: 1 },
    ]);
  });

  it('is not one that is in use for longer than connecting may take', async () => {
    const single = warehouseAt(
      url(() => {}),
      { maxConnections: 2 },
    );
    const [, waited] = await Promise.all([
      single.query('SELECT pg_sleep(2)'),
      single.query('SELECT 1 AS one'),
    ]);
    expect(waited).toEqual([{ one: 1 }]);
  });
});

describe('what breaks a connection', () => {
  it.each`
    error                                                                                                    | lost
    ${Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })}                                            | ${true}
    ${Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })}                                   | ${true}
    ${new Error('Connection terminated unexpectedly')}                                                       | ${true}
    ${new Error('Client has encountered a connection error and is not queryable')}                           | ${true}
    ${Object.assign(new TypeError('The argument must be of type string'), { code: 'ERR_INVALID_ARG_TYPE' })} | ${false}
    ${new Error('A bug')}                                                                                    | ${false}
  `('tells $error: $lost', ({ error, lost }) => {
    expect(isConnectionLost(error)).toBe(lost);
  });
});
