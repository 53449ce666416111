import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout, wherever the command was started from. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Node and Yarn, brought from the npm registry. Safe to delete. */
export const TOOLS = resolve(ROOT, '.tools');

/**
 * What a running portal keeps: PostgreSQL's data, demo files, generated config.
 * `SKEIN_STATE` names another folder, so that two portals of one checkout do not
 * meet.
 */
export const STATE = resolve(ROOT, process.env.SKEIN_STATE ?? '.skein');

/** Things that can be made again at any time: compile caches, the browser. */
export const CACHE = resolve(ROOT, 'node_modules/.cache/skein');
