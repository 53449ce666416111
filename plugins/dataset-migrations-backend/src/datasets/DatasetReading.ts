import { LoggerService } from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { assertError } from '@backstage/errors';
import { EngineRegistry } from '../engines/EngineRegistry';
import { ChangedDatasets } from './ChangedDatasets';
import { DatasetStore } from './DatasetStore';
import { hashDataset, readDataset } from './readDataset';
import { DatasetRecord } from './types';

/** Reads entities of datasets, and writes what they say. */
export class DatasetReading {
  constructor(
    private readonly options: {
      datasets: DatasetStore;
      engines: EngineRegistry;
      /** Digest of the operator's bindings; see `hashDataset`. */
      bindings: string;
      logger: LoggerService;
    },
  ) {}

  hash(entity: Entity): string {
    return hashDataset(entity, this.options.bindings);
  }

  async save(entity: Entity): Promise<DatasetRecord> {
    const { datasets, engines } = this.options;
    return datasets.save(await readDataset(entity, this.hash(entity), engines));
  }

  /**
   * Reads those anew that are not as they were. One that cannot be read keeps no other
   * from being read.
   *
   * @param changed - is told of these
   * @param options.before - when the entities were not read yet: what was written since
   *   may be newer, and stays
   * @returns the refs of those of which something was written since
   */
  async take(
    entities: Entity[],
    changed: ChangedDatasets,
    options: { before?: Date } = {},
  ): Promise<Set<string>> {
    const { datasets, engines, logger } = this.options;
    const known = await datasets.hashes(entities.map(stringifyEntityRef));
    const passed = new Set<string>();
    for (const entity of entities) {
      const ref = stringifyEntityRef(entity);
      const hash = this.hash(entity);
      if (known.get(ref) === hash) {
        continue;
      }
      try {
        const content = await readDataset(entity, hash, engines);
        if (await datasets.saveUnlessPassed(content, options.before)) {
          changed.add(ref);
        } else {
          passed.add(ref);
        }
      } catch (error) {
        assertError(error);
        logger.error(`Could not read ${ref}`, error);
      }
    }
    return passed;
  }
}
