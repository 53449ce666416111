import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { receiversOf, tellsOwner } from './receivers';
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
    ['nobody, where no way is installed', [], owner, [apps], []],
  ])('tells %s', (_whom, kinds, datasetOwner, consumers, expected) => {
    const receivers = receiversOf({
      kinds,
      datasetRef: flights,
      owner: datasetOwner,
      consumers,
    });
    expect(receivers.map(({ kind, ref }) => `${kind} ${ref}`)).toEqual(
      expected,
    );
  });
});

describe('tellsOwner', () => {
  it.each<[AnnouncementKind, boolean]>([
    ['succeeded', false],
    ['blocked', true],
    ['failed', true],
    ['rolled-back', true],
    ['retired', true],
  ])('of a migration that %s, within a campaign: %s', (kind, told) => {
    expect(tellsOwner(kind, { campaignId: 'c1' })).toBe(told);
    expect(tellsOwner(kind, {})).toBe(true);
  });
});
