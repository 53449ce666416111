import {
  Change,
  Consumer,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { FieldFlow } from '../../fieldUse/lineage/matchOutputs';
import { linksOf } from '../links';
import { contractReach, spreadChanges } from '../spreadChanges';
import { startOf } from '../startOf';
import { OutputLineage, ReachDataset, ReachGraph } from '../types';
import { wavesOf } from '../wavesOf';

export const dataset = (name: string) => `resource:default/${name}`;
export const component = (name: string) => `component:default/${name}`;

export const flights = dataset('flights');

export const renamed: Change = {
  kind: 'field-renamed',
  from: 'delay',
  to: 'arrival_delay',
  effect: 'breaking',
  summary: 'renamed to `arrival_delay`',
};
export const retyped: Change = {
  kind: 'type-changed',
  from: 'delay',
  to: 'delay',
  effect: 'breaking',
  summary: 'changed from int to text',
};
export const dropped: Change = {
  kind: 'field-dropped',
  from: 'delay',
  effect: 'breaking',
  summary: 'dropped',
};

export function reads(
  entityRef: string,
  fields?: string[],
  more: Partial<Consumer> = {},
): Consumer {
  return { entityRef, source: 'declared', fields, ...more };
}

/** `origin` of flights goes to `airport`. */
export function flow(
  field: string,
  to: string,
  more: { of?: string; computed?: true } = {},
): FieldFlow {
  const { of = flights, ...computed } = more;
  return { from: { datasetRef: of, field }, to, ...computed };
}

/** A run of `<maker>` that wrote a dataset. */
export function run(
  maker: string,
  written: string,
  told: string[],
  flows: FieldFlow[],
): OutputLineage {
  return {
    consumerRef: maker,
    job: `airflow/${maker}`,
    datasetRef: written,
    told,
    flows,
  };
}

/** What is below the flights. */
export function graphOf(options: {
  changes: Change[];
  unplanned?: string;
  /** Each with what it depends on, and its fields where they are known. */
  datasets: Record<string, Pick<ReachDataset, 'dependsOn' | 'fields'>>;
  consumers: Record<string, Consumer[]>;
  runs?: OutputLineage[];
}): ReachGraph {
  const lineage = new Map<string, OutputLineage[]>();
  for (const one of options.runs ?? []) {
    lineage.set(one.datasetRef, [...(lineage.get(one.datasetRef) ?? []), one]);
  }
  return {
    datasetRef: flights,
    start: startOf(options.changes, options.unplanned),
    datasets: new Map(
      Object.entries(options.datasets).map(([entityRef, rest]) => [
        entityRef,
        { entityRef, title: entityRef, ...rest },
      ]),
    ),
    consumers: new Map(Object.entries(options.consumers)),
    lineage,
  };
}

/** Whether each dataset changes, and the waves. */
export function reachOf(graph: ReachGraph) {
  const links = linksOf(graph);
  const spreads = spreadChanges(graph, links);
  const waves = wavesOf(graph, links, spreads);
  return {
    links,
    spreads,
    waves,
    changes: Object.fromEntries(
      [...waves.datasets.keys()].map(ref => [
        ref,
        contractReach(spreads.get(ref)!),
      ]),
    ),
  };
}
