import { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import { DeliveryRecord, DeliveryStore } from './DeliveryStore';
import { FollowerSender } from './FollowerSender';

const flights = 'resource:default/flights';

const delivery = {
  id: 'd1',
  consumerRef: flights,
  body: {
    id: 'd1',
    type: 'dev.skein.dataset-migration.failed',
    data: { title: 'It failed', summary: 'no', link: '/m1' },
  },
} as unknown as DeliveryRecord;

function sending(users: number, send = async () => {}) {
  const sent: NotificationSendOptions[] = [];
  const sender = new FollowerSender({
    notifications: {
      send: async options => {
        sent.push(options);
        await send();
      },
    },
    followers: {
      toTell: async () =>
        Array.from({ length: users }, (_, n) => `user:default/u${n}`),
    },
    deliveries: { ownersToldOf: async () => [] } as unknown as DeliveryStore,
  });
  return { sender, sent };
}

describe('FollowerSender', () => {
  const { signal } = new AbortController();

  it('tells thousands in requests that the backend takes', async () => {
    const { sender, sent } = sending(1_201);
    await sender.send(delivery, signal);
    const refs = sent.map(({ recipients }) =>
      recipients.type === 'entity' ? recipients.entityRef : [],
    );
    expect(refs.map(({ length }) => length)).toEqual([500, 500, 201]);
    expect(new Set(refs.flat()).size).toBe(1_201);
  });

  it('says that nobody is asked for anything, and replaces itself', async () => {
    const { sender, sent } = sending(1);
    await sender.send(delivery, signal);
    expect(sent).toMatchObject([
      { payload: { title: 'It failed', severity: 'normal', scope: 'd1' } },
    ]);
  });

  it('sends nothing where nobody is left', async () => {
    const { sender, sent } = sending(0);
    await sender.send(delivery, signal);
    expect(sent).toEqual([]);
  });

  it('stops between two requests when it is to end', async () => {
    const controller = new AbortController();
    const { sender, sent } = sending(1_201, async () =>
      controller.abort(new Error('the worker stops')),
    );
    await expect(sender.send(delivery, controller.signal)).rejects.toThrow(
      'the worker stops',
    );
    expect(sent).toHaveLength(1);
  });
});
