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
 * Reads the code below a source location, through the integrations that the operator
 * configured. Nothing is written to disk, and links lead nowhere.
 *
 * @param url - as in `backstage.io/source-location`, without `url:`
 * @param options.etag - of the last time
 * @throws NotModifiedError when it is as it was then; Error for a host that does not
 *   say which state it gave, as object stores do not; as the reader does
 */
export async function readSource(
  reader: UrlReaderService,
  url: string,
  options: { etag?: string; signal?: AbortSignal } = {},
): Promise<SourceTree> {
  const asked = new SourceLimits();
  const tree = await reader.readTree(url, {
    ...options,
    filter: (path, info) => asked.takes(path, info?.size ?? 0),
  });
  if (!tree.etag || tree.etag === 'NOT/IMPLEMENTED') {
    throw new Error('its host does not say which state of it that is');
  }
  // Not every reader asks the filter, or knows sizes.
  const given = new SourceLimits();
  const files: SourceFile[] = [];
  for (const { path, content } of await tree.files()) {
    if (isWanted(path)) {
      const bytes: unknown = await content();
      // Of a link there is no content.
      const text = Buffer.isBuffer(bytes) ? bytes : Buffer.alloc(0);
      if (given.takes(path, text.length)) {
        files.push({ path, text: async () => text.toString('utf8') });
      }
    }
  }
  return {
    etag: tree.etag,
    files,
    unread: asked.unread.length > 0 ? asked.unread : given.unread,
  };
}
