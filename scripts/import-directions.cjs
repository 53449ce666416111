/*
 * Who may import whom (ARCHITECTURE.md says what each package is for). ESLint
 * reads this table in the root .eslintrc.js, and
 * scripts/import-directions.test.mjs holds the package.json files against it.
 */
const SCOPE = '@skein/backstage-plugin-';

/** Our packages by folder, and which of our packages each may import. */
const directions = {
  'plugins/dataset-migrations-common': [],
  'plugins/dataset-migrations-node': ['dataset-migrations-common'],
  'plugins/dataset-migrations-backend': [
    'dataset-migrations-node',
    'dataset-migrations-common',
  ],
  'plugins/dataset-migrations-backend-module-postgres': [
    'dataset-migrations-node',
    'dataset-migrations-common',
  ],
  'plugins/dataset-migrations-backend-module-duckdb': [
    'dataset-migrations-node',
    'dataset-migrations-common',
  ],
  'plugins/dataset-migrations-backend-module-sns': ['dataset-migrations-node'],
  'plugins/dataset-migrations': ['dataset-migrations-common'],
  'plugins/catalog-backend-module-dataset-migrations': [
    'dataset-migrations-common',
  ],
  'plugins/scaffolder-backend-module-dataset-migrations': [
    'dataset-migrations-common',
  ],
};

/** The portal's own packages, which no plugin imports. */
const portalPackages = ['app', 'backend', 'worker', 'telemetry'];

/** Where Node's own modules may not be used, as it runs in browsers too. */
const isomorphic = ['plugins/dataset-migrations-common'];

module.exports = { SCOPE, directions, portalPackages, isomorphic };
