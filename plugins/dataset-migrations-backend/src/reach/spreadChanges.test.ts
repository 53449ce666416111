import { Change } from '@skein/backstage-plugin-dataset-migrations-common';
import { describeReached } from './describeReached';
import {
  component,
  dataset,
  dropped,
  flights,
  flow,
  graphOf,
  reachOf,
  reads,
  renamed,
  retyped,
  run,
} from './__testUtils__/graphs';

const etl = component('etl');
const delays = dataset('delays');
const yearly = dataset('yearly');

/** The job of `etl` makes the delays of the flights. */
function delaysOf(
  changes: Change[],
  options: {
    fields?: string[];
    runs?: ReturnType<typeof run>[];
    etlReads?: string[];
  } = {},
) {
  const { fields = ['late', 'airport'], runs = [], etlReads } = options;
  const graph = graphOf({
    changes,
    datasets: { [delays]: { dependsOn: [etl], fields } },
    consumers: { [flights]: [reads(etl, etlReads)] },
    runs,
  });
  const { changes: contracts, spreads } = reachOf(graph);
  const described = describeReached(
    graph.datasets.get(delays)!,
    spreads.get(delays)!,
    { startRef: flights, sees: () => true },
  );
  return { changes: contracts[delays], reasons: described.reasons, described };
}

const told = (late = 'delay') =>
  run(
    etl,
    delays,
    ['late', 'airport'],
    [flow(late, 'late'), flow('origin', 'airport')],
  );

