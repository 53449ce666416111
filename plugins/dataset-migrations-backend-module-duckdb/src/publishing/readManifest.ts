import { readFile, readdir } from 'fs/promises';
import path from 'path';
import { isMissing } from '../places/realPaths';
import {
  Manifest,
  manifestName,
  manifestNumber,
  parseManifest,
} from './manifest';

/** Where the manifests of a dataset are, below its state folder. */
export function manifestFolder(state: string): string {
  return path.join(state, 'manifests');
}

/**
 * The manifest that holds now. It is whole, and stays right for who read it: a
 * later one names other files and changes none of these.
 *
 * @returns undefined before anything was written beside the data
 */
export async function readManifest(
  state: string,
): Promise<Manifest | undefined> {
  const folder = manifestFolder(state);
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
  const numbers = names.flatMap(name => manifestNumber(name) ?? []);
  if (numbers.length === 0) {
    return undefined;
  }
  const number = numbers.reduce((a, b) => Math.max(a, b));
  const text = await readFile(path.join(folder, manifestName(number)), 'utf8');
  return parseManifest(text, number);
}
