import { constants, existsSync } from 'node:fs';
import {
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sourceFile } from './source-data.mjs';

/** Folder of each file dataset, and how its one file is made. */
const DATASETS = {
  flights: folder =>
    copy('flights-3m.parquet', join(folder, 'flights-3m.parquet')),
  birdstrikes: folder =>
    copy('birdstrikes.csv', join(folder, 'birdstrikes.csv')),
  'seattle-weather': folder =>
    copy('seattle-weather.csv', join(folder, 'seattle-weather.csv')),
  movies: folder => jsonLines('movies.json', join(folder, 'movies.ndjson')),
};

/**
 * Makes the folders of the file datasets that are not there yet. A folder that
 * is there is left alone, whatever a migration has made of it.
 *
 * @param {string} root
 * @returns {Promise<string[]>} the datasets that were made
 */
export async function prepareFiles(root) {
  const made = [];
  for (const [name, make] of Object.entries(DATASETS)) {
    const folder = join(root, name);
    if (existsSync(folder)) continue;
    // Made aside and renamed, so that a folder is whole or not there.
    const work = join(dirname(root), `new-${name}`);
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    await make(work);
    await mkdir(root, { recursive: true });
    await rename(work, folder);
    made.push(name);
  }
  return made;
}

/** A copy and no link: whatever happens to it must not reach node_modules. */
function copy(name, target) {
  return copyFile(sourceFile(name), target, constants.COPYFILE_FICLONE);
}

/** One JSON array becomes one object a line; values stay as they are. */
async function jsonLines(name, target) {
  const rows = JSON.parse(await readFile(sourceFile(name), 'utf8'));
  await writeFile(target, rows.map(row => `${JSON.stringify(row)}\n`).join(''));
}
