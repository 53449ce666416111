import {
  mockServices,
  ServiceFactoryTester,
} from '@backstage/backend-test-utils';
import { livenessChecksServiceRef, rootHealthServiceFactory } from './services';

describe('rootHealthServiceFactory', () => {
  async function health() {
    const lifecycle = mockServices.rootLifecycle.mock();
    const tester = ServiceFactoryTester.from(rootHealthServiceFactory, {
      dependencies: [lifecycle.factory],
    });
    return {
      service: await tester.getSubject(),
      checks: await tester.getService(livenessChecksServiceRef),
      begin: () => lifecycle.addStartupHook.mock.calls[0][0](),
      end: () => lifecycle.addBeforeShutdownHook.mock.calls[0][0](),
    };
  }

  it('is alive unless a check says what is wrong', async () => {
    const { service, checks } = await health();
    expect(await service.getLiveness()).toEqual({
      status: 200,
      payload: { status: 'ok' },
    });

    let problem: string | undefined = 'PostgreSQL does not answer';
    const remove = checks.add(() => problem);
    checks.add(() => undefined);
    expect(await service.getLiveness()).toEqual({
      status: 503,
      payload: { status: 'error', message: 'PostgreSQL does not answer' },
    });

    problem = undefined;
    expect(await service.getLiveness()).toMatchObject({ status: 200 });
    problem = 'again';
    remove();
    expect(await service.getLiveness()).toMatchObject({ status: 200 });
  });

  it('is ready from the start of the backend to its end', async () => {
    const { service, begin, end } = await health();
    const status = async () => (await service.getReadiness()).status;
    expect(await status()).toBe(503);
    await begin();
    expect(await status()).toBe(200);
    await end();
    expect(await status()).toBe(503);
  });
});
