import { createBackend } from '@backstage/backend-defaults';
import { rootHealthServiceFactory } from '@skein/backstage-plugin-dataset-migrations-backend';
import { rootLoggerFrom, startTelemetry } from 'telemetry';
import { demoProviderModule } from './auth/demoProvider';
import { policyModule } from './permissions/policyModule';

async function main() {
  await startTelemetry({ serviceName: 'skein-portal' });

  const backend = createBackend();
  const schemaFile = process.env.SKEIN_CONFIG_SCHEMA;
  if (schemaFile) {
    backend.add(rootLoggerFrom(schemaFile, { service: 'backstage' }));
  }

  backend.add(import('@backstage/plugin-app-backend'));

  backend.add(import('@backstage/plugin-auth-backend'));
  backend.add(import('@backstage/plugin-auth-backend-module-guest-provider'));
  backend.add(demoProviderModule);

  backend.add(import('@backstage/plugin-permission-backend'));
  backend.add(policyModule);

  backend.add(import('@backstage/plugin-catalog-backend'));
  backend.add(import('@backstage/plugin-catalog-backend-module-logs'));
  backend.add(
    import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
  );
  backend.add(
    import('@skein/backstage-plugin-catalog-backend-module-dataset-migrations'),
  );

  backend.add(import('@backstage/plugin-scaffolder-backend'));
  backend.add(
    import(
      '@skein/backstage-plugin-scaffolder-backend-module-dataset-migrations'
    ),
  );

  backend.add(import('@backstage/plugin-search-backend'));
  backend.add(import('@backstage/plugin-search-backend-module-pg'));
  backend.add(import('@backstage/plugin-search-backend-module-catalog'));

  backend.add(import('@backstage/plugin-events-backend'));
  backend.add(import('@backstage/plugin-signals-backend'));
  backend.add(import('@backstage/plugin-notifications-backend'));
  backend.add(import('@backstage/plugin-user-settings-backend'));
  backend.add(import('@backstage/plugin-mcp-actions-backend'));

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

  await backend.start();
}

main();
