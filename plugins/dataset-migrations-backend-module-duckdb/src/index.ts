/**
 * Engine of dataset migrations for Parquet, CSV and NDJSON files, through
 * DuckDB, and what readers of such datasets need.
 *
 * @packageDocumentation
 */
export { duckDbEngineFactory } from './engineFactory';
export { datasetMigrationsModuleDuckdb as default } from './module';
export { resolveDataset } from './publishing/resolveDataset';
export type { ResolvedDataset } from './publishing/resolveDataset';
export type { FormatName } from './places/Place';
