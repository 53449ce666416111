import { createBackend } from '@backstage/backend-defaults';

/** A small backend of a company that adds an agent of its own. */
const backend = createBackend();
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));
backend.add(
  import('@skein/backstage-plugin-catalog-backend-module-dataset-migrations'),
);
backend.add(import('@skein/backstage-plugin-dataset-migrations-backend'));
backend.add(
  import('@skein/backstage-plugin-dataset-migrations-backend-module-postgres'),
);
backend.add(
  import('@skein/backstage-plugin-dataset-migrations-backend-module-duckdb'),
);
backend.add(import('@skein-examples/backend-module-mask-email-agent'));
backend.start();
