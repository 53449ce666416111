import { readFile, readdir } from 'fs/promises';
import path from 'path';

/** As much of a manifest as a reader and a writer of data need. */
export interface PublishedManifest {
  number: number;
  token: number;
  versions: Array<{
    version: string;
    state: string;
    writtenBy?: string;
    files: Array<{ path: string; bytes: number; modified: string }>;
  }>;
  migrations?: Array<{ id: string; setAside?: Array<{ path: string }> }>;
}

/** Reads the manifest that holds, as the documentation tells readers to. */
export async function readPublished(
  folder: string,
): Promise<PublishedManifest | undefined> {
  const manifests = path.join(folder, '_skein/manifests');
  const names = (await namesIn(manifests)).filter(name =>
    /^\d{8}\.json$/.test(name),
  );
  if (names.length === 0) {
    return undefined;
  }
  const last = names.sort()[names.length - 1];
  return JSON.parse(await readFile(path.join(manifests, last), 'utf8'));
}

/** The current version's entry, undefined before anything was published. */
export function currentOf(manifest: PublishedManifest | undefined) {
  return manifest?.versions.find(({ state }) => state === 'current');
}

/** The data files of a folder, as before the first migration. */
export async function plainFiles(folder: string): Promise<string[]> {
  return (await namesIn(folder))
    .filter(name => /\.(parquet|csv|ndjson)$/.test(name))
    .sort()
    .map(name => path.join(folder, name));
}

/** Every file below a folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  }).catch(() => []);
  return found
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
