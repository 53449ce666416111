import { useDeferredValue, useMemo, useState } from 'react';
import {
  ConsumerVerdict,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';

export interface ConsumerFilter {
  search: string;
  verdict?: Verdict;
  owner?: string;
}

/** Those of the consumers that a filter lets through, worst first. */
export function useConsumerFilter(consumers: ConsumerVerdict[] | undefined) {
  const [filter, setFilter] = useState<ConsumerFilter>({ search: '' });
  // Typing stays fluent with thousands of consumers.
  const { search, verdict, owner } = useDeferredValue(filter);

  const filtered = useMemo(
    () =>
      consumers
        ?.filter(
          item =>
            (!verdict || item.verdict === verdict) &&
            (!owner || item.consumer.owner === owner) &&
            mentions(item, search),
        )
        .sort(bySeverity),
    [consumers, search, verdict, owner],
  );
  return { filter, setFilter, filtered };
}

function mentions({ consumer, reasons }: ConsumerVerdict, search: string) {
  const words = search.toLocaleLowerCase('en-US').split(/\s+/);
  const text = [
    consumer.entityRef,
    consumer.title,
    consumer.owner,
    consumer.constraint,
    ...(consumer.fields ?? []),
    ...reasons,
  ]
    .join(' ')
    .toLocaleLowerCase('en-US');
  return words.every(word => text.includes(word));
}

const severity: Record<Verdict, number> = { breaks: 0, unknown: 1, ready: 2 };

export function bySeverity(a: ConsumerVerdict, b: ConsumerVerdict): number {
  return (
    severity[a.verdict] - severity[b.verdict] ||
    a.consumer.entityRef.localeCompare(b.consumer.entityRef)
  );
}
