/**
 * Engine of dataset migrations for PostgreSQL tables.
 *
 * @packageDocumentation
 */
export {
  datasetMigrationsModulePostgres as default,
  postgresEngineFactory,
} from './module';
