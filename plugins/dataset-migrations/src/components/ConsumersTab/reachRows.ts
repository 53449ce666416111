import {
  ContractReach,
  ReachedConsumer,
  ReachedDataset,
  ReachResponse,
  ReachWave,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** An entity of a wave. */
export type ReachRow =
  | { kind: 'dataset'; item: ReachedDataset }
  | { kind: 'consumer'; item: ReachedConsumer };

export interface ReachFilter {
  search: string;
  verdict?: Verdict;
}

const verdictOf: Record<ContractReach, Verdict> = {
  yes: 'breaks',
  unknown: 'unknown',
  no: 'ready',
};

const severity: Record<Verdict, number> = { breaks: 0, unknown: 1, ready: 2 };

/** How many are affected, of datasets and consumers together. */
export function reachCounts({
  counts: { consumers, datasets },
}: ReachResponse): Record<Verdict, number> {
  return {
    breaks: consumers.breaks + datasets.yes,
    unknown: consumers.unknown + datasets.unknown,
    ready: consumers.ready + datasets.no,
  };
}

/** Who of a wave passes a filter: datasets first, the worst first. */
export function reachRows(wave: ReachWave, filter: ReachFilter): ReachRow[] {
  const rows: ReachRow[] = [
    ...wave.datasets.map(item => ({ kind: 'dataset' as const, item })),
    ...wave.consumers.map(item => ({ kind: 'consumer' as const, item })),
  ];
  const words = filter.search.toLocaleLowerCase('en-US').split(/\s+/);
  return rows
    .filter(
      row =>
        (!filter.verdict || rowVerdict(row) === filter.verdict) &&
        mentions(row, words),
    )
    .sort(bySeverity);
}

export function bySeverity(a: ReachRow, b: ReachRow): number {
  return (
    Number(a.kind === 'consumer') - Number(b.kind === 'consumer') ||
    severity[rowVerdict(a)] - severity[rowVerdict(b)] ||
    a.item.entityRef.localeCompare(b.item.entityRef)
  );
}

/** Sentences about one of a wave, each with the dataset that it is about. */
export function reasonsOf(row: ReachRow): string[] {
  return row.kind === 'dataset'
    ? row.item.reasons
    : row.item.reads.flatMap(({ reasons }) => reasons);
}

function rowVerdict(row: ReachRow): Verdict {
  return row.kind === 'dataset'
    ? verdictOf[row.item.changes]
    : row.item.verdict;
}

function mentions(row: ReachRow, words: string[]): boolean {
  const { entityRef, title, owner } = row.item;
  const ways =
    row.kind === 'dataset'
      ? row.item.through
      : row.item.reads.map(({ datasetRef }) => datasetRef);
  const text = [entityRef, title, owner, ...ways, ...reasonsOf(row)]
    .join(' ')
    .toLocaleLowerCase('en-US');
  return words.every(word => text.includes(word));
}
