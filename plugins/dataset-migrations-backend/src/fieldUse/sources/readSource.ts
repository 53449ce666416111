import { UrlReaderService } from '@backstage/backend-plugin-api';
import { isWanted, SourceLimits } from './SourceLimits';
import { SourceFile, UnreadFile } from './types';

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
  const limits = new SourceLimits();
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
