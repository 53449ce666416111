import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import {
  EngineFactory,
  datasetMigrationsEnginesExtensionPoint,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { ConfigReader } from '@backstage/config';
import module, { duckDbEngineFactory } from './index';

// Processes are started, and the machine may be busy.
jest.setTimeout(60_000);

const roots = [
  {
    name: 'files',
    path: '/data',
    bindings: [{ prefix: '.', owners: ['group:default/pilots'] }],
  },
];

/** Ids of the engines that a backend with this configuration can make. */
async function enginesOf(duckdb: object | undefined): Promise<string[]> {
  const added: EngineFactory[] = [];
  const data = { datasetMigrations: { engines: duckdb ? { duckdb } : {} } };
  const backend = await startTestBackend({
    extensionPoints: [
      [
        datasetMigrationsEnginesExtensionPoint,
        { addEngine: (factory: EngineFactory) => added.push(factory) },
      ],
    ],
    features: [module, mockServices.rootConfig.factory({ data })],
  });
  const engines = await Promise.all(
    added.map(factory =>
      factory.create({
        config: new ConfigReader(data as any),
        logger: mockServices.logger.mock(),
      }),
    ),
  );
  await backend.stop();
  return engines.map(({ id }) => id);
}

describe('the module', () => {
  it('adds the engine where it is configured', async () => {
    await expect(enginesOf({ roots })).resolves.toEqual(['duckdb']);
  });

  it('adds nothing where it is not', async () => {
    await expect(enginesOf(undefined)).resolves.toEqual([]);
  });

  it('keeps the backend from starting with settings that cannot be used', async () => {
    await expect(
      enginesOf({ roots: [{ ...roots[0], path: 'data' }] }),
    ).rejects.toThrow(/must be absolute/);
  });
});

describe('the factory', () => {
  const create = (duckdb?: object) =>
    duckDbEngineFactory.create({
      config: new ConfigReader({
        datasetMigrations: { engines: { duckdb } },
      } as any),
      logger: mockServices.logger.mock(),
    });

  it('makes the engine without a backend', async () => {
    await expect(create({ roots })).resolves.toMatchObject({ id: 'duckdb' });
  });

  it('says what it lacks', async () => {
    await expect(create()).rejects.toThrow(
      'datasetMigrations.engines.duckdb is not configured',
    );
  });
});
