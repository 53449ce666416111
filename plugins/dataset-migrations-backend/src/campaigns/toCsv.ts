import { CampaignDataset } from '@skein/backstage-plugin-dataset-migrations-common';
import { writeCsv } from '../api/writeCsv';

const columns: Array<{
  header: string;
  value(dataset: CampaignDataset): unknown;
}> = [
  { header: 'dataset', value: d => d.datasetRef },
  { header: 'title', value: d => d.title },
  { header: 'owner', value: d => d.owner },
  { header: 'engine', value: d => d.engine },
  { header: 'state', value: d => d.state },
  { header: 'reason', value: d => d.reason },
  { header: 'wave', value: d => d.wave },
  { header: 'level', value: d => d.level },
  { header: 'from', value: d => d.fromVersion },
  { header: 'to', value: d => d.toVersion },
  { header: 'policy', value: d => d.policy },
  { header: 'changes', value: d => d.changes },
  { header: 'breaking', value: d => d.breaking?.toString() },
  { header: 'strategy', value: d => d.strategy },
  { header: 'rows', value: d => d.rows },
  { header: 'bytes', value: d => d.bytes },
  { header: 'ready', value: d => d.verdicts?.ready },
  { header: 'breaks', value: d => d.verdicts?.breaks },
  { header: 'unknown', value: d => d.verdicts?.unknown },
  { header: 'blocked_by', value: d => d.blockedBy.join(' ') },
  { header: 'upstreams', value: d => d.upstreams.join(' ') },
  { header: 'migration', value: d => d.migrationId },
  { header: 'started_at', value: d => d.startedAt },
  { header: 'finished_at', value: d => d.finishedAt },
];

/** The first line of the CSV. */
export function csvHeader(): string {
  return writeCsv([columns.map(({ header }) => header)]);
}

/** Datasets as lines of CSV (RFC 4180). */
export function toCsv(datasets: CampaignDataset[]): string {
  return writeCsv(
    datasets.map(dataset => columns.map(({ value }) => value(dataset))),
  );
}
