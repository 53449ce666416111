import { ConsumerKey } from '../consumers/ConsumerStore';
import { ChangedDatasets } from './ChangedDatasets';

/** What is to be told of a dataset once those who are being told are done. */
interface Waiting {
  keys: ConsumerKey[];
  told: Promise<void>;
}

/**
 * Tells of changes of consumers, of one dataset once at a time: what comes meanwhile is
 * told together, after.
 */
export class Tellings {
  private readonly waiting = new Map<string, Waiting>();
  private readonly last = new Map<string, Promise<void>>();

  /** @param notify - tells it, and never rejects */
  constructor(
    private readonly notify: (changed: ChangedDatasets) => Promise<void>,
  ) {}

  /** @returns once all of it was told */
  async tell(keys: readonly ConsumerKey[]): Promise<void> {
    await Promise.all(keys.map(key => this.add(key)));
  }

  private add(key: ConsumerKey): Promise<void> {
    const { datasetRef } = key;
    const waiting = this.waiting.get(datasetRef);
    if (waiting) {
      waiting.keys.push(key);
      return waiting.told;
    }
    const keys = [key];
    const before = this.last.get(datasetRef) ?? Promise.resolve();
    const told: Promise<void> = before
      .then(() => {
        this.waiting.delete(datasetRef);
        const changed = new ChangedDatasets();
        changed.addConsumers(keys);
        return this.notify(changed);
      })
      .finally(() => {
        if (this.last.get(datasetRef) === told) {
          this.last.delete(datasetRef);
        }
      });
    this.waiting.set(datasetRef, { keys, told });
    this.last.set(datasetRef, told);
    return told;
  }
}
