import path from 'path';
import { FencedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { Place } from '../places/Place';
import { DurableFiles } from './DurableFiles';
import { Manifest, formatManifest, manifestName } from './manifest';
import { manifestFolder, readManifest } from './readManifest';

/** What an entry says anew; the rest is taken from the entry before. */
export type ManifestChange = Partial<
  Pick<Manifest, 'published' | 'versions' | 'migrations'>
> & { event: Manifest['event'] };

/**
 * The log of manifests of one dataset, which is its fence too. There is no lock
 * in a folder, but a name can be taken only once: whoever takes over adds an
 * entry with a higher token, so a worker that lost its lease between its check
 * and its write finds the number taken, reads again, and sees the token.
 */
export class ManifestLog {
  constructor(
    private readonly place: Place,
    private readonly files: DurableFiles,
  ) {}

  async latest(): Promise<Manifest | undefined> {
    return readManifest(this.place.state);
  }

  /**
   * @returns the entry that holds now, if there is one
   * @throws FencedError when a higher token stands there
   */
  async assertNotTaken(token: number): Promise<Manifest | undefined> {
    const latest = await this.latest();
    if (latest && latest.token > token) {
      throw fenced(this.place, latest.token, token);
    }
    return latest;
  }

  /**
   * Makes a token the one that may write, or finds that it is.
   *
   * @returns the entry that holds now; its token is the one given
   * @throws FencedError when a higher token stands there
   */
  async hold(token: number): Promise<Manifest> {
    const latest = await this.assertNotTaken(token);
    return latest?.token === token
      ? latest
      : this.append(token, () => ({ event: 'fenced' }));
  }

  /**
   * Adds an entry.
   *
   * @param decide - makes it from the entry before; called again when another
   *   entry was added meanwhile. Undefined adds nothing.
   * @returns the entry that holds now
   * @throws FencedError when a higher token stands there
   */
  async append(
    token: number,
    decide: (
      before: Manifest | undefined,
    ) => ManifestChange | undefined | Promise<ManifestChange | undefined>,
  ): Promise<Manifest> {
    const folder = manifestFolder(this.place.state);
    await this.files.makeFolder(folder);
    for (;;) {
      const before = await this.assertNotTaken(token);
      const change = await decide(before);
      if (before && !change) {
        return before;
      }
      const next: Manifest = {
        skein: 1,
        number: (before?.number ?? 0) + 1,
        token,
        at: new Date().toISOString(),
        event: 'fenced',
        format: this.place.format,
        published: before?.published,
        versions: before?.versions ?? [],
        migrations: before?.migrations ?? [],
        ...change,
      };
      const file = path.join(folder, manifestName(next.number));
      if (await this.files.createExclusive(file, formatManifest(next))) {
        return next;
      }
    }
  }
}

function fenced(place: Place, found: number, own: number): FencedError {
  return new FencedError(
    `Another worker took over in ${place.root.name}/${place.state.slice(
      place.root.path.length + 1,
    )}: its token is ${found}, ours ${own}`,
  );
}
