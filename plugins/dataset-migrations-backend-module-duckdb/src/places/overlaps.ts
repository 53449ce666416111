import { readdir } from 'fs/promises';
import path from 'path';
import { segmentMatcher } from './glob';
import { STATE_FOLDER } from './normalisePath';
import { parsePartition } from './partitions';
import { Place } from './Place';
import { entryKind, isMissing } from './realPaths';

/**
 * Other datasets that were published over the same files under another name: as
 * one file of this folder, as the folder of this file, as a partition of this
 * dataset or as the one that this is a partition of. Two of them would each
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
  return [
    ...found,
    ...(await publishedAbove(place)),
    ...(await publishedBelow(place)),
  ];
}

/** Datasets that hold the partition which this one lies in. */
async function publishedAbove({ folder, root }: Place): Promise<string[]> {
  const found: string[] = [];
  let inner = folder;
  while (parsePartition(path.basename(inner)) && inner !== root.path) {
    inner = path.dirname(inner);
    const base = path.join(inner, STATE_FOLDER);
    const name = path.relative(root.path, inner) || root.name;
    if (await hasManifests(base)) {
      found.push(`the folder '${name}'`);
    }
    for (const other of await entries(base)) {
      const pattern = decodeURIComponent(other);
      if (
        pattern.includes('/') &&
        (await hasManifests(path.join(base, other)))
      ) {
        found.push(`'${pattern}' in '${name}'`);
      }
    }
  }
  return found;
}

/** Datasets that lie in partitions of this one. */
async function publishedBelow({ folder, object }: Place): Promise<string[]> {
  const reaches =
    object.kind === 'folder' ||
    (object.kind === 'glob' && object.pattern.length > 1);
  const look = async (outer: string): Promise<string[]> => {
    const found: string[] = [];
    for (const name of await entries(outer)) {
      const inner = path.join(outer, name);
      if (!parsePartition(name)) {
        continue;
      }
      if ((await entries(path.join(inner, STATE_FOLDER))).length > 0) {
        found.push(`a dataset in '${path.relative(folder, inner)}'`);
      }
      found.push(...(await look(inner)));
    }
    return found;
  };
  return reaches ? look(folder) : [];
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
