import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { createConfigSecretEnumerator } from '@backstage/backend-defaults/rootConfig';
import { WinstonLogger } from '@backstage/backend-defaults/rootLogger';
import { loadConfigSchema } from '@backstage/config-loader';
import { JsonObject } from '@backstage/types';
import { readFile } from 'node:fs/promises';

/**
 * The root logger of Backstage, with one difference: what the config schema says
 * of secrets, which are to be redacted, is read from a file. Collecting the schema
 * from the sources and compiling the whole of it is a good part of the start of a
 * backend, two thirds of a worker's, and half of that one's memory.
 *
 * @param schemaFile - a config schema that was serialized, or what of it matters here
 * @param options.service - as every line names it
 */
export function rootLoggerFrom(
  schemaFile: string,
  options: { service: string },
) {
  return createServiceFactory({
    service: coreServices.rootLogger,
    deps: { config: coreServices.rootConfig },
    async factory({ config }) {
      const logger = WinstonLogger.create({
        meta: { service: options.service },
        level: config.getOptionalString('backend.logger.level'),
      });
      const serialized: JsonObject = JSON.parse(
        await readFile(schemaFile, 'utf8'),
      );
      const secretsOf = await createConfigSecretEnumerator({
        logger,
        schema: await loadConfigSchema({ serialized }),
      });
      logger.addRedactions(secretsOf(config));
      config.subscribe?.(() => logger.addRedactions(secretsOf(config)));
      return logger;
    },
  });
}
