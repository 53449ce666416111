import { flightsTable, flights } from '../__testUtils__/flights';
import { matchRun } from './matchRun';
import { readRunEvent, runOf } from './readRunEvent';

const NOW = new Date('2026-11-29T12:00:00Z');

function runEvent(changes: Record<string, unknown> = {}) {
  return {
    eventType: 'COMPLETE',
    eventTime: '2026-11-29T11:00:00.000Z',
    producer: 'https://example.com/scheduler',
    run: { runId: '01932e3f-0000-7000-8000-000000000000' },
    job: { namespace: 'airflow', name: 'radar.daily' },
    inputs: [{ namespace: 'postgres://db:5432', name: 'wh.public.flights' }],
    outputs: [output({ late: [input('delay')] })],
    ...changes,
  };
}

function input(field: unknown, name: unknown = 'wh.public.flights') {
  return { namespace: 'postgres://db:5432', name, field };
}

function output(
  fields: Record<string, unknown[]>,
  dataset: unknown[] = [],
): unknown {
  return {
    namespace: 'postgres://db:5432',
    name: 'wh.public.radar',
    facets: {
      columnLineage: {
        fields: Object.fromEntries(
          Object.entries(fields).map(([name, inputFields]) => [
            name,
            { inputFields },
          ]),
        ),
        dataset,
      },
    },
  };
}

function match(event: unknown) {
  const { uses, ignored } = matchRun(readRunEvent(event, NOW), [
    flightsTable(),
  ]);
  return { uses, ignored };
}

