import { ConfigReader } from '@backstage/config';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { ConsumerStore } from '../../consumers/ConsumerStore';
import { DeliveryRecord } from '../DeliveryStore';
import { UnreachableError } from '../senders';
import { HostSlots } from './HostSlots';
import { readWebhookSettings } from './settings';
import { WebhookSender } from './WebhookSender';

describe('WebhookSender', () => {
  const resolve = jest.fn();
  let server: Server;
  let port: number;
  let calls: string[];

  beforeAll(async () => {
    server = createServer((request, response) => {
      calls.push(request.headers.host!);
      response.end();
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });

  beforeEach(() => {
    calls = [];
    resolve.mockReset();
  });

  afterAll(() => {
    server.close();
  });

  function send(allowPrivate: boolean) {
    const sender = new WebhookSender({
      hosts: new HostSlots(1),
      names: { resolve },
      generations: { signingFor: async () => [0] },
      // A name that only the test resolves.
      consumers: {
        webhookOf: async () => `http://rebinding.invalid:${port}/hook`,
      } as unknown as ConsumerStore,
      settings: readWebhookSettings(
        new ConfigReader({
          datasetMigrations: {
            notifications: {
              webhooks: {
                secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
                allow: [
                  {
                    urlPrefix: `http://rebinding.invalid:${port}`,
                    allowPrivate,
                  },
                ],
              },
            },
          },
        }),
      ),
    });
    const delivery = {
      id: 'b6a2e0f6-3f0a-4d0c-8f3e-5f0c5d0a9d11',
      body: { id: '1', type: 't', source: '/s', specversion: '1.0' },
    } as unknown as DeliveryRecord;
    return sender.send(delivery, new AbortController().signal);
  }

  it('resolves a name once and connects to the address that it checked', async () => {
    resolve.mockResolvedValueOnce([{ address: '127.0.0.1', family: 4 }]);
    expect(await send(true)).toEqual({ status: 200 });
    expect(calls).toEqual([`rebinding.invalid:${port}`]);
    expect(resolve).toHaveBeenCalledTimes(1);
  });

  it('makes no connection when the name leads to a private address', async () => {
    resolve.mockResolvedValueOnce([
      { address: '93.184.216.34', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
    await expect(send(false)).rejects.toThrow('loopback address 127.0.0.1');
    expect(calls).toEqual([]);
  });

  it('passes on that a name does not resolve, for another attempt', async () => {
    resolve.mockRejectedValueOnce(new UnreachableError('it does not resolve'));
    await expect(send(true)).rejects.toMatchObject({
      name: 'UnreachableError',
      message: 'it does not resolve',
    });
  });
});
