import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { ReachStore } from './ReachStore';
import { ReachGraph } from './types';

/** Brings datasets and consumers into a graph, up to a number of entities. */
export class ReachLoader {
  /** Whether there was more than there was room for. */
  isFull = false;
  private readonly entities = new Set<string>();

  constructor(
    private readonly stores: { reach: ReachStore; consumers: ConsumerStore },
    private readonly graph: ReachGraph,
    private readonly limit: number,
  ) {}

  /** Takes consumers of datasets, as many as there is room for. */
  take(consumers: ReadonlyMap<string, Consumer[]>): void {
    for (const [datasetRef, list] of consumers) {
      this.graph.consumers.set(
        datasetRef,
        list.filter(
          ({ entityRef }) =>
            // Who reads itself is not reached by that.
            entityRef !== this.graph.datasetRef && this.hasRoom(entityRef),
        ),
      );
    }
  }

  /** Brings the consumers of datasets. */
  async consumersOf(datasetRefs: string[]): Promise<void> {
    const found = await this.stores.consumers.ofDatasets(
      datasetRefs,
      // Some of them may be known.
      this.limit + 1,
    );
    this.isFull ||= [...found.values()].flat().length > this.limit;
    this.take(new Map(datasetRefs.map(ref => [ref, found.get(ref) ?? []])));
  }

  /** Brings what is made of the datasets, or by their consumers. */
  async derivedFrom(datasetRefs: readonly string[]): Promise<void> {
    const { graph } = this;
    const makers = datasetRefs.flatMap(ref =>
      graph.consumers.get(ref)!.map(({ entityRef }) => entityRef),
    );
    const datasets = await this.stores.reach.derived(
      [...new Set([...datasetRefs, ...makers])],
      // Some of them may be known.
      graph.datasets.size + this.limit + 2,
    );
    const taken = datasets.filter(
      ({ entityRef }) =>
        entityRef !== graph.datasetRef &&
        !graph.datasets.has(entityRef) &&
        this.hasRoom(entityRef),
    );
    for (const dataset of taken) {
      graph.datasets.set(dataset.entityRef, dataset);
    }
    if (taken.length > 0) {
      await this.takeLineage(taken.map(({ entityRef }) => entityRef));
    }
  }

  private async takeLineage(datasetRefs: string[]): Promise<void> {
    const { datasets, lineage } = this.graph;
    for (const one of await this.stores.reach.lineageOf(datasetRefs)) {
      const known = lineage.get(one.datasetRef) ?? [];
      lineage.set(one.datasetRef, [...known, one]);
    }
    const told = datasetRefs.filter(ref => lineage.has(ref));
    if (told.length === 0) {
      return;
    }
    for (const [ref, names] of await this.stores.reach.fieldsOf(told)) {
      Object.assign(datasets.get(ref)!, names);
    }
  }

  private hasRoom(entityRef: string): boolean {
    if (this.entities.has(entityRef)) {
      return true;
    }
    if (this.entities.size >= this.limit) {
      this.isFull = true;
      return false;
    }
    this.entities.add(entityRef);
    return true;
  }
}
