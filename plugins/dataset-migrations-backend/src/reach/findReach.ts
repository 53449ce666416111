import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { ConcerningOptions } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { FoundReach } from './answerReach';
import { linksOf } from './links';
import { ReachLoader } from './ReachLoader';
import { ReachStore } from './ReachStore';
import { contractReach, spreadChanges } from './spreadChanges';
import { startOf } from './startOf';
import { ReachGraph } from './types';
import { wavesOf } from './wavesOf';

/** How far a reach is followed. */
export const REACH_WAVES = 10;
/** Datasets and consumers that one reach may have. */
export const REACH_ENTITIES = 10_000;
/**
 * Turns in which datasets are looked at; more than waves, as a dataset near by may turn
 * out to change because of one further away.
 */
const MAX_TURNS = 4 * REACH_WAVES;

interface Limits {
  waves: number;
  entities: number;
}

/**
 * Finds whom a change of a dataset reaches, wave by wave, with a fixed number of
 * statements for each. It goes on only behind datasets whose contract changes, or may.
 *
 * @param options.consumers - of the dataset itself
 * @param options.known - what changes in it
 * @param options.unplanned - why that is not known
 */
export async function findReach(
  stores: { reach: ReachStore; consumers: ConsumerStore },
  options: {
    datasetRef: string;
    consumers: Consumer[];
    known: ConcerningOptions;
    unplanned?: string;
    limits?: Limits;
  },
): Promise<FoundReach> {
  const { datasetRef, consumers, known, unplanned } = options;
  const limits = options.limits ?? {
    waves: REACH_WAVES,
    entities: REACH_ENTITIES,
  };
  const graph: ReachGraph = {
    datasetRef,
    start: startOf(known.changes, unplanned),
    startFields: known.fields,
    startObjects: known.objects,
    datasets: new Map(),
    consumers: new Map(),
    lineage: new Map(),
  };
  const load = new ReachLoader(stores, graph, limits.entities);
  load.take(new Map([[datasetRef, consumers]]));

  let frontier = [datasetRef];
  for (let turn = 1; ; turn += 1) {
    await load.derivedFrom(frontier);
    const links = linksOf(graph);
    const spreads = spreadChanges(graph, links);
    const waves = wavesOf(graph, links, spreads);
    const open = [...waves.datasets].filter(
      ([ref]) =>
        !graph.consumers.has(ref) && contractReach(spreads.get(ref)!) !== 'no',
    );
    frontier = open
      .filter(([, wave]) => wave < limits.waves)
      .map(([ref]) => ref);
    const found = { graph, links, spreads, waves };
    if (load.isFull) {
      return {
        ...found,
        truncated: { by: 'entities', limit: limits.entities },
      };
    }
    if (frontier.length === 0 || turn === MAX_TURNS) {
      return open.length === 0
        ? found
        : { ...found, truncated: { by: 'waves', limit: limits.waves } };
    }
    await load.consumersOf(frontier);
  }
}
