import { join } from 'node:path';
import { ROOT } from '../lib/paths.mjs';

/**
 * A file of the npm package `vega-datasets`, see examples/LICENSES.md. By its
 * path, as the package exports its code and not its files.
 *
 * @param {string} name
 */
export function sourceFile(name) {
  return join(ROOT, 'node_modules/vega-datasets/data', name);
}
