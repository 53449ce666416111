import { setTimeout as delay } from 'node:timers/promises';
import {
  DatasetMigrationsApi,
  Migration,
  MigrationState,
  StageRecord,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Screen } from './Screen';

const MOVING: readonly MigrationState[] = ['queued', 'running', 'cancelling'];

/**
 * Prints the stages of a migration while they run.
 *
 * @returns the migration when it does not move by itself any more
 */
export async function followMigration(
  api: DatasetMigrationsApi,
  id: string,
  screen: Screen,
): Promise<Migration> {
  const printed = new Set<string>();
  for (;;) {
    const migration = await api.getMigration(id);
    for (const record of migration.stages) {
      if (record.finishedAt && !printed.has(record.stage)) {
        printed.add(record.stage);
        screen.line(describeStage(record, migration));
      }
    }
    const running = migration.stages.find(({ state }) => state === 'running');
    if (running) {
      screen.passing(describeStage(running, migration));
    }
    if (!MOVING.includes(migration.state)) {
      return migration;
    }
    await delay(200);
  }
}

function describeStage(record: StageRecord, migration: Migration): string {
  const { stage, state, startedAt, finishedAt } = record;
  const seconds =
    startedAt && finishedAt
      ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000
      : undefined;
  const columns = [
    `  ${stage.padEnd(10)}`,
    // The stage at which a migration is blocked waits to be run again.
    (state === 'pending' ? migration.state : state).padEnd(10),
    seconds === undefined ? ''.padEnd(8) : `${seconds.toFixed(1)} s`.padEnd(8),
  ];
  if (stage === 'transform') {
    columns.push(describeTransform(migration, seconds));
  }
  return columns.join(' ').trimEnd();
}

/** @param seconds - that the stage took, if it is over */
function describeTransform(
  { enginePlan, progress }: Migration,
  seconds: number | undefined,
): string {
  if (enginePlan?.strategy === 'metadata-only') {
    return 'metadata only, no row is copied';
  }
  if (!progress) {
    return '';
  }
  const { rowsDone, rowsTotal, rowsPerSecond, secondsLeft } = progress;
  const of = rowsTotal === undefined ? '' : ` of ${count(rowsTotal)}`;
  const rate = seconds ? rowsDone / seconds : rowsPerSecond;
  return [
    `${count(rowsDone)}${of} rows`,
    ...(rate ? [`${count(rate)} rows/s`] : []),
    ...(seconds === undefined && secondsLeft
      ? [`${Math.ceil(secondsLeft)} s left`]
      : []),
  ].join(', ');
}

export function count(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}
