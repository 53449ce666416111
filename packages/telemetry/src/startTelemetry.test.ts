import { metrics } from '@opentelemetry/api';
import { once } from 'node:events';
import { AddressInfo, createServer } from 'node:net';
import { startTelemetry } from './startTelemetry';

async function listenSomewhere() {
  const server = createServer().listen(0);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}

describe('startTelemetry', () => {
  afterEach(() => {
    metrics.disable();
    jest.restoreAllMocks();
  });

  it('serves what is measured for Prometheus', async () => {
    const { server, port } = await listenSomewhere();
    server.close();
    await once(server, 'close');
    await startTelemetry({
      serviceName: 'geese',
      env: { SKEIN_METRICS_PORT: String(port) },
    });

    metrics.getMeter('test').createCounter('flock.arrivals').add(3);

    const response = await fetch(`http://localhost:${port}/metrics`);
    const text = await response.text();
    expect(text).toContain('service_name="geese"');
    expect(text).toMatch(/^flock_arrivals_total\{?.*\}? 3/m);
  });

  it('warns and goes on where the port is taken', async () => {
    const { server, port } = await listenSomewhere();
    const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
    await startTelemetry({
      serviceName: 'geese',
      env: { SKEIN_METRICS_PORT: String(port) },
    });
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining(`No metrics are served on port ${port}`),
    );
    server.close();
  });

  it.each(['0', '70000', 'x'])('refuses the port %j', async port => {
    await expect(
      startTelemetry({
        serviceName: 'geese',
        env: { SKEIN_METRICS_PORT: port },
      }),
    ).rejects.toThrow(`not '${port}'`);
  });
});
