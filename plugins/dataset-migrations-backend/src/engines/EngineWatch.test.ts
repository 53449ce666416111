import { mockServices } from '@backstage/backend-test-utils';
import { Engine } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineRegistry } from './EngineRegistry';
import { EngineWatch } from './EngineWatch';

describe('EngineWatch', () => {
  async function watch(engines: Array<Pick<Engine, 'id' | 'available'>>) {
    const logger = mockServices.logger.mock();
    const onChange = jest.fn();
    const watched = new EngineWatch({
      engines: await EngineRegistry.create({
        factories: engines.map(engine => ({
          id: engine.id,
          create: async () => engine as Engine,
        })),
        config: mockServices.rootConfig(),
        logger: mockServices.rootLogger(),
      }),
      logger,
      onChange,
    });
    await watched.start();
    watched.stop();
    return { watched, logger, onChange };
  }

  it('takes an engine that does not say as available', async () => {
    const { watched, logger } = await watch([{ id: 'tables' }]);
    expect(watched.available()).toEqual(['tables']);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('leaves one out while its storage is away, and says so once', async () => {
    let reason: string | undefined = '/data is not there';
    const { watched, logger, onChange } = await watch([
      { id: 'tables' },
      { id: 'files', available: async () => reason },
    ]);
    await watched.ask();
    expect(watched.available()).toEqual(['tables']);
    expect(logger.warn.mock.calls).toEqual([
      [`This worker takes no jobs of 'files': /data is not there`],
    ]);

    onChange.mockClear();
    reason = undefined;
    await watched.ask();
    await watched.ask();
    expect(watched.available()).toEqual(['tables', 'files']);
    expect(logger.info.mock.calls).toEqual([
      [`This worker takes jobs of 'files' again`],
    ]);
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('takes one that fails to say as not available', async () => {
    const { watched } = await watch([
      {
        id: 'files',
        available: async () => {
          throw new Error('input/output error');
        },
      },
    ]);
    expect(watched.available()).toEqual([]);
  });
});
