import {
  Consumer,
  ConsumerVerdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  mayBeGathered,
  occurrenceOf,
  receiversOf,
  tellsOwner,
} from './receivers';
import { AnnouncementKind } from './types';

const flights = 'resource:default/flights';
const owner = 'group:default/flight-data';

const consumer = (name: string, more: Partial<Consumer> = {}): Consumer => ({
  entityRef: `component:default/${name}`,
  source: 'declared',
  ...more,
});

describe('receiversOf', () => {
  const apps = consumer('board', {
    owner: 'group:default/apps',
    webhook: 'https://hooks.test/board',
  });
  const own = consumer('report', { owner });
  const orphan = consumer('orphan');

  it.each<[string, string[], string | undefined, Consumer[], string[]]>([
    [
      'the owners of the dataset and of consumers, each once',
      ['notification'],
      owner,
      [apps, own, consumer('second', { owner: 'group:default/apps' }), orphan],
      [`notification ${owner}`, 'notification group:default/apps'],
    ],
    [
      'the owner of the dataset as that of a consumer, where it is not told else',
      ['notification'],
      undefined,
      [own],
      [`notification ${owner}`],
    ],
    [
      'consumers that declare a callback',
      ['webhook'],
      owner,
      [apps, own],
      ['webhook component:default/board'],
    ],
    [
      'each of the other ways once',
      ['event', 'chat'],
      owner,
      [apps, own],
      [`event ${flights}`, `chat ${flights}`],
    ],
    [
      'nobody, where there is no owner and no consumer',
      ['webhook', 'notification'],
      undefined,
      [],
      [],
    ],
    ['nobody who follows, where nobody does', ['followers'], owner, [apps], []],
    ['nobody, where no way is installed', [], owner, [apps], []],
  ])('tells %s', (_whom, kinds, datasetOwner, consumers, expected) => {
    const receivers = receiversOf({
      kinds,
      announcement: 'succeeded',
      datasetRef: flights,
      owner: datasetOwner,
      consumers,
      hears: () => true,
    });
    expect(receivers.map(({ kind, ref }) => `${kind} ${ref}`)).toEqual(
      expected,
    );
  });
});

const verdictOf = (of: Consumer): ConsumerVerdict => ({
  consumer: of,
  verdict: 'breaks',
  reasons: ['reads `delay`, renamed to `arrival_delay`'],
  touchedBy: [],
  blocking: true,
});

describe('how a migration goes on', () => {
  it.each<[AnnouncementKind, string[]]>([
    ['announced', ['webhook', 'notification', 'chat']],
    ['starting', ['webhook', 'chat']],
    ['cancelled', ['webhook', 'chat']],
    ['retiring', ['webhook', 'notification', 'chat']],
    ['blocked', ['webhook', 'notification', 'event', 'chat']],
    ['change-accepted', ['webhook', 'notification', 'event', 'chat']],
    ['dates-set', ['webhook', 'notification', 'event', 'chat']],
    ['reminder', ['webhook', 'notification', 'event', 'chat']],
    ['succeeded', ['webhook', 'notification', 'event', 'chat']],
  ])('is told, when it is %s, by %j', (announcement, expected) => {
    const receivers = receiversOf({
      kinds: ['webhook', 'notification', 'event', 'chat'],
      announcement,
      datasetRef: flights,
      owner,
      consumers: [consumer('board', { webhook: 'https://hooks.test/board' })],
      hears: () => true,
    });
    expect(receivers.map(({ kind }) => kind)).toEqual(expected);
  });

  it('is told to the owners of consumers that it touches alone, with what it touches', () => {
    const owned = (name: string, of: string) =>
      consumer(name, { owner: `group:default/${of}` });
    const [board, report, ready] = [
      owned('board', 'apps'),
      owned('report', 'apps'),
      owned('ready', 'others'),
    ];
    const theirs = [board, report].map(verdictOf);
    const far = verdictOf(owned('far', 'far'));
    const receivers = receiversOf({
      kinds: ['notification'],
      announcement: 'blocked',
      datasetRef: flights,
      owner,
      consumers: [board, ready, consumer('orphan')],
      touched: [...theirs, far, verdictOf(consumer('nobodys'))],
      hears: () => true,
    });
    expect(receivers).toEqual([
      { kind: 'notification', ref: owner, target: owner },
      {
        kind: 'notification',
        ref: 'group:default/apps',
        target: 'group:default/apps',
        // Also those that were told before.
        touched: { theirs, others: 2 },
      },
    ]);
  });

  it('is told at once to all who follow the dataset, and to no owner where it is gathered for them', () => {
    const receivers = receiversOf({
      kinds: ['notification', 'followers'],
      announcement: 'succeeded',
      datasetRef: flights,
      owner,
      followed: true,
      gathered: true,
      consumers: [consumer('board', { owner: 'group:default/apps' })],
      hears: () => true,
    });
    expect(receivers).toEqual([
      { kind: 'followers', ref: flights, target: 'followers' },
    ]);
  });

  it('is told by callbacks to addresses that hear of it', () => {
    const receivers = receiversOf({
      kinds: ['webhook', 'chat'],
      announcement: 'starting',
      datasetRef: flights,
      consumers: ['old', 'new'].map(name =>
        consumer(name, { webhook: `https://${name}.test/hook` }),
      ),
      hears: address => address.startsWith('https://new.test'),
    });
    expect(receivers.map(({ kind, ref }) => `${kind} ${ref}`)).toEqual([
      'webhook component:default/new',
      `chat ${flights}`,
    ]);
  });

  it('is announced once, however often its jobs come to it', () => {
    const migration = { sequence: 7, timesTold: 3 };
    expect(occurrenceOf('announced', migration)).toBe(0);
    expect(occurrenceOf('starting', migration)).toBe(7);
  });

  it('is told to who comes to stand in the way by numbers that no job has', () => {
    const late = [1, 2, 3].map(timesTold =>
      occurrenceOf('blocked', { sequence: 7, timesTold }, true),
    );
    expect(new Set(late).size).toBe(late.length);
    expect(Math.max(...late)).toBeLessThan(0);
    expect(occurrenceOf('blocked', { sequence: 7, timesTold: 3 })).toBe(7);
  });

  it('is told of what people or the clock say each time, whatever its jobs do meanwhile', () => {
    for (const sequence of [7, 8]) {
      const migration = { sequence, timesTold: 3 };
      expect(occurrenceOf('change-accepted', migration)).toBe(3);
      expect(occurrenceOf('dates-set', migration)).toBe(3);
      expect(occurrenceOf('more-time', migration)).toBe(3);
      expect(occurrenceOf('reminder', migration)).toBe(3);
    }
  });
});

describe('tellsOwner', () => {
  it.each<[AnnouncementKind, boolean]>([
    ['succeeded', true],
    ['blocked', false],
    ['failed', false],
    ['rolled-back', false],
    ['retired', false],
  ])(
    'of a migration that %s, which a campaign gathers: %s',
    (kind, gathers) => {
      expect(tellsOwner(kind)).toBe(true);
      expect(mayBeGathered(kind)).toBe(gathers);
    },
  );

  it.each<AnnouncementKind>([
    'announced',
    'starting',
    'cancelled',
    'retiring',
    'dates-set',
    'reminder',
  ])('of no migration that it is %s', kind => {
    expect(tellsOwner(kind)).toBe(false);
  });

  it('that somebody asks for more time, or accepted a change', () => {
    expect(tellsOwner('more-time')).toBe(true);
    expect(tellsOwner('change-accepted')).toBe(true);
  });
});
