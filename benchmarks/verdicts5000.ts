import { performance } from 'node:perf_hooks';
import { eventually } from '../scripts/lib/eventually';
import { FLIGHTS, startFlightsWorld } from './flightsWorld';
import { flightsTable } from './lib/flightsTable';
import { quantile } from './lib/measure';
import { Benchmark } from './types';

const CONSUMERS = 5_000;
const CALLS = 100;
/** Before any is counted. */
const WARM = 10;
/** How long the catalog may take to read them all. */
const PATIENCE_SECONDS = 1800;

/**
 * How long the API takes to judge the 5,000 consumers of a dataset and to answer
 * with all verdicts, one call after the other, to the last byte; the slowest but
 * one in twenty. Every tenth breaks, and none of them names the same fields as the
 * one before.
 */
export const verdicts5000: Benchmark = {
  figures: ['verdicts-5000-p95-ms'],
  async run({ dir, connectionString, log }) {
    const table = await flightsTable(connectionString, {
      database: 'bench_verdicts',
      rows: 1_000,
    });
    const world = await startFlightsWorld(dir, table.subject, {
      consumers: Array.from({ length: CONSUMERS }, (_, index) => ({
        dataset: FLIGHTS,
        version: index % 10 === 0 ? '^1.0.0' : '>=1.0.0',
        fields: [
          index % 10 === 0 ? 'delay' : 'seats',
          ...(index % 2 === 0 ? ['origin'] : ['destination', 'date']),
        ],
      })),
    });
    const milliseconds: number[] = [];
    try {
      const { client } = world;
      await eventually(
        'the read model has all consumers',
        async () =>
          (await client.getDataset(FLIGHTS)).consumerCount === CONSUMERS,
        PATIENCE_SECONDS,
      );
      for (let call = 0; call < WARM + CALLS; call++) {
        const begun = performance.now();
        const { items, counts } = await client.getConsumers(FLIGHTS);
        if (call >= WARM) milliseconds.push(performance.now() - begun);
        if (items.length !== CONSUMERS || counts.breaks !== CONSUMERS / 10) {
          throw new Error(`the verdicts are ${JSON.stringify(counts)}`);
        }
      }
    } finally {
      await world.stop();
    }
    await table.drop();
    const p95 = quantile(milliseconds, 0.95);
    log(
      `verdicts of ${CONSUMERS} consumers: p50 ${quantile(
        milliseconds,
        0.5,
      ).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
    );
    return [
      {
        name: 'verdicts-5000-p95-ms',
        value: p95,
        unit: 'ms',
        target: 500,
        lowerIsBetter: true,
      },
    ];
  },
};
