import { InputError } from '@backstage/errors';
import { FormatName } from '../places/Place';

/**
 * A file of a version. Never written again once a manifest names it.
 *
 * @public
 */
export interface ManifestFile {
  /** Relative to the folder that holds `_skein`, with `/`. */
  path: string;
  bytes: number;
  /** Time of the last write in nanoseconds since 1970, as text. */
  modified: string;
  /** Where it was counted when the version was made. */
  rows?: number;
}

/**
 * - `current`: what a reader gets who asks for no version
 * - `coexisting`: readable beside it, by name
 * - `kept`: an old version that a roll back would restore; not for readers
 * - `withdrawn`: a version that was rolled back; not for readers
 *
 * @public
 */
export type ManifestVersionState =
  | 'current'
  | 'coexisting'
  | 'kept'
  | 'withdrawn';

/** @public */
export interface ManifestVersion {
  version: string;
  state: ManifestVersionState;
  /** The migration that wrote its files; absent for files that were there before. */
  writtenBy?: string;
  /** The migration whose roll back would restore it; only of `kept` ones. */
  keptFor?: string;
  files: ManifestFile[];
}

/** What became of a migration, kept for ever. @public */
export interface ManifestMigration {
  id: string;
  from: string;
  to: string;
  phase: 'cut-over' | 'retired' | 'rolled-back' | 'cleaned-up';
  /**
   * Parquet files of the rows of the old version that are not in the new one, as
   * a value of theirs cannot be cast. Absent where there are none, or none any
   * more after a roll back. They are no files of a version, and never removed.
   */
  setAside?: ManifestFile[];
}

/**
 * One entry of the log that says what a dataset of files is. The entry with the
 * highest number holds; entries are created exclusively and never written
 * again. The log is the fence as well: an entry carries the highest token that
 * may add the next one.
 *
 * @public
 */
export interface Manifest {
  /** Of this format. */
  skein: 1;
  /** Equals the number in its name. */
  number: number;
  /** The fencing token of who wrote it. */
  token: number;
  /** When, for people; nothing is decided by it. */
  at: string;
  event:
    | 'fenced'
    | 'published'
    | 'retired'
    | 'rolled-back'
    | 'cleaned-up'
    | 'written';
  format: FormatName;
  /**
   * The version that the last migration arrived at, or went back to. Absent as
   * long as nothing was published.
   */
  published?: string;
  /**
   * Where none of them is `current`, the files of the folder are the dataset:
   * before anything was published, and after a roll back to them.
   */
  versions: ManifestVersion[];
  migrations: ManifestMigration[];
}

/** @throws InputError when the text is no manifest of this number */
export function parseManifest(text: string, number: number): Manifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text);
  } catch (error) {
    throw new InputError(`Manifest ${number} is no JSON: ${error}`);
  }
  if (manifest.skein !== 1 || manifest.number !== number) {
    throw new InputError(
      `Manifest ${number} has the format ${manifest.skein} and the number ${manifest.number}`,
    );
  }
  return manifest;
}

/** The text of a manifest's file. */
export function formatManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The name of a manifest's file: eight digits, so that names sort as numbers. */
export function manifestName(number: number): string {
  return `${String(number).padStart(8, '0')}.json`;
}

/** The number in the name of a manifest's file, undefined for another file. */
export function manifestNumber(name: string): number | undefined {
  const match = /^(\d{8,})\.json$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

/** The version that readers get who ask for none. */
export function currentVersion(
  manifest: Manifest | undefined,
): ManifestVersion | undefined {
  return manifest?.versions.find(({ state }) => state === 'current');
}
