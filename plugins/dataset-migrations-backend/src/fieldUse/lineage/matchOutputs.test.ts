import { flights, flightsTable } from '../__testUtils__/flights';
import { matchOutputs } from './matchOutputs';
import { readRunEvent } from './readRunEvent';

const NOW = new Date('2026-11-29T12:00:00Z');
const delays = 'resource:default/delays';

const delaysTable = flightsTable({
  datasetRef: delays,
  names: ['public', 'delays'],
  fields: new Map(['late', 'airport', 'home'].map(name => [name, [name]])),
  nested: new Map([['home.city', 'home.city']]),
});

const input = (field: string, transformations?: unknown) => ({
  namespace: 'x',
  name: 'wh.public.flights',
  field,
  ...(transformations === undefined ? {} : { transformations }),
});

const step = (type: string, subtype?: string, more: object = {}) => ({
  type,
  ...(subtype && { subtype }),
  ...more,
});

function match(
  fields: Record<string, unknown[]>,
  options: { name?: string; written?: (typeof delaysTable)[] } = {},
) {
  const { name = 'wh.public.delays', written = [delaysTable] } = options;
  const event = {
    eventType: 'COMPLETE',
    eventTime: '2026-11-29T11:00:00.000Z',
    run: { runId: 'r' },
    job: { namespace: 'airflow', name: 'etl' },
    inputs: [],
    outputs: [
      {
        namespace: 'x',
        name,
        facets: {
          columnLineage: {
            fields: Object.fromEntries(
              Object.entries(fields).map(([column, inputFields]) => [
                column,
                { inputFields },
              ]),
            ),
            dataset: [input('cancelled')],
          },
        },
      },
    ],
  };
  return matchOutputs(readRunEvent(event, NOW), {
    written,
    read: [flightsTable()],
  });
}

const flow = (field: string, to: string) => ({
  from: { datasetRef: flights, field },
  to,
});

describe('what a run wrote', () => {
  it('are the fields of datasets, each with those that it is made of', () => {
    expect(
      match({
        LATE: [input('DELAY')],
        airport: [input('origin'), input('dest')],
        'home.city': [input('address.city')],
        constant: [],
        other: [input('distance')],
      }),
    ).toEqual({
      outputs: [
        {
          datasetRef: delays,
          told: ['airport', 'home.city', 'late'],
          flows: [
            flow('address.city', 'home.city'),
            flow('delay', 'late'),
            flow('dest', 'airport'),
            flow('origin', 'airport'),
          ],
        },
      ],
      ignored: [],
    });
  });

  it('counts a field that is made of nothing as told', () => {
    expect(match({ late: [] }).outputs).toEqual([
      { datasetRef: delays, told: ['late'], flows: [] },
    ]);
  });

  it.each([
    ['identity', [step('DIRECT', 'IDENTITY')], flow('delay', 'late')],
    ['nothing that it says', [], flow('delay', 'late')],
    [
      'a sum',
      [step('DIRECT', 'AGGREGATION')],
      { ...flow('delay', 'late'), computed: true },
    ],
    [
      'a mask',
      [step('DIRECT', 'IDENTITY', { masking: true })],
      { ...flow('delay', 'late'), computed: true },
    ],
    [
      'a value, and what it is sorted by',
      [step('DIRECT', 'TRANSFORMATION'), step('INDIRECT', 'SORT')],
      { ...flow('delay', 'late'), computed: true },
    ],
    [
      'itself and a computed one',
      [step('DIRECT', 'TRANSFORMATION'), step('DIRECT', 'IDENTITY')],
      flow('delay', 'late'),
    ],
    ['a filter alone', [step('INDIRECT', 'FILTER')], undefined],
  ])('tells what is taken over from %s', (_what, transformations, expected) => {
    expect(
      match({ late: [input('delay', transformations)] }).outputs[0].flows,
    ).toEqual(expected ? [expected] : []);
  });

  it('is as it is where it is so anywhere', () => {
    const computed = [step('DIRECT', 'AGGREGATION')];
    expect(
      match({ late: [input('delay', computed), input('delay')] }).outputs[0]
        .flows,
    ).toEqual([flow('delay', 'late')]);
  });

  it('says what is none of the datasets, where there are some', () => {
    const name = 'wh.public.scratch';
    expect(match({ a: [input('delay')] }, { name })).toEqual({
      outputs: [],
      ignored: [
        'wh.public.scratch is none of the datasets that depend on it, or on what it reads',
      ],
    });
    expect(match({ a: [] }, { name, written: [] }).ignored).toEqual([]);
  });

  it('G10: is refused where it is too much', () => {
    const written = Array.from({ length: 101 }, (_, index) => ({
      ...delaysTable,
      datasetRef: `resource:default/d${index}`,
    }));
    const inputs = Array.from({ length: 1_000 }, () => input('delay'));
    expect(() => match({ late: inputs }, { written })).toThrow(
      'The event names more than 100000 pairs of fields',
    );
    expect(
      match({ late: inputs }, { written: written.slice(1) }).outputs,
    ).toHaveLength(100);
  });

  it.each<[unknown, string]>([
    ['x', 'inputFields[0].transformations must be a list, not "x"'],
    [[7], 'inputFields[0].transformations[0] must be an object, not 7'],
  ])('G10: refuses transformations %j', (transformations, message) => {
    expect(() => match({ late: [input('delay', transformations)] })).toThrow(
      message,
    );
  });
});
