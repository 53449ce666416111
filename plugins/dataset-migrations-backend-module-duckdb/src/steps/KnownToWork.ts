import { createHash } from 'crypto';
import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { FileColumn } from '../formats/Format';

/** Digests that are kept. */
const MAX_KEPT = 1_000;

/**
 * What DuckDB was found to compute from columns as files say that they have them: the
 * files of a dataset mostly have the same, and many datasets may be alike.
 */
export class KnownToWork {
  /** Digests, those asked for last at the end. */
  private readonly kept = new Set<string>();

  /**
   * @param look - looks for what is in the way, and is not called again for the same
   *   columns and mapping once there was nothing
   */
  async problems(
    columns: FileColumn[],
    mapping: Mapping,
    look: () => Promise<string[]>,
  ): Promise<string[]> {
    const digest = createHash('sha256')
      .update(JSON.stringify([columns, mapping]))
      .digest('base64');
    const found = this.kept.delete(digest) ? [] : await look();
    if (found.length === 0) {
      this.keep(digest);
    }
    return found;
  }

  private keep(digest: string): void {
    this.kept.add(digest);
    if (this.kept.size > MAX_KEPT) {
      const [oldest] = this.kept;
      this.kept.delete(oldest);
    }
  }
}
