import path from 'path';
import { InputError, NotAllowedError } from '@backstage/errors';
import { Location } from '@skein/backstage-plugin-dataset-migrations-node';
import { Dialect } from '../formats/csvDialect';
import { Root } from '../config/readSettings';
import { STATE_FOLDER } from './normalisePath';
import { FormatName, Place, PlaceObject } from './Place';
import { realPathBelow } from './realPaths';

/** Names inside our folder that no file's state may take. */
const TAKEN = ['manifests', 'versions', 'runs'];

/**
 * Turns a stored location into paths of this machine, through the roots as they
 * are configured now, and follows symbolic links anew.
 *
 * @throws NotAllowedError when the root is gone or the place moved
 */
export async function resolvePlace(
  roots: Root[],
  location: Location,
): Promise<Place> {
  const root = roots.find(({ name }) => name === location.connection);
  if (!root) {
    throw new NotAllowedError(
      `The root '${location.connection}' of ${location.display} is not configured any more`,
    );
  }
  const detail = location.detail as {
    path: string;
    kind: PlaceObject['kind'];
    pattern: string;
    format: FormatName;
    dialect?: Partial<Dialect>;
  };
  const segments = detail.path.split('/').filter(Boolean);
  const real = await realPathBelow(root, segments);
  if (real.segments.join('/') !== detail.path) {
    throw new NotAllowedError(
      `${location.display} was replaced by a symbolic link`,
    );
  }
  const isFile = detail.kind === 'file';
  const folder = isFile ? path.dirname(real.absolute) : real.absolute;
  const object = objectOf(detail, path.basename(real.absolute));
  return {
    root: { ...root, path: real.root },
    folder,
    object,
    format: detail.format,
    dialect: detail.dialect ?? {},
    state: stateFolder(folder, object),
  };
}

/**
 * Where the manifests of an object are: `_skein` in a folder of its own,
 * `_skein/<name>`, percent-encoded, for a file or a pattern, which may have
 * neighbours.
 *
 * @throws InputError for a file whose name our folder needs itself
 */
export function stateFolder(folder: string, object: PlaceObject): string {
  const base = path.join(folder, STATE_FOLDER);
  if (object.kind === 'folder') {
    return base;
  }
  const written =
    object.kind === 'file' ? object.name : object.pattern.join('/');
  const name = encodeURIComponent(written).replace(/\*/g, '%2A');
  if (TAKEN.includes(name)) {
    throw new InputError(`A data file cannot be named '${name}'`);
  }
  return path.join(base, name);
}

function objectOf(
  detail: { kind: PlaceObject['kind']; pattern: string },
  name: string,
): PlaceObject {
  switch (detail.kind) {
    case 'file':
      return { kind: 'file', name };
    case 'glob':
      return { kind: 'glob', pattern: detail.pattern.split('/') };
    default:
      return { kind: 'folder' };
  }
}
