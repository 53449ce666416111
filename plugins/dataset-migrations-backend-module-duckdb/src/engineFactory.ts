import { InputError } from '@backstage/errors';
import { EngineFactory } from '@skein/backstage-plugin-dataset-migrations-node';
import { KEY, readSettings } from './config/readSettings';
import { DuckDbEngine } from './DuckDbEngine';
import { ENGINE_ID } from './places/locate';

/** Makes engines that can be closed, as the module does at shutdown. */
export const closableEngineFactory = {
  id: ENGINE_ID,
  async create({
    config,
  }: Parameters<EngineFactory['create']>[0]): Promise<DuckDbEngine> {
    const settings = readSettings(config);
    if (!settings) {
      throw new InputError(`${KEY} is not configured`);
    }
    return new DuckDbEngine(settings);
  },
};

/**
 * Makes the engine for files from `datasetMigrations.engines.duckdb`; see
 * `config.d.ts`. Its DuckDB processes end when they have been idle for a while,
 * and with the process that made them at the latest.
 *
 * `create` throws InputError when the engine is not configured, or naming the
 * key whose value cannot be used.
 *
 * @public
 */
export const duckDbEngineFactory: EngineFactory = closableEngineFactory;
