import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetMigrationsClient } from '@skein/backstage-plugin-dataset-migrations-common';
import pg from 'pg';
import { inState } from '../e2e-tests/lib/inState';
import { eventually } from '../scripts/lib/eventually';
import { FLIGHTS, startFlightsWorld } from './flightsWorld';
import { flightsTable } from './lib/flightsTable';
import { median, secondsOf } from './lib/measure';
import { Subject } from './lib/migrate';
import { BenchContext, Benchmark } from './types';

const RUNS = 5;
const SIZES = [1_000_000, 10_000_000];
const TARGET = '2.0.0';

/**
 * A rename and a new column with a constant default, through the whole
 * pipeline: from the request to the portal's API until the migration has
 * succeeded, by a worker beside the portal that has nothing else to do, on one
 * and on ten million rows. The worse of the two medians.
 *
 * How long the table is locked is seen from outside: in runs of their own an
 * application reads one row by its key, statement after statement, and the
 * figure is the longest that one of its statements took, again the worse of the
 * two medians. That is no less than the lock was held: it has the wait in line
 * before it and what the machine was busy with besides.
 */
export const metadataOnly: Benchmark = {
  figures: ['metadata-only-s', 'metadata-only-lock-ms'],
  async run(context) {
    const measured = [];
    for (const rows of SIZES) measured.push(await measure(context, rows));
    return [
      {
        name: 'metadata-only-s',
        value: Math.max(...measured.map(({ seconds }) => seconds)),
        unit: 's',
        target: 1,
        lowerIsBetter: true,
      },
      {
        name: 'metadata-only-lock-ms',
        value: Math.max(...measured.map(({ longestReadMs }) => longestReadMs)),
        unit: 'ms',
        target: 50,
        lowerIsBetter: true,
      },
    ];
  },
};

async function measure(
  { dir, connectionString, log }: BenchContext,
  rows: number,
) {
  const table = await flightsTable(connectionString, {
    database: `bench_metadata_${rows}`,
    rows,
  });
  const folder = join(dir, String(rows));
  mkdirSync(folder);
  const world = await startFlightsWorld(folder, renamedAndAdded(table.subject));
  const seconds: number[] = [];
  const reads: number[] = [];
  try {
    // The first run warms up.
    for (let run = 0; run <= RUNS; run++) {
      const alone = await forward(world.client);
      await back(world.client, alone.id);
      const read = await longestRead(table.client, rows, () =>
        forward(world.client),
      );
      await back(world.client, read.result.id);
      if (run > 0) {
        seconds.push(alone.seconds);
        reads.push(read.longestMs);
      }
    }
  } finally {
    await world.stop();
  }
  await table.drop();
  const measured = {
    seconds: median(seconds),
    longestReadMs: median(reads),
  };
  log(
    `${rows} rows: ${measured.seconds.toFixed(
      2,
    )} s from the request to the end, longest reads ${reads
      .map(each => each.toFixed(1))
      .join(', ')} ms`,
  );
  return measured;
}

/** The same table, whose new version takes no copy. */
function renamedAndAdded(subject: TableSubject): Subject {
  const { from } = subject;
  const [schema] = from.schema;
  const to = {
    ...from,
    version: TARGET,
    status: 'proposed',
    schema: [
      {
        ...schema,
        properties: [
          ...schema.properties.map(property =>
            property.name === 'delay'
              ? { ...property, name: 'arrival_delay' }
              : property,
          ),
          {
            id: 'source',
            name: 'source',
            logicalType: 'string',
            physicalType: 'VARCHAR',
            required: true,
          },
        ],
      },
    ],
  };
  return {
    ...subject,
    to,
    steps: [
      {
        agent: 'rename-field',
        payload: { from: 'delay', to: 'arrival_delay' },
      },
      {
        agent: 'add-field',
        payload: { field: 'source', default: 'schedule' },
      },
    ],
  };
}

type TableSubject = Awaited<ReturnType<typeof flightsTable>>['subject'];

/** Migrates; seconds by the clock of this machine, on which the portal runs. */
async function forward(client: DatasetMigrationsClient) {
  await eventually('the flights can be migrated', async () => {
    const { nextVersion } = await client.getDataset(FLIGHTS);
    return nextVersion === TARGET;
  });
  const requested = Date.now();
  const { id } = await client.startMigration({
    datasetRef: FLIGHTS,
    targetVersion: TARGET,
  });
  const { enginePlan, finishedAt } = await inState(client, id, 'succeeded');
  if (enginePlan?.strategy !== 'metadata-only') {
    throw new Error(`the plan was ${enginePlan?.strategy}, not metadata-only`);
  }
  return { id, seconds: (Date.parse(finishedAt!) - requested) / 1000 };
}

async function back(client: DatasetMigrationsClient, id: string) {
  await client.rollbackMigration(id);
  await inState(client, id, 'rolled-back');
}

/** Reads a row by its key without a pause while `work` goes on. */
async function longestRead<T>(
  client: pg.Client,
  rows: number,
  work: () => Promise<T>,
): Promise<{ result: T; longestMs: number }> {
  let over = false;
  let longest = 0;
  const reading = async () => {
    for (let id = 1; !over; id = (id % rows) + 1) {
      const read = () =>
        client.query('SELECT carrier FROM flights WHERE id = $1', [id]);
      longest = Math.max(longest, await secondsOf(read));
    }
  };
  const [result] = await Promise.all([
    work().finally(() => {
      over = true;
    }),
    reading(),
  ]);
  return { result, longestMs: longest * 1000 };
}
