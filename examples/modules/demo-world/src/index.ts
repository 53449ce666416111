/**
 * Reads the catalog of the demo world from its files.
 *
 * @packageDocumentation
 */
export { readDemoCatalog } from './readDemoCatalog';
