import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { ReachGraph } from './types';

/** That a dataset is made of another one. */
export interface Link {
  of: string;
  to: string;
  /** The consumers of the one that the other says it is made by. */
  makers: Consumer[];
  /** What the other reads of the one by itself, where it says no more. */
  itself?: Consumer;
}

/**
 * Which dataset is made of which, by the dataset it is made of: of those whose
 * consumers are known. It is made of what its makers read; only where there are none
 * does it count that it depends on the dataset itself.
 *
 * @param room - how many ways from one to another there may be, counted down: a maker
 *   of all that it reads makes them grow with the square. Those beyond are left out
 */
export function linksOf(
  graph: ReachGraph,
  room: { left: number } = { left: Infinity },
): Map<string, Link[]> {
  const { datasetRef, datasets, consumers } = graph;
  const reads = new Map<string, Array<{ of: string; consumer: Consumer }>>();
  for (const [ref, list] of consumers) {
    for (const consumer of list) {
      const known = reads.get(consumer.entityRef) ?? [];
      known.push({ of: ref, consumer });
      reads.set(consumer.entityRef, known);
    }
  }
  const links = new Map<string, Link[]>();
  for (const { entityRef: to, dependsOn } of datasets.values()) {
    const found = new Map<string, Link>();
    const linkTo = (of: string): Link => {
      const link = found.get(of) ?? { of, to, makers: [] };
      found.set(of, link);
      return link;
    };
    for (const ref of dependsOn) {
      if (room.left === 0) {
        break;
      }
      // A dataset in between is reached itself.
      if (ref !== datasetRef && !datasets.has(ref)) {
        for (const { of, consumer } of reads.get(ref) ?? []) {
          if (of !== to && room.left > 0) {
            room.left -= 1;
            linkTo(of).makers.push(consumer);
          }
        }
      } else if (ref !== to && consumers.has(ref)) {
        linkTo(ref);
      }
    }
    for (const { of, consumer } of reads.get(to) ?? []) {
      if (of !== to) {
        linkTo(of).itself = consumer;
      }
    }
    for (const link of found.values()) {
      const known = links.get(link.of) ?? [];
      known.push(link);
      links.set(link.of, known);
    }
  }
  return links;
}
