import { CampaignDraft, emptyDraft } from './draft';
import { toRequest } from './toRequest';

const of = (changes: Partial<CampaignDraft>) =>
  toRequest({ ...emptyDraft, title: 'Cents', ...changes });

describe('the request of a draft', () => {
  it('says what the form shows when nothing but the title is filled in', () => {
    expect(of({})).toEqual({
      errors: {},
      request: {
        title: 'Cents',
        selection: { query: { status: 'upgradable' } },
        policy: 'switch',
        limits: { batchSize: 100, maxInFlight: 1000 },
        stop: { failureRate: 0.1 },
        autoStart: false,
      },
    });
  });

  it('has a range only where one is asked for', () => {
    expect(of({ range: '2.x' }).request.targetVersion).toBeUndefined();
    expect(of({ target: 'range', range: ' 2.x ' }).request.targetVersion).toBe(
      '2.x',
    );
    expect(of({ target: 'range' }).errors).toHaveProperty('range');
  });

  it('takes pasted refs and names, each once', () => {
    const { request, errors } = of({
      selection: 'list',
      list: 'flights, Resource:default/flights\n\n resource:ops/zipcodes;',
    });
    expect(errors).toEqual({});
    expect(request.selection).toEqual({
      datasets: ['resource:default/flights', 'resource:ops/zipcodes'],
    });
  });

  it('names what is no ref', () => {
    expect(of({ selection: 'list', list: 'a:b:c d' }).errors.list).toBe(
      'No entity ref: a:b:c.',
    );
    expect(of({ selection: 'list', list: ' \n' }).errors.list).toBe(
      'Name at least one dataset.',
    );
  });

  it('takes the rows of a catalog filter, and leaves out empty ones', () => {
    const { request, errors } = of({
      selection: 'filter',
      filter: [
        { key: 'spec.system', values: 'shops, payments,' },
        { key: '', values: ' ' },
      ],
    });
    expect(errors).toEqual({});
    expect(request.selection).toEqual({
      filter: { 'spec.system': ['shops', 'payments'] },
    });
  });

  it.each([
    [[{ key: '', values: '' }], 'filter.0.key'],
    [[{ key: '', values: 'shops' }], 'filter.0.key'],
    [[{ key: 'spec.system', values: '' }], 'filter.0.values'],
    [
      [
        { key: 'spec.system', values: 'a' },
        { key: 'spec.system', values: 'b' },
      ],
      'filter.1.key',
    ],
  ])('a catalog filter of %j is wrong at %s', (filter, field) => {
    expect(Object.keys(of({ selection: 'filter', filter }).errors)).toContain(
      field,
    );
  });

  it('has waves only where they are wanted', () => {
    expect(of({ canary: 'many' })).toMatchObject({ errors: {} });
    expect(of({ inWaves: true, shares: '10, 50 100%' }).request.waves).toEqual({
      canary: 10,
      shares: [0.1, 0.5, 1],
      maxFailureRate: 0.02,
    });
  });

  it.each(['50, 10, 100', '10, 50', '10, 10, 100', '0, 100', '', 'half'])(
    'shares of %p are refused',
    shares => {
      expect(of({ inWaves: true, shares }).errors).toHaveProperty('shares');
    },
  );

  it.each([
    ['batchSize', '0'],
    ['batchSize', ''],
    ['maxInFlight', '1.5'],
    ['startsPerMinute', '-3'],
    ['stopFailures', 'ten'],
    ['stopFailureRate', '101'],
    ['stopFailureRate', 'x'],
    ['timeoutMinutes', '1e3'],
  ] as const)('%s of %p is refused', (field, value) => {
    expect(Object.keys(of({ [field]: value }).errors)).toEqual([field]);
  });

  it('leaves rules out that are left empty', () => {
    expect(of({ stopFailureRate: '' }).request.stop).toBeUndefined();
  });

  it('checks the times and the zone of windows', () => {
    const window = {
      days: ['mon' as const],
      from: '22:00',
      to: '05:00',
      timeZone: 'Europe/Berlin',
    };
    expect(of({ windows: [window] }).request.windows).toEqual([window]);
    expect(
      of({ windows: [{ ...window, days: [] }] }).request.windows![0].days,
    ).toBeUndefined();
    expect(
      Object.keys(
        of({ windows: [window, { ...window, to: '', timeZone: '' }] }).errors,
      ),
    ).toEqual(['windows.1.to', 'windows.1.timeZone']);
  });
});
