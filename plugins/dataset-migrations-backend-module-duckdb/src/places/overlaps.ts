import { readdir } from 'fs/promises';
import path from 'path';
import { segmentMatcher } from './glob';
import { STATE_FOLDER } from './normalisePath';
import { Place } from './Place';
import { entryKind, isMissing } from './realPaths';

/**
 * Other datasets that were published over the same files under another name, as
 * one file of this folder or as the folder of this file. Two of them would each
 * have a current version of their own.
 *
 * @returns what they are, for people; empty when there are none
 */
export async function overlaps(place: Place): Promise<string[]> {
  const base = path.join(place.folder, STATE_FOLDER);
  const own = path.relative(base, place.state);
  const found: string[] = [];
  if (own !== '' && (await hasManifests(base))) {
    found.push('the folder');
  }
  for (const name of await entries(base)) {
    if (name !== own && (await hasManifests(path.join(base, name)))) {
      const other = decodeURIComponent(name);
      if (touches(place, other)) {
        found.push(`'${other}'`);
      }
    }
  }
  return found;
}

function touches(place: Place, other: string): boolean {
  switch (place.object.kind) {
    case 'file':
      return matches(other, place.object.name);
    case 'glob':
      return (
        other.includes('*') ||
        other.includes('?') ||
        matches(place.object.pattern.join('/'), other)
      );
    default:
      return true;
  }
}

function matches(pattern: string, name: string): boolean {
  return !pattern.includes('/') && segmentMatcher(pattern)(name);
}

async function hasManifests(state: string): Promise<boolean> {
  return (await entryKind(path.join(state, 'manifests'))) === 'folder';
}

async function entries(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
}
