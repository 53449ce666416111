import { UnreadFile } from './types';

/** Bytes of a file; longer ones are reported, not read. */
const MAX_FILE_BYTES = 256 * 1024;
const MAX_FILES = 3_000;
const MAX_TOTAL_BYTES = 32 * 1024 * 1024;

/** What builds and package managers put there, which nobody wrote. */
const IGNORED_FOLDERS = new Set([
  '.git',
  'dbt_modules',
  'dbt_packages',
  'node_modules',
  'target',
]);

/** Whether a file may say which fields its source reads. */
export function isWanted(path: string): boolean {
  const folders = path.split('/');
  const name = folders.pop()!;
  return (
    /\.(sql|ya?ml|csv|py)$/i.test(name) &&
    !folders.some(folder => IGNORED_FOLDERS.has(folder) || folder === '..')
  );
}

/** Takes the files of one source until there are too many, and notes what it did not. */
export class SourceLimits {
  readonly unread: UnreadFile[] = [];
  private files = 0;
  private bytes = 0;
  private exceeded = false;

  takes(path: string, size: number): boolean {
    if (!isWanted(path) || this.exceeded) {
      return false;
    }
    if (size > MAX_FILE_BYTES) {
      if (path.endsWith('.sql')) {
        this.unread.push({
          file: path,
          reason: `has ${size} bytes, more than ${MAX_FILE_BYTES}`,
        });
      }
      return false;
    }
    this.files += 1;
    this.bytes += size;
    if (this.files > MAX_FILES || this.bytes > MAX_TOTAL_BYTES) {
      this.exceeded = true;
      this.unread.push({
        file: path,
        reason: `is not read, nor what comes after it: there are more than ${MAX_FILES} files or ${MAX_TOTAL_BYTES} bytes`,
      });
      return false;
    }
    return true;
  }
}