describe('run events', () => {
  it('name the fields that outputs are made of, and those of filters and joins', () => {
    const event = runEvent({
      outputs: [
        output({ late: [input('delay')], who: [input('CARRIER')] }, [
          input('origin'),
        ]),
        output({}),
      ],
    });
    expect(readRunEvent(event, NOW)).toMatchObject({
      job: 'airflow/radar.daily',
      eventTime: new Date('2026-11-29T11:00:00Z'),
    });
    expect(match(event)).toEqual({
      uses: [{ datasetRef: flights, fields: ['carrier', 'delay', 'origin'] }],
      ignored: [],
    });
  });

  it('name nested fields by their paths', () => {
    expect(
      match(runEvent({ outputs: [output({ a: [input('address.city')] })] })),
    ).toEqual({
      uses: [{ datasetRef: flights, fields: ['address.city'] }],
      ignored: [],
    });
    // Case is not what tells them apart, and no contract knows the other.
    expect(
      match(
        runEvent({
          outputs: [
            output({ a: [input('Address.CITY'), input('address.x.y')] }),
          ],
        }),
      ).uses,
    ).toEqual([{ datasetRef: flights, fields: ['address', 'address.city'] }]);
  });

  it('count for each dataset that may be meant', () => {
    const tables = [
      flightsTable(),
      flightsTable({ datasetRef: 'resource:default/more', names: ['flights'] }),
      flightsTable({ datasetRef: 'resource:x/other', names: ['x', 'flights'] }),
    ];
    expect(matchRun(readRunEvent(runEvent(), NOW), tables).uses).toEqual([
      { datasetRef: flights, fields: ['delay'] },
      { datasetRef: 'resource:default/more', fields: ['delay'] },
    ]);
  });

  it('are matched once for each name, however many columns there are', () => {
    let asked = 0;
    const tables = Array.from({ length: 500 }, (_, index) => {
      const table = flightsTable({ datasetRef: `resource:default/d${index}` });
      return {
        ...table,
        get names() {
          asked += 1;
          return ['public', `t${index}`];
        },
      };
    });
    const columns = Array.from({ length: 1_000 }, () => input('delay'));
    const event = runEvent({
      outputs: Array.from({ length: 20 }, () => output({ a: columns })),
    });
    const { ignored } = matchRun(readRunEvent(event, NOW), tables);
    expect(asked).toBe(500);
    expect(ignored).toHaveLength(1);
  });

  it('are told apart in the audit, whatever else they are', () => {
    expect(runOf(runEvent())).toEqual({
      job: 'airflow/radar.daily',
      runId: '01932e3f-0000-7000-8000-000000000000',
    });
    for (const body of [undefined, null, 'x', [], { job: 'x', run: 7 }]) {
      expect(runOf(body)).toEqual({});
    }
  });

  it('are told what of them was not taken', () => {
    expect(
      match(
        runEvent({
          inputs: [],
          outputs: [
            output({
              a: [
                input('delay'),
                input('gone'),
                input('x', 'wh.archive.flights'),
              ],
            }),
          ],
        }),
      ),
    ).toEqual({
      uses: [{ datasetRef: flights, fields: ['delay'] }],
      ignored: [
        'wh.public.flights has no field for the column gone',
        'wh.archive.flights is none of the datasets that it is a consumer of',
      ],
    });
  });

  it.each([
    ['a failed run', { eventType: 'FAIL' }, 'its eventType is FAIL'],
    ['no facet', { outputs: [] }, 'no output has a columnLineage facet'],
    ['no outputs', { outputs: null }, 'no output has a columnLineage facet'],
    [
      'a facet of one output alone',
      {
        outputs: [
          output({ a: [input('delay')] }),
          { namespace: 'x', name: 'y' },
        ],
      },
      '1 of 2 outputs have no columnLineage facet',
    ],
    [
      'a facet that was taken back',
      {
        outputs: [
          {
            namespace: 'x',
            name: 'y',
            facets: { columnLineage: { _deleted: true } },
          },
        ],
      },
      'no output has a columnLineage facet',
    ],
  ])('say nothing of columns: %s', (_what, changes, silent) => {
    expect(readRunEvent(runEvent(changes), NOW).silent).toBe(silent);
  });

  it.each([
    ['COMPLETE', 'complete'],
    ['FAIL', 'failed'],
    ['ABORT', 'failed'],
    ['START', undefined],
    ['RUNNING', undefined],
    [undefined, undefined],
  ])('tell by their type whether the run ended: %s', (eventType, outcome) => {
    expect(readRunEvent(runEvent({ eventType }), NOW).outcome).toBe(outcome);
  });

  it('tell of all of their outputs, or not', () => {
    const outputs = [output({ a: [input('delay')] }), output({})];
    const whole = (changes: Record<string, unknown>) =>
      readRunEvent(runEvent(changes), NOW).whole;
    expect(whole({ outputs })).toBe(true);
    expect(whole({ outputs, eventType: 'FAIL' })).toBe(true);
    expect(
      whole({ outputs: [...outputs, { namespace: 'x', name: 'y' }] }),
    ).toBe(false);
    expect(whole({ outputs: [] })).toBe(false);
  });

  it('tell of filters and joins in a list, or as what is indirect, or not at all', () => {
    const told = (columnLineage: unknown) =>
      readRunEvent(
        runEvent({
          outputs: [{ namespace: 'x', name: 'y', facets: { columnLineage } }],
        }),
        NOW,
      ).tellsFilters;
    const of = (...types: string[]) => ({
      fields: {
        a: {
          inputFields: [
            {
              ...input('delay'),
              transformations: types.map(type => ({ type })),
            },
          ],
        },
      },
    });
    expect(told({ ...of(), dataset: [] })).toBe(true);
    expect(told(of('DIRECT', 'INDIRECT'))).toBe(true);
    expect(told(of('DIRECT'))).toBe(false);
    expect(told({ fields: { a: { inputFields: [input('delay')] } } })).toBe(
      false,
    );
    expect(told({})).toBe(false);
  });

  it('are unclear about datasets of which they name columns that nobody knows', () => {
    const unclear = (fields: string[]) =>
      matchRun(
        readRunEvent(
          runEvent({ outputs: [output({ a: fields.map(one => input(one)) })] }),
          NOW,
        ),
        [flightsTable()],
      ).unclear;
    expect(unclear(['delay'])).toEqual([]);
    expect(unclear(['delay', '"Delay"'])).toEqual([flights]);
  });

  it('G6: are unclear about inputs of which they name no column at their end', () => {
    const outputs = [output({ a: [input('x', 'wh.public.other')] })];
    const matched = (eventType: string, changes: object = {}) => {
      const event = runEvent({ eventType, outputs, ...changes });
      return matchRun(readRunEvent(event, NOW), [flightsTable()]);
    };
    expect(matched('COMPLETE')).toMatchObject({
      uses: [{ datasetRef: flights, fields: [] }],
      unclear: [flights],
    });
    expect(matched('FAIL').unclear).toEqual([flights]);
    expect(matched('START').unclear).toEqual([]);
    expect(matched('COMPLETE', { inputs: [] }).unclear).toEqual([]);
  });

  it('G6: are unclear about a dataset of which they name columns of another object alone', () => {
    const tables = [
      flightsTable(),
      flightsTable({ names: ['public', 'airports'] }),
    ];
    const inputs = ['flights', 'airports'].map(name => ({
      namespace: 'x',
      name: `wh.public.${name}`,
    }));
    const event = readRunEvent(runEvent({ inputs }), NOW);
    expect(matchRun(event, tables).unclear).toEqual([flights]);
  });

  it('are of a job and a run whose names the database can tell apart', () => {
    const named = (namespace: string, name: string) => () =>
      readRunEvent(runEvent({ job: { namespace, name } }), NOW);
    // With the 36 characters of the run, and a slash.
    expect(named('x'.repeat(963), 'x'.repeat(1_000))).not.toThrow();
    expect(named('x'.repeat(964), 'x'.repeat(1_000))).toThrow(
      'job and run.runId must have at most 2000 bytes together, not 2001',
    );
    expect(named('a', '\u00e4'.repeat(1_000))).toThrow(
      'not 2038: the job is "a/',
    );
    // It becomes a character of three bytes.
    expect(named('a', '\0'.repeat(1_000))).toThrow('not 3038');
  });

  it.each<[unknown, string]>([
    [undefined, 'the event must be an object, not nothing'],
    [[], 'the event must be an object, not []'],
    ['x', 'the event must be an object, not "x"'],
    [runEvent({ job: 'radar' }), 'job must be an object, not "radar"'],
    [runEvent({ job: { namespace: 'a' } }), 'job.name must be a text'],
    [runEvent({ run: {} }), 'run.runId must be a text'],
    [
      runEvent({ run: { runId: 7 } }),
      'run.runId must be a text of 1 to 1000 characters, not 7',
    ],
    [
      runEvent({ eventTime: 'yesterday' }),
      'eventTime must be a time as 2026-01-31T12:00:00Z, not "yesterday"',
    ],
    [runEvent({ eventTime: 12 }), 'eventTime must be a time'],
    [
      runEvent({ eventTime: '2026-99-99T00:00:00Z' }),
      'eventTime must be a time',
    ],
    [
      runEvent({ eventTime: '2999-01-01T00:00:00Z' }),
      'eventTime "2999-01-01T00:00:00Z" is in the future',
    ],
    [runEvent({ inputs: {} }), 'inputs must be a list, not {}'],
    [
      runEvent({ inputs: [{ name: 'a' }] }),
      'inputs[0].namespace must be a text',
    ],
    [runEvent({ outputs: ['x'] }), 'outputs[0] must be an object, not "x"'],
    [
      runEvent({ outputs: [{ facets: 1 }] }),
      'outputs[0].facets must be an object, not 1',
    ],
    [
      runEvent({ outputs: [{ facets: { columnLineage: [] } }] }),
      'outputs[0].facets.columnLineage must be an object, not []',
    ],
    [
      runEvent({ outputs: [{ facets: { columnLineage: { fields: [] } } }] }),
      'outputs[0].facets.columnLineage.fields must be an object, not []',
    ],
    [
      runEvent({ outputs: [output({ late: [input(7)] })] }),
      'outputs[0].facets.columnLineage.fields["late"].inputFields[0].field must be a text',
    ],
    [
      runEvent({ outputs: [output({ late: ['delay'] })] }),
      'outputs[0].facets.columnLineage.fields["late"].inputFields[0] must be an object, not "delay"',
    ],
    [
      runEvent({ outputs: [output({}, [input('x'.repeat(2_000))])] }),
      'outputs[0].facets.columnLineage.dataset[0].field must be a text',
    ],
    [
      runEvent({ inputs: Array(1_001).fill({ namespace: 'a', name: 'b' }) }),
      'inputs must have at most 1000 items, not 1001',
    ],
    [
      runEvent({
        outputs: Array(30).fill(
          output({ a: Array(1_000).fill(input('delay')) }),
        ),
      }),
      'The event names more than 20000 columns',
    ],
  ])('G10: are refused with path and value: %#', (event, message) => {
    expect(() => readRunEvent(event, NOW)).toThrow(message);
  });
});
