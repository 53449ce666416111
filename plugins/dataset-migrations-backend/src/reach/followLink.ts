import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { carry } from './carry';
import { Link } from './links';
import { addTouch } from './startOf';
import {
  Doubt,
  OutputLineage,
  ReachDataset,
  ReachGraph,
  Spread,
  Touch,
} from './types';

/** Fields that were not told of, as far as people read on. */
const NAMED_FIELDS = 20;

/** Both ends of a link. */
export interface Ends {
  graph: ReachGraph;
  /** What comes to the dataset that the other one is made of. */
  source: Spread;
  /** What comes to the other one; is added to. */
  target: Spread;
  /** What of the changes of the source a consumer reads, as far as that is known. */
  readBy(consumer: Consumer): Touch[];
}

/**
 * Passes on what changes in a dataset to one that is made of it.
 *
 * @returns whether more comes to that than was known
 */
export function followLink(link: Link, ends: Ends): boolean {
  const { graph, target } = ends;
  const { datasets, consumers, lineage } = graph;
  const runs = lineage.get(link.to) ?? [];
  const dataset = datasets.get(link.to)!;
  const before = sizeOf(target);
  for (const maker of link.makers) {
    const { entityRef } = maker;
    pass(ends, {
      of: link.of,
      through: entityRef,
      dataset,
      reader: maker,
      runs: runs.filter(({ consumerRef }) => consumerRef === entityRef),
    });
  }
  if (link.makers.length === 0) {
    // Whose job makes it is not said: it may be that of anybody who reads the one.
    const readers = new Set(
      consumers.get(link.of)!.map(({ entityRef }) => entityRef),
    );
    pass(ends, {
      of: link.of,
      dataset,
      reader: link.itself,
      runs: runs.filter(({ consumerRef }) => readers.has(consumerRef)),
    });
  }
  return sizeOf(target) > before;
}

/** Grows whenever something is added, or becomes certain. */
function sizeOf({ touches, doubts }: Spread): number {
  const certain = [...touches.values()].filter(touch => touch.certain);
  return touches.size + certain.length + doubts.size;
}

/** One way from a dataset to another. */
interface Way {
  of: string;
  /** Who makes the other; absent where it depends on the one itself. */
  through?: string;
  dataset: ReachDataset;
  /** Who reads the one, if that is known. */
  reader?: Consumer;
  /** What is known of the runs that make the other. */
  runs: OutputLineage[];
}

function pass(ends: Ends, way: Way): void {
  const { source, target, readBy } = ends;
  const { of, through, reader } = way;
  const read = reader ? readBy(reader) : [...source.touches.values()];
  const addDoubt = (doubt: Doubt) =>
    target.doubts.set(JSON.stringify([of, through, doubt.kind]), doubt);

  passFields(ends, way);
  if (source.doubts.size > 0 && flowsOf(way).length > 0) {
    addDoubt({ kind: 'made-of-doubtful', of });
  }
  const promise = read.find(({ field }) => field === undefined);
  if (promise) {
    addDoubt({ kind: 'promise', of, cause: promise.cause });
  }
  const mayFlow =
    source.doubts.size > 0 || read.some(({ field }) => field !== undefined);
  const untold = mayFlow ? untoldBy(way) : undefined;
  if (untold) {
    addDoubt(untold);
  }
  target.calms.set(JSON.stringify([of, through]), {
    kind: mayFlow ? 'told' : 'unread',
    of,
    through,
  });
}

/** Adds the fields that are made of fields that change. */
function passFields({ source, target }: Ends, way: Way): void {
  for (const flow of flowsOf(way)) {
    for (const { field, cause, certain } of source.touches.values()) {
      const carried =
        field === undefined ? undefined : carry(cause, field, flow);
      if (carried) {
        addTouch(target, {
          field: flow.to,
          cause,
          certain: certain && carried === 'certain',
          from: flow.from,
        });
      }
    }
  }
}

/** From the one dataset to fields of the contract of the other. */
function flowsOf({ of, dataset, runs }: Way) {
  const fields = dataset.fields ?? [];
  return runs
    .flatMap(({ flows }) => flows)
    .filter(
      ({ from, to }) =>
        from.datasetRef === of &&
        fields.some(field => to === field || to.startsWith(`${field}.`)),
    );
}

/** What runs did not tell of what they wrote; undefined when that is nothing. */
function untoldBy({ of, through, dataset, runs }: Way): Doubt | undefined {
  if (runs.length === 0) {
    return { kind: 'untold', of, through };
  }
  if (!dataset.fields) {
    return { kind: 'no-contract' };
  }
  for (const { job, told } of runs) {
    const isTold = (field: string) =>
      told.some(name => name === field || name.startsWith(`${field}.`));
    const missing = dataset.fields.filter(field => !isTold(field));
    if (missing.length > 0) {
      const fields = missing.slice(0, NAMED_FIELDS);
      return { kind: 'partly-told', of, through, job, fields };
    }
  }
  return undefined;
}
