import {
  Change,
  Consumer,
  ContractReach,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  changesConcerningEach,
  ObjectNames,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { followLink } from './followLink';
import { Link, linksOf } from './links';
import { noSpread, ReachGraph, Spread, Touch } from './types';

/**
 * What comes to each dataset below one that changes. It goes on from dataset to
 * dataset until nothing is added, so cycles and ways of any length come to an end.
 *
 * @returns by entity ref, with the dataset itself; those that are missing are reached
 *   by nothing
 */
export function spreadChanges(
  graph: ReachGraph,
  links: ReadonlyMap<string, Link[]> = linksOf(graph),
): Map<string, Spread> {
  const spreads = new Map([[graph.datasetRef, graph.start]]);
  const ahead = [graph.datasetRef];
  const waiting = new Set(ahead);
  for (const ref of ahead) {
    waiting.delete(ref);
    const source = spreads.get(ref)!;
    const readBy = touchesReadBy(graph, ref, source);
    for (const link of links.get(ref) ?? []) {
      const target = spreads.get(link.to) ?? noSpread();
      spreads.set(link.to, target);
      const grew = followLink(link, { graph, source, target, readBy });
      if (grew && !waiting.has(link.to)) {
        waiting.add(link.to);
        ahead.push(link.to);
      }
    }
  }
  return spreads;
}

/** Whether the contract changes of a dataset to which that comes. */
export function contractReach({ touches, doubts }: Spread): ContractReach {
  if ([...touches.values()].some(touch => touch.certain)) {
    return 'yes';
  }
  return touches.size + doubts.size > 0 ? 'unknown' : 'no';
}

/** What of the changes of a dataset is read by each of its consumers, as far as known. */
function touchesReadBy(
  graph: ReachGraph,
  datasetRef: string,
  { touches }: Spread,
): (consumer: Consumer) => Touch[] {
  const touchOf = new Map<Change, Touch>();
  for (const touch of touches.values()) {
    touchOf.set(changeOf(touch), touch);
  }
  const concerning = changesConcerningEach({
    changes: [...touchOf.keys()],
    ...namesOf(graph, datasetRef),
  });
  return consumer => concerning(consumer).map(change => touchOf.get(change)!);
}

/** A touch as a change of the dataset that it comes to. */
export function changeOf({ field, cause }: Touch): Change {
  const { kind, effect, summary } = cause;
  return { kind, effect, summary, ...(field !== undefined && { from: field }) };
}

/** What `judgeConsumers` wants to know of a dataset with several objects. */
export function namesOf(
  graph: ReachGraph,
  datasetRef: string,
): { fields?: readonly string[]; objects?: readonly ObjectNames[] } {
  if (datasetRef === graph.datasetRef) {
    return { fields: graph.startFields, objects: graph.startObjects };
  }
  const { fields, objects } = graph.datasets.get(datasetRef)!;
  return objects ? { fields, objects } : {};
}
