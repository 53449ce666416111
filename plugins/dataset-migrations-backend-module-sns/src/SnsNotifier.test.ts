import { ConfigReader } from '@backstage/config';
import { Announcement } from '@skein/backstage-plugin-dataset-migrations-node';
import {
  NotifierHarness,
  runNotifierConformance,
} from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { Published, SnsEndpoint } from './__testUtils__/SnsEndpoint';
import { createClient } from './createClient';
import { readSettings } from './settings';
import { SnsNotifier } from './SnsNotifier';

const account = '123456789012';
const standard = `arn:aws:sns:eu-north-1:${account}:migrations`;
const fifo = `${standard}.fifo`;
const key = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI-a-key-that-nobody-may-see',
};

async function create(topicArn: string, used = key) {
  const endpoint = new SnsEndpoint({ topicArn, ...key });
  const config = new ConfigReader({
    aws: { accounts: [{ accountId: account, ...used }] },
    datasetMigrations: {
      notifications: { sns: { topicArn, endpoint: await endpoint.start() } },
    },
  });
  const client = await createClient(config, readSettings(config)!);
  return {
    endpoint,
    notifier: new SnsNotifier({ client, topicArn }),
    async dispose() {
      client.destroy();
      await endpoint.stop();
    },
  };
}

function understood({ message }: Published): Announcement {
  const { specversion, datacontenttype, ...announcement } = JSON.parse(message);
  expect(specversion).toBe('1.0');
  expect(datacontenttype).toBe('application/json');
  return announcement;
}

describe.each([
  ['standard', standard],
  ['FIFO', fifo],
])('a %s topic', (_kind, topicArn) => {
  runNotifierConformance({
    async createHarness(): Promise<NotifierHarness> {
      const { endpoint, notifier, dispose } = await create(topicArn);
      return {
        notifier,
        received: async () => endpoint.published.map(understood),
        setMood: async mood => {
          endpoint.mood = mood;
        },
        secrets: [key.secretAccessKey],
        dispose,
      };
    },
  });
});

describe('SnsNotifier', () => {
  const announcement = (more: Partial<Announcement> = {}): Announcement => ({
    id: '0f1e3a52-7c1d-4b0e-9d0a-5b7f3c2d1e00',
    source: 'https://portal.test/dataset-migrations',
    type: 'dev.skein.dataset-migration.succeeded',
    subject: 'resource:default/flights',
    time: '2026-11-29T09:30:00Z',
    data: { toVersion: '2.0.0' },
    ...more,
  });
  const tell = (notifier: SnsNotifier, more?: Partial<Announcement>) =>
    notifier.notify(announcement(more), {
      signal: new AbortController().signal,
    });

  it('gives subscribers what they filter by', async () => {
    const { endpoint, notifier, dispose } = await create(standard);
    await tell(notifier);
    expect(endpoint.published[0].attributes).toEqual({
      id: announcement().id,
      source: 'https://portal.test/dataset-migrations',
      type: 'dev.skein.dataset-migration.succeeded',
      subject: 'resource:default/flights',
    });
    expect(endpoint.published[0].group).toBeUndefined();
    await dispose();
  });

  it('keeps the events of a dataset in a group of a FIFO topic, each once', async () => {
    const { endpoint, notifier, dispose } = await create(fifo);
    const long = `resource:default/${'x'.repeat(200)}`;
    await tell(notifier, { id: '1' });
    await tell(notifier, { id: '1' });
    await tell(notifier, { id: '2' });
    await tell(notifier, { id: '3', subject: long });
    const groups = endpoint.published.map(({ group }) => group!);
    expect(groups.slice(0, 2)).toEqual([
      'resource:default/flights',
      'resource:default/flights',
    ]);
    expect(groups[2]).toMatch(/^[0-9a-f]{64}$/);
    expect(groups).toHaveLength(3);
    await dispose();
  });

  it('publishes again what a person has sent again', async () => {
    const { endpoint, notifier, dispose } = await create(fifo);
    const { signal } = new AbortController();
    await notifier.notify(announcement(), { signal });
    await notifier.notify(announcement(), { signal, redelivery: 0 });
    expect(endpoint.published).toHaveLength(1);
    await notifier.notify(announcement(), { signal, redelivery: 1 });
    await notifier.notify(announcement(), { signal, redelivery: 1 });
    expect(endpoint.published).toHaveLength(2);
    // Subscribers know it by its id all the same.
    expect(endpoint.published.map(understood)).toEqual([
      announcement(),
      announcement(),
    ]);
    await dispose();
  });

  it('gives up what is wrong with this very message, and nothing else', async () => {
    const { endpoint, notifier, dispose } = await create(standard);
    await expect(
      tell(notifier, { data: { note: 'unfit-for-sns' } }),
    ).rejects.toMatchObject({
      name: 'UndeliverableError',
      message: expect.stringMatching(/^InvalidParameter.*It is too long for/),
      status: 400,
    });
    endpoint.mood = 'forbidding';
    await expect(tell(notifier)).rejects.toMatchObject({
      name: expect.stringMatching(/^AuthorizationError/),
      status: 403,
    });
    await dispose();
  });

  it('G11: shows no ARN of a user or topic', async () => {
    const { endpoint, notifier, dispose } = await create(standard);
    endpoint.mood = 'forbidding';
    await expect(tell(notifier)).rejects.toMatchObject({
      message:
        'User: arn:… is not authorized to perform: SNS:Publish on resource: arn:…',
    });
    await dispose();
  });

  it('says which answer it got, and shows no key', async () => {
    const wrong = {
      ...key,
      secretAccessKey: 'another-key-that-nobody-may-see',
    };
    const { endpoint, notifier, dispose } = await create(standard, wrong);
    await expect(tell(notifier)).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
      message: expect.not.stringContaining('nobody-may-see'),
    });
    expect(endpoint.published).toEqual([]);
    await dispose();
  });
});
