import { createBackend } from '@backstage/backend-defaults';
import { rootHealthServiceFactory } from '@skein/backstage-plugin-dataset-migrations-backend';
import { rootLoggerFrom, startTelemetry } from 'telemetry';

/**
 * A worker of the fleet: takes jobs from the portal's queue and has no pages.
 * Any number may run; what it needs to know it asks the portal, see
 * app-config.worker.yaml.
 */
export async function createWorker() {
  await startTelemetry({ serviceName: 'skein-worker' });

  const backend = createBackend();
  const schemaFile = process.env.SKEIN_CONFIG_SCHEMA;
  if (schemaFile) {
    backend.add(rootLoggerFrom(schemaFile, { service: 'worker' }));
  }
  backend.add(import('@skein/backstage-plugin-dataset-migrations-backend'));
  // A liveness that is red while the queue cannot be worked.
  backend.add(rootHealthServiceFactory);
  backend.add(
    import(
      '@skein/backstage-plugin-dataset-migrations-backend-module-postgres'
    ),
  );
  backend.add(
    import('@skein/backstage-plugin-dataset-migrations-backend-module-duckdb'),
  );
  backend.add(
    import('@skein/backstage-plugin-dataset-migrations-backend-module-sns'),
  );
  return backend;
}
