import { createBackend } from '@backstage/backend-defaults';
import { rootHealthServiceFactory } from '@skein/backstage-plugin-dataset-migrations-backend';
import { rootLoggerFrom, startTelemetry } from 'telemetry';

/**
 * A portal for tests of what migrates, in which nobody signs in, opens a page or
 * searches: it starts in half of the time of the demo portal, and has less to do
 * while its workers are watched.
 */
export async function createSmallPortal() {
  await startTelemetry({ serviceName: 'skein-portal' });

  const backend = createBackend();
  const schemaFile = process.env.SKEIN_CONFIG_SCHEMA;
  if (schemaFile) {
    backend.add(rootLoggerFrom(schemaFile, { service: 'backstage' }));
  }
  backend.add(import('@backstage/plugin-catalog-backend'));
  backend.add(
    import('@skein/backstage-plugin-catalog-backend-module-dataset-migrations'),
  );
  backend.add(import('@backstage/plugin-events-backend'));
  backend.add(import('@backstage/plugin-notifications-backend'));
  backend.add(import('@skein/backstage-plugin-dataset-migrations-backend'));
  backend.add(rootHealthServiceFactory);
  backend.add(
    import(
      '@skein/backstage-plugin-dataset-migrations-backend-module-postgres'
    ),
  );
  backend.add(
    import('@skein/backstage-plugin-dataset-migrations-backend-module-duckdb'),
  );
  return backend;
}
