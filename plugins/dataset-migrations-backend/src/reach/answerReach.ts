import {
  Consumer,
  ReachedConsumer,
  ReachedRead,
  ReachResponse,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { describeReached } from './describeReached';
import { Link } from './links';
import { gravest, judgeReached } from './judgeReached';
import { ReachGraph, Spread } from './types';
import { Waves } from './wavesOf';

/** A reach that was found. */
export interface FoundReach {
  graph: ReachGraph;
  links: ReadonlyMap<string, Link[]>;
  spreads: ReadonlyMap<string, Spread>;
  waves: Waves;
  truncated?: ReachResponse['truncated'];
}

/** A consumer that is in a wave. */
type Reader = Pick<Consumer, 'entityRef' | 'title' | 'owner'> & {
  reads: ReachedRead[];
};

/**
 * A reach as the caller may see it: what is made of datasets that they may not read is
 * counted, and nothing of it is named.
 *
 * @param options.firstReads - what the consumers of the first wave are judged to be, by
 *   entity ref
 * @param options.mayRead - of datasets
 */
export function answerReach(
  found: FoundReach,
  options: {
    firstReads: ReadonlyMap<string, ReachedRead>;
    mayRead(datasetRef: string): boolean;
  },
): Omit<ReachResponse, 'fromVersion' | 'targetVersion'> {
  const { graph, spreads, waves, truncated } = found;
  const { firstReads, mayRead } = options;
  const readers = readersOf(found, firstReads);
  const sees = (ref: string) => {
    const reader = readers.get(ref);
    return reader
      ? reader.reads.some(({ datasetRef }) => mayRead(datasetRef))
      : mayRead(ref);
  };
  const through = throughOf(found, sees);
  const sight = { startRef: graph.datasetRef, sees };

  const consumers = [...waves.consumers].map(([ref, wave]) => ({
    wave,
    shown: sees(ref) ? shownConsumer(readers.get(ref)!, mayRead) : undefined,
  }));
  const datasets = [...waves.datasets].map(([ref, wave]) => ({
    wave,
    shown: mayRead(ref)
      ? {
          ...describeReached(
            graph.datasets.get(ref)!,
            spreads.get(ref)!,
            sight,
          ),
          through: through.get(ref) ?? [],
        }
      : undefined,
  }));
  const numbers = new Set([...consumers, ...datasets].map(({ wave }) => wave));
  return {
    waves: [...numbers]
      .sort((a, b) => a - b)
      .map(wave => {
        const own = {
          consumers: inWave(consumers, wave),
          datasets: inWave(datasets, wave),
        };
        return {
          wave,
          consumers: own.consumers.shown,
          datasets: own.datasets.shown,
          hidden: {
            consumers: own.consumers.hidden,
            datasets: own.datasets.hidden,
          },
        };
      }),
    counts: {
      consumers: count(
        { ready: 0, breaks: 0, unknown: 0 },
        consumers.map(({ shown }) => shown?.verdict),
      ),
      datasets: count(
        { yes: 0, no: 0, unknown: 0 },
        datasets.map(({ shown }) => shown?.changes),
      ),
    },
    ...(truncated && { truncated }),
  };
}

function shownConsumer(
  reader: Reader,
  mayRead: (datasetRef: string) => boolean,
): ReachedConsumer {
  const reads = reader.reads.filter(({ datasetRef }) => mayRead(datasetRef));
  return {
    ...reader,
    verdict: gravest(reads.map(({ verdict }) => verdict)),
    reads,
  };
}

function inWave<T>(
  entities: ReadonlyArray<{ wave: number; shown?: T }>,
  number: number,
): { shown: T[]; hidden: number } {
  const own = entities.filter(({ wave }) => wave === number);
  const shown = own.flatMap(one => (one.shown ? [one.shown] : []));
  return { shown, hidden: own.length - shown.length };
}

function count<K extends string>(
  none: Record<K, number>,
  values: ReadonlyArray<K | undefined>,
): Record<K, number> {
  const counts = { ...none };
  for (const value of values) {
    if (value !== undefined) {
      counts[value] += 1;
    }
  }
  return counts;
}

/** By whom each dataset is made, as far as the caller may know. */
function throughOf(
  { graph, links, waves }: FoundReach,
  sees: (ref: string) => boolean,
): Map<string, string[]> {
  const through = new Map<string, Set<string>>();
  for (const { of, to, makers } of [...links.values()].flat()) {
    if (of === graph.datasetRef || waves.datasets.has(of)) {
      const known = through.get(to) ?? new Set<string>();
      const refs =
        makers.length > 0 ? makers.map(({ entityRef }) => entityRef) : [of];
      refs.filter(sees).forEach(ref => known.add(ref));
      through.set(to, known);
    }
  }
  return new Map([...through].map(([ref, refs]) => [ref, [...refs].sort()]));
}

/** What each consumer of a wave reads of what is reached. */
function readersOf(
  { graph, spreads, waves }: FoundReach,
  firstReads: ReadonlyMap<string, ReachedRead>,
): Map<string, Reader> {
  const readers = new Map<string, Reader>();
  const add = (consumer: Consumer, read: ReachedRead) => {
    const { entityRef, title, owner } = consumer;
    if (waves.consumers.has(entityRef)) {
      const reader = readers.get(entityRef) ?? {
        entityRef,
        title,
        owner,
        reads: [],
      };
      reader.reads.push(read);
      readers.set(entityRef, reader);
    }
  };
  for (const [datasetRef, consumers] of graph.consumers) {
    const reads: ReadonlyMap<string, ReachedRead> =
      datasetRef === graph.datasetRef
        ? firstReads
        : new Map(
            judgeReached(graph, datasetRef, spreads.get(datasetRef)!).map(
              ({ entityRef, read }) => [entityRef, read],
            ),
          );
    for (const consumer of consumers) {
      add(consumer, reads.get(consumer.entityRef)!);
    }
  }
  return readers;
}
