import { ConsumerKey } from '../consumers/ConsumerStore';

/** Datasets of which something changed, and which of their consumers did. */
export class ChangedDatasets {
  /** Undefined where the dataset itself changed, which concerns all of them. */
  private readonly consumers = new Map<string, Set<string> | undefined>();

  /** The dataset itself changed. */
  add(datasetRef: string): this {
    this.consumers.set(datasetRef, undefined);
    return this;
  }

  addConsumers(keys: ConsumerKey[]): void {
    for (const { datasetRef, entityRef } of keys) {
      if (!this.consumers.has(datasetRef)) {
        this.consumers.set(datasetRef, new Set());
      }
      this.consumers.get(datasetRef)?.add(entityRef);
    }
  }

  entries(): Array<[datasetRef: string, consumerRefs?: string[]]> {
    return [...this.consumers].map(([ref, consumers]) => [
      ref,
      consumers && [...consumers],
    ]);
  }
}
