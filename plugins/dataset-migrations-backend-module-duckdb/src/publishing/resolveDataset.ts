import { realpath } from 'fs/promises';
import path from 'path';
import { InputError, NotFoundError } from '@backstage/errors';
import { dataFiles } from '../places/dataFiles';
import {
  formatByName,
  formatBySpelling,
  formatNames,
} from '../places/fileFormats';
import { isPattern } from '../places/glob';
import { partitionsOf } from '../places/partitions';
import { FormatName, PlaceObject } from '../places/Place';
import { entryKind, isMissing } from '../places/realPaths';
import { stateFolder } from '../places/resolvePlace';
import { currentVersion } from './manifest';
import { relativePath, resolveFile } from './manifestFiles';
import { readManifest } from './readManifest';

/** The files of one version of a dataset, all of them, and no other. @public */
export interface ResolvedDataset {
  /** Absent before the first publication: then nothing is recorded. */
  version?: string;
  format: FormatName;
  /** Absolute paths in the order of their rows. */
  files: string[];
  /** Columns that the names of the files' folders tell, `year=2024`, outermost first. */
  partitionedBy: string[];
}

/**
 * What a reader of a dataset of files does once, before it reads: finds the
 * files of the version that it wants. Published ones are never written again, so
 * the reader sees one version whole, whatever is published while it reads.
 * Before the first publication, and after a roll back to what was there before
 * it, they are the files that are there.
 *
 * @param dataset - the folder, file or pattern, as the contract names it
 * @param options - `version`: the current one when absent; `format`: for a
 *   folder of an unpublished dataset that holds files of several formats
 * @throws NotFoundError when that version is not readable
 * @public
 */
export async function resolveDataset(
  dataset: string,
  options: { version?: string; format?: string } = {},
): Promise<ResolvedDataset> {
  const { folder, object } = await objectOf(dataset);
  const manifest = await readManifest(stateFolder(folder, object));
  const current = currentVersion(manifest);
  if (!manifest || !current) {
    const { version, format = manifest?.format } = options;
    const recorded = manifest?.published;
    if (version !== undefined && version !== recorded) {
      throw new NotFoundError(
        `'${dataset}' has no readable version ${version}, only the files that are there`,
      );
    }
    const found = await unpublished(folder, object, format);
    return {
      ...(recorded !== undefined && { version: recorded }),
      ...found,
      partitionedBy: columnsOf(folder, found.files),
    };
  }
  const version =
    options.version === undefined
      ? current
      : manifest.versions.find(
          candidate =>
            candidate.version === options.version &&
            ['current', 'coexisting'].includes(candidate.state),
        );
  if (!version) {
    throw new NotFoundError(
      `'${dataset}' has no readable version ${options.version}`,
    );
  }
  const files = version.files.map(file => resolveFile(folder, file));
  return {
    version: version.version,
    format: manifest.format,
    files,
    partitionedBy: columnsOf(folder, files),
  };
}

function columnsOf(folder: string, [first]: string[]): string[] {
  return first === undefined
    ? []
    : partitionsOf(relativePath(folder, first)).map(({ name }) => name);
}

async function objectOf(
  dataset: string,
): Promise<{ folder: string; object: PlaceObject }> {
  const segments = path.resolve(dataset).split(path.sep);
  const firstPattern = segments.findIndex(isPattern);
  if (firstPattern >= 0) {
    return {
      folder: await realpath(segments.slice(0, firstPattern).join(path.sep)),
      object: { kind: 'glob', pattern: segments.slice(firstPattern) },
    };
  }
  const absolute = segments.join(path.sep);
  const real = await realpath(absolute).catch(async error => {
    if (!isMissing(error)) {
      throw error;
    }
    const parent = await realpath(path.dirname(absolute));
    return path.join(parent, path.basename(absolute));
  });
  return (await entryKind(real)) === 'folder'
    ? { folder: real, object: { kind: 'folder' } }
    : {
        folder: path.dirname(real),
        object: { kind: 'file', name: path.basename(real) },
      };
}

async function unpublished(
  folder: string,
  object: PlaceObject,
  spelling?: string,
): Promise<Pick<ResolvedDataset, 'format' | 'files'>> {
  const found = await Promise.all(
    formatNames.map(async format => ({
      format,
      files: (
        await dataFiles({ folder, object, format })
      ).filter(file => spelling !== undefined || formatByName(file) === format),
    })),
  );
  const wanted =
    spelling === undefined ? undefined : formatBySpelling(spelling);
  const candidates = found.filter(({ format, files }) =>
    spelling === undefined ? files.length > 0 : format === wanted,
  );
  if (candidates.length !== 1) {
    throw new InputError(
      `The format of '${folder}' cannot be told; known are ${formatNames.join(
        ', ',
      )}`,
    );
  }
  return candidates[0];
}