describe('whether the contract of a dataset changes', () => {
  it('is not known from the catalog alone', () => {
    expect(delaysOf([retyped])).toMatchObject({
      changes: 'unknown',
      reasons: [
        'component:default/etl makes it and reads resource:default/flights, and no run told which of its fields it is made of',
      ],
    });
  });

  it('is no where nothing grave changes', () => {
    const added: Change = {
      kind: 'field-added',
      to: 'gate',
      effect: 'compatible',
      summary: 'added as text',
    };
    expect(delaysOf([added]).changes).toBe('no');
  });

  it('is no where who makes it reads nothing that changes', () => {
    expect(delaysOf([retyped], { etlReads: ['origin'] })).toMatchObject({
      changes: 'no',
      reasons: [
        'component:default/etl makes it and reads resource:default/flights, but of what changes nothing comes to it that way',
      ],
    });
    expect(delaysOf([retyped], { etlReads: ['delay'] }).changes).toBe(
      'unknown',
    );
  });

  it('is yes where a field that changes goes into it, naming both', () => {
    expect(delaysOf([retyped], { runs: [told()] })).toMatchObject({
      changes: 'yes',
      reasons: [
        '`late` is made of `delay` of resource:default/flights: changed from int to text',
      ],
      described: {
        fields: [
          {
            field: 'late',
            from: { datasetRef: flights, field: 'delay' },
            origin: 'delay',
            summary: 'changed from int to text',
            effect: 'breaking',
            certain: true,
          },
        ],
      },
    });
  });

  it('is no where runs told of every field, and none takes over what changes', () => {
    expect(delaysOf([retyped], { runs: [told('distance')] })).toMatchObject({
      changes: 'no',
      reasons: [
        'component:default/etl makes it and reads resource:default/flights; runs told what each of its fields is made of, and none takes over what changes',
      ],
    });
  });

  it('is no where an alias ends a rename, and yes where the name goes on', () => {
    expect(delaysOf([renamed], { runs: [told()] }).changes).toBe('no');
    const plain = run(etl, delays, ['delay'], [flow('delay', 'delay')]);
    expect(
      delaysOf([renamed], { fields: ['delay'], runs: [plain] }).changes,
    ).toBe('yes');
    expect(delaysOf([dropped], { runs: [told()] }).changes).toBe('yes');
  });

  it('is not known where the field is computed', () => {
    const computed = run(
      etl,
      delays,
      ['late', 'airport'],
      [flow('delay', 'late', { computed: true }), flow('origin', 'airport')],
    );
    expect(delaysOf([retyped], { runs: [computed] })).toMatchObject({
      changes: 'unknown',
      reasons: [
        '`late` is computed of `delay` of resource:default/flights: changed from int to text; whether it changes, too, is not known',
      ],
    });
  });

  it('is not known where a run told of some fields, or there is no contract', () => {
    const half = run(etl, delays, ['airport'], [flow('origin', 'airport')]);
    expect(delaysOf([retyped], { runs: [half] })).toMatchObject({
      changes: 'unknown',
      reasons: [
        'the last run of airflow/component:default/etl did not tell what `late` is made of',
      ],
    });
    // Each job writes whole rows, for all that is known.
    const second = { ...told('distance'), job: 'airflow/other' };
    expect(delaysOf([retyped], { runs: [half, second] }).changes).toBe(
      'unknown',
    );
    const graph = graphOf({
      changes: [retyped],
      datasets: { [delays]: { dependsOn: [etl] } },
      consumers: { [flights]: [reads(etl)] },
      runs: [told()],
    });
    expect(reachOf(graph).changes[delays]).toBe('unknown');
  });

  it('does not mind fields that its contract does not have', () => {
    const run1 = run(
      etl,
      delays,
      ['airport', 'late'],
      [flow('delay', 'late'), flow('origin', 'airport')],
    );
    expect(
      delaysOf([retyped], { fields: ['airport'], runs: [run1] }).changes,
    ).toBe('no');
  });

  it('is not known where a promise of the whole changes, or there is no plan', () => {
    const slower: Change = {
      kind: 'service-level-changed',
      effect: 'risky',
      summary: 'promises latency 2 d instead of 1 d',
    };
    expect(
      delaysOf([slower], { runs: [told()], etlReads: ['origin'] }),
    ).toMatchObject({
      changes: 'unknown',
      reasons: [
        'of resource:default/flights: promises latency 2 d instead of 1 d; whether it promises anything because of that is not known',
      ],
    });
    const graph = graphOf({
      changes: [],
      unplanned: 'There is no plan for 2.0.0',
      datasets: { [delays]: { dependsOn: [etl], fields: ['late'] } },
      consumers: { [flights]: [reads(etl, ['origin'])] },
    });
    expect(reachOf(graph).changes[delays]).toBe('unknown');
  });

  it('ends where a dataset moves or is called otherwise', () => {
    const moved: Change = {
      kind: 'location-changed',
      effect: 'breaking',
      summary: 'path is other',
    };
    expect(delaysOf([moved]).changes).toBe('no');
  });

  it('ends where only the contract calls a column otherwise', () => {
    const inContract: Change = {
      kind: 'field-renamed',
      rule: 'logical-name-changed',
      from: 'delay',
      to: 'late',
      effect: 'risky',
      summary: 'renamed to `late` in the contract',
    };
    expect(delaysOf([inContract]).changes).toBe('no');
    expect(
      delaysOf([{ ...inContract, rule: 'field-renamed' }]).changes,
    ).not.toBe('no');
  });

  it('counts that it depends on the dataset itself, where nobody makes it', () => {
    const derived = (consumers: Parameters<typeof graphOf>[0]['consumers']) =>
      reachOf(
        graphOf({
          changes: [retyped],
          datasets: {
            [delays]: { dependsOn: [flights, etl], fields: ['late'] },
          },
          consumers,
        }),
      ).changes[delays];
    expect(derived({ [flights]: [] })).toBe('unknown');
    expect(derived({ [flights]: [reads(delays)] })).toBe('unknown');
    expect(derived({ [flights]: [reads(delays, ['origin'])] })).toBe('no');
    // What is between them says more.
    expect(
      derived({ [flights]: [reads(delays), reads(etl, ['origin'])] }),
    ).toBe('no');
  });

  describe('through several', () => {
    const report = component('report');
    const below = (delaysRun: ReturnType<typeof run>[]) => {
      const graph = graphOf({
        changes: [retyped],
        datasets: {
          [delays]: { dependsOn: [etl], fields: ['late', 'airport'] },
          [yearly]: { dependsOn: [report], fields: ['worst', 'where'] },
        },
        consumers: {
          [flights]: [reads(etl)],
          [delays]: [reads(report)],
        },
        runs: [
          ...delaysRun,
          run(
            report,
            yearly,
            ['worst', 'where'],
            [
              flow('late', 'worst', { of: delays }),
              flow('airport', 'where', { of: delays }),
            ],
          ),
        ],
      });
      const { spreads, ...reach } = reachOf(graph);
      return {
        ...reach,
        reasons:
          spreads.has(yearly) &&
          describeReached(graph.datasets.get(yearly)!, spreads.get(yearly)!, {
            startRef: flights,
            sees: ref => ref !== delays,
          }).reasons,
      };
    };

    it('goes on by the fields that change, and names nobody who is hidden', () => {
      const { changes, waves, reasons } = below([told()]);
      expect(changes).toEqual({ [delays]: 'yes', [yearly]: 'yes' });
      expect(waves.datasets.get(yearly)).toBe(2);
      expect(waves.consumers).toEqual(
        new Map([
          [etl, 1],
          [report, 2],
        ]),
      );
      expect(reasons).toEqual([
        '`worst` is made of a field of a dataset that you may not read, which follows `delay` of resource:default/flights: changed from int to text',
      ]);
    });

    it('is not known behind one of which it is not known', () => {
      const { changes } = below([]);
      expect(changes).toEqual({ [delays]: 'unknown', [yearly]: 'unknown' });
    });

    it('ends with a dataset that does not change', () => {
      const { changes, waves } = below([told('distance')]);
      expect(changes).toEqual({ [delays]: 'no' });
      expect(waves.consumers).toEqual(new Map([[etl, 1]]));
    });
  });

  it('comes to one near by from one further away', () => {
    const graph = graphOf({
      changes: [retyped],
      datasets: {
        [yearly]: { dependsOn: [etl], fields: ['worst'] },
        [delays]: { dependsOn: [component('other')], fields: ['late'] },
      },
      consumers: {
        [flights]: [reads(etl, ['origin']), reads(component('other'))],
        [delays]: [reads(etl)],
      },
      runs: [
        run(component('other'), delays, ['late'], [flow('delay', 'late')]),
        run(etl, yearly, ['worst'], [flow('late', 'worst', { of: delays })]),
      ],
    });
    const { changes, waves } = reachOf(graph);
    expect(changes).toEqual({ [yearly]: 'yes', [delays]: 'yes' });
    expect(waves.datasets.get(yearly)).toBe(1);
  });
});
