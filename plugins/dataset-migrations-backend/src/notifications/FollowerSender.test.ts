import { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import { DeliveryRecord } from './DeliveryStore';
import { FollowerSender } from './FollowerSender';

const flights = 'resource:default/flights';

const delivery = {
  id: 'd1',
  consumerRef: flights,
  createdAt: '2026-11-29T10:00:00.000Z',
  body: {
    id: 'd1',
    type: 'dev.skein.dataset-migration.failed',
    data: { title: 'It failed', summary: 'no', link: '/m1' },
  },
} as unknown as DeliveryRecord;

function sending(
  users: number,
  send: () => Promise<void> = async () => {},
  times: { requestMs?: number; requestsMs?: number } = {},
) {
  const sent: NotificationSendOptions[] = [];
  const noted: string[] = [];
  const asked: unknown[] = [];
  const sender = new FollowerSender({
    notifications: {
      send: async options => {
        sent.push(options);
        await send();
      },
    },
    followers: {
      toTell: async (...args) => {
        asked.push(args);
        return Array.from({ length: users }, (_, n) => `user:default/u${n}`);
      },
    },
    deliveries: {
      ownersToldOf: async () => ['group:default/flight-data'],
      noteToldTo: async (_id, ref) => void noted.push(ref),
    },
    ...times,
  });
  const told = () =>
    sent.flatMap(({ recipients }) =>
      recipients.type === 'entity' ? recipients.entityRef : [],
    );
  return { sender, sent, noted, asked, told };
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

  it('asks for those who followed when it happened, and are not told as owners', async () => {
    const { sender, asked } = sending(1);
    await sender.send(delivery, signal);
    expect(asked).toEqual([
      [
        flights,
        {
          told: ['group:default/flight-data'],
          followedBy: new Date('2026-11-29T10:00:00.000Z'),
        },
      ],
    ]);
  });

  it('goes on where the attempt before came to', async () => {
    let answered = 0;
    const { sender, noted, told } = sending(1_201, async () => {
      answered += 1;
      if (answered === 3) {
        throw new Error('the backend is gone');
      }
    });
    await expect(sender.send(delivery, signal)).rejects.toThrow(
      'the backend is gone',
    );
    expect(noted).toHaveLength(2);
    await sender.send({ ...delivery, toldTo: noted[1] }, signal);
    // The last request is made again, as nobody knows what became of it.
    expect(told()).toHaveLength(500 + 500 + 201 + 201);
    expect(new Set(told()).size).toBe(1_201);
    expect([...noted].sort()).toEqual(noted);
  });

  it('leaves the rest to another attempt when its time is up', async () => {
    const { sender, noted, told } = sending(1_201, undefined, {
      requestsMs: 0,
    });
    let toldTo: string | undefined;
    for (const left of [1_201, 701]) {
      await expect(
        sender.send({ ...delivery, toldTo }, signal),
      ).rejects.toMatchObject({
        name: 'UnfinishedError',
        message: `500 of ${left} followers were told in time`,
      });
      toldTo = noted[noted.length - 1];
    }
    await sender.send({ ...delivery, toldTo }, signal);
    expect(told()).toHaveLength(1_201);
    expect(new Set(told()).size).toBe(1_201);
  });

  it('says that the backend is out of reach only where it answered nothing', async () => {
    const never = () => new Promise<void>(() => {});
    const hanging = sending(1, never, { requestMs: 1 });
    await expect(hanging.sender.send(delivery, signal)).rejects.toMatchObject({
      name: 'UnreachableError',
      message: 'The notifications gave no answer within 0.001 seconds',
    });
    let answered = 0;
    const partly = sending(
      501,
      () => (answered++ === 0 ? Promise.resolve() : never()),
      { requestMs: 1 },
    );
    await expect(partly.sender.send(delivery, signal)).rejects.toMatchObject({
      name: 'Error',
    });
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
