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
/** Ways from one dataset to another, by a maker or without, that one reach may have. */
export const REACH_LINKS = 20_000;
/**
 * Turns in which datasets are looked at; more than waves, as a dataset near by may turn
 * out to change because of one further away.
 */
const MAX_TURNS = 4 * REACH_WAVES;

interface Limits {
  waves: number;
  entities: number;
  links: number;
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
    limits?: Partial<Limits>;
  },
): Promise<FoundReach> {
  const { datasetRef, consumers, known, unplanned } = options;
  const limits: Limits = {
    waves: REACH_WAVES,
    entities: REACH_ENTITIES,
    links: REACH_LINKS,
    ...options.limits,
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
    const room = { left: limits.links };
    const links = linksOf(graph, room);
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
    if (room.left === 0) {
      return { ...found, truncated: { by: 'links', limit: limits.links } };
    }
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
