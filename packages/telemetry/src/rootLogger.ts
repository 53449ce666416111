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
 * The root logger of Backstage, with one difference: the config schema, from
 * which it learns which values are secrets to redact, is read from the file
 * that `SKEIN_CONFIG_SCHEMA` names. Collecting and compiling it from the sources
 * is a good part of the start of a backend, two thirds of a worker's, and half of
 * that one's memory.
 *
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
