import { UrlReaderService } from '@backstage/backend-plugin-api';
import { SourceFile, UnreadFile } from './types';

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

/** The files of a source that may say which fields it reads. */
export interface SourceTree {
  etag: string;
  files: SourceFile[];
  /** Those that are too large or too many. */
  unread: UnreadFile[];
}

/**
 * Reads the SQL files and dbt projects below a source location, through the
 * integrations that the operator configured. Nothing is written to disk, and links
 * lead nowhere.
 *
 * @param url - as in `backstage.io/source-location`, without `url:`
 * @param options.etag - of the last time
 * @throws NotModifiedError when it is as it was then; as the reader does
 */
export async function readSource(
  reader: UrlReaderService,
  url: string,
  options: { etag?: string; signal?: AbortSignal } = {},
): Promise<SourceTree> {
  const limits = new Limits();
  const tree = await reader.readTree(url, {
    ...options,
    filter: (path, info) => limits.takes(path, info?.size ?? 0),
  });
  const files = await tree.files();
  return {
    etag: tree.etag,
    files: files
      .filter(({ path }) => isWanted(path))
      .map(({ path, content }) => ({
        path,
        // Of a link there is no content.
        text: async () => {
          const bytes: unknown = await content();
          return Buffer.isBuffer(bytes) ? bytes.toString('utf8') : '';
        },
      })),
    unread: limits.unread,
  };
}

class Limits {
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

function isWanted(path: string): boolean {
  const folders = path.split('/');
  const name = folders.pop()!;
  return (
    /\.(sql|ya?ml|csv|py)$/i.test(name) &&
    !folders.some(folder => IGNORED_FOLDERS.has(folder) || folder === '..')
  );
}
