import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { createBackendPlugin } from '@backstage/backend-plugin-api';
import {
  datasetMigrationsEnginesExtensionPoint,
  EngineFactory,
} from '@skein/backstage-plugin-dataset-migrations-node';
import postgres from './index';

describe('the module', () => {
  it('adds the engine to the plugin', async () => {
    const factories: EngineFactory[] = [];
    const plugin = createBackendPlugin({
      pluginId: 'dataset-migrations',
      register(reg) {
        reg.registerExtensionPoint(datasetMigrationsEnginesExtensionPoint, {
          addEngine: factory => factories.push(factory),
        });
        reg.registerInit({ deps: {}, async init() {} });
      },
    });
    await startTestBackend({ features: [plugin, postgres] });
    expect(factories.map(({ id }) => id)).toEqual(['postgres']);
    const engine = await factories[0].create({
      config: mockServices.rootConfig({ data: {} }),
      logger: mockServices.logger.mock(),
    });
    expect(engine.id).toBe('postgres');
  });
});
