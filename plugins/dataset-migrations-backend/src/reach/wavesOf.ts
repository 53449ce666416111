import { Link } from './links';
import { contractReach } from './spreadChanges';
import { ReachGraph, Spread } from './types';

/** The wave in which each is reached first, from 1. */
export interface Waves {
  /** Without the dataset that the reach starts from. */
  datasets: Map<string, number>;
  /** Those that are no datasets of a wave themselves. */
  consumers: Map<string, number>;
}

/**
 * How far from a dataset its consumers are, and the datasets that are made by them. A
 * dataset whose contract does not change is in a wave, and nobody behind it is.
 */
export function wavesOf(
  graph: ReachGraph,
  links: ReadonlyMap<string, Link[]>,
  spreads: ReadonlyMap<string, Spread>,
): Waves {
  const datasets = new Map([[graph.datasetRef, 0]]);
  const consumers = new Map<string, number>();
  // Breadth first: who is met first is met on a shortest way.
  const ahead = [graph.datasetRef];
  for (const ref of ahead) {
    const wave = datasets.get(ref)! + 1;
    for (const { entityRef } of graph.consumers.get(ref) ?? []) {
      if (!consumers.has(entityRef)) {
        consumers.set(entityRef, wave);
      }
    }
    for (const { to } of links.get(ref) ?? []) {
      if (!datasets.has(to)) {
        datasets.set(to, wave);
        if (contractReach(spreads.get(to)!) !== 'no') {
          ahead.push(to);
        }
      }
    }
  }
  for (const ref of datasets.keys()) {
    consumers.delete(ref);
  }
  datasets.delete(graph.datasetRef);
  return { datasets, consumers };
}
