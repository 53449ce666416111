import { join } from 'node:path';
import {
  DatasetMigrationsApi,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { resolveDataset } from '@skein/backstage-plugin-dataset-migrations-backend-module-duckdb';
import { Client } from 'pg';
import { eventually } from '../lib/eventually';
import { sourceFile } from '../demo-world/source-data.mjs';
import { Explained } from '../lib/say.mjs';
import { compareFlights } from './compareFlights';
import { count, followMigration } from './followMigration';
import { Screen } from './Screen';
import { DemoRun } from './startDemoRun';

const FLIGHTS = 'resource:default/flights';
const FLIGHTS_TABLE = 'resource:default/flights-table';
const ZIPCODES = 'resource:default/zipcodes';
const DATASETS = [FLIGHTS, FLIGHTS_TABLE, ZIPCODES];

/**
 * Signs in as a demo user, as soon as the catalog knows that user and the
 * datasets.
 */
export function signInAs(
  run: DemoRun,
  userRef: string,
): Promise<DatasetMigrationsApi> {
  return eventually('the catalog knows the demo world', async () => {
    const api = await run.clientOf(userRef);
    const { items } = await api.listDatasets({ limit: 100 });
    const known = new Set(items.map(({ entityRef }) => entityRef));
    return DATASETS.every(ref => known.has(ref)) && api;
  });
}

/** Three million flights in Parquet become version 2.0.0. */
export async function migrateFlights(
  run: DemoRun,
  api: DatasetMigrationsApi,
  screen: Screen,
): Promise<void> {
  const migration = await migrate(api, screen, FLIGHTS, '2.0.0');
  requireSuccess(migration);
  printVerification(migration, screen);

  const published = await resolveDataset(join(run.filesRoot, 'flights'));
  const { rows, missing, tooMuch } = await compareFlights(
    sourceFile('flights-3m.parquet'),
    published.files,
  );
  screen.line(
    `  read back  ${count(rows)} rows of ${published.version} from ${
      published.files.length
    } files, row for row against the original: ${missing} missing, ${tooMuch} too much`,
  );
  if (published.version !== '2.0.0' || rows === 0 || missing || tooMuch) {
    throw new Explained('what was published is not what should have been.');
  }
  await printCallbacks(run, api, migration, screen);
}

/** A table gets a field with a constant default, which copies nothing. */
export async function migrateZipcodes(
  run: DemoRun,
  api: DatasetMigrationsApi,
  screen: Screen,
): Promise<void> {
  const migration = await migrate(api, screen, ZIPCODES, '1.1.0');
  requireSuccess(migration);
  printVerification(migration, screen);

  const client = new Client({ connectionString: run.warehouse });
  await client.connect();
  const { rows } = await client
    .query('SELECT country, count(*)::int AS rows FROM zipcodes GROUP BY 1')
    .finally(() => client.end());
  screen.line(
    `  read back  ${rows
      .map(row => `${count(row.rows)} rows with country '${row.country}'`)
      .join(', ')}`,
  );
  if (rows.length !== 1 || rows[0].country !== 'US') {
    throw new Explained('what is in the table is not what should be.');
  }
}

/** A table whose consumers would break is left as it is. */
export async function showBlocked(
  api: DatasetMigrationsApi,
  screen: Screen,
): Promise<void> {
  const migration = await migrate(api, screen, FLIGHTS_TABLE, '2.0.0');
  if (migration.state !== 'blocked') {
    throw new Explained(
      `${FLIGHTS_TABLE} should be blocked and is ${migration.state}.`,
    );
  }
  screen.line('  blocked by');
  for (const { consumer, blocking, reasons } of migration.consumers) {
    if (blocking) {
      screen.line(`    ${consumer.entityRef}: ${reasons.join('; ')}`);
    }
  }
  screen.line(
    '  It would go on by itself once they are ready, or publish the new version beside the old one.',
  );
  await api.cancelMigration(migration.id);
}

async function migrate(
  api: DatasetMigrationsApi,
  screen: Screen,
  datasetRef: string,
  targetVersion: string,
): Promise<Migration> {
  const policy = 'switch';
  const plan = await api.plan(datasetRef, { targetVersion, policy });
  screen.line();
  screen.line(`${datasetRef}  ${plan.fromVersion} -> ${plan.toVersion}`);
  for (const { from, to, effect, summary } of plan.changes) {
    screen.line(
      `  ${(from ?? to ?? 'dataset').padEnd(14)} ${summary} (${effect})`,
    );
  }
  const { engine, strategy, rows } = plan.enginePlan;
  screen.line(
    `  ${engine}, ${strategy}${
      rows === undefined ? '' : `, ${count(rows)} rows`
    }; ${plan.consumers.length} consumers, ${plan.blockingCount} would break`,
  );
  screen.line();
  const { id } = await api.startMigration({
    datasetRef,
    targetVersion,
    policy,
  });
  return followMigration(api, id, screen);
}

function requireSuccess({ state, error, datasetRef }: Migration): void {
  if (state !== 'succeeded') {
    throw new Explained(
      `the migration of ${datasetRef} ended ${state}${
        error ? `: ${error.message}` : ''
      }`,
    );
  }
}

function printVerification(
  { enginePlan, verification: report }: Migration,
  screen: Screen,
): void {
  if (!report?.ok) {
    throw new Explained('the migration succeeded without being verified.');
  }
  // Where no row is copied, the engine checks what it altered on some of them.
  const some = enginePlan?.strategy === 'metadata-only' ? ' looked at' : '';
  const rules = report.contractChecks.length;
  screen.line(
    `  verified   ${count(report.sourceRows)} = ${count(
      report.targetRows,
    )} rows${some}, ${
      report.columns.length
    } columns, ${rules} rules of the contract`,
  );
  screen.line(`  checksums  ${report.sourceChecksum} source through mapping`);
  screen.line(`             ${report.targetChecksum} target`);
}

/** Waits for the consumers' callbacks and prints them. */
async function printCallbacks(
  run: DemoRun,
  api: DatasetMigrationsApi,
  { id }: Migration,
  screen: Screen,
): Promise<void> {
  const deliveries = await eventually(
    'the consumers are called back',
    async () => {
      const { items } = await api.listDeliveries({ migrationId: id });
      const over = items.every(({ state }) => state !== 'pending');
      return items.length > 0 && over && items;
    },
  );
  for (const { state, consumerRef, lastError } of deliveries) {
    if (state === 'dead') {
      throw new Explained(
        `${consumerRef} could not be called back: ${lastError}`,
      );
    }
  }
  for (const { path, verified, event } of run.callbacks().reverse()) {
    screen.line(
      `  called     ${path} ${event?.type ?? ''} ${
        verified ? '(signature right)' : '(signature wrong)'
      }`,
    );
  }
  if (run.callbacks().some(({ verified }) => !verified)) {
    throw new Explained('a callback had a wrong signature.');
  }
}
