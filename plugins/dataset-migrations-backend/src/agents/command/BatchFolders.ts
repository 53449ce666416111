import {
  makeTempFolder,
  prepareTempBase,
  removeTempFolder,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { TEMP_KEY } from './settings';

/** Lends private folders in which batches are exchanged with programs. */
export class BatchFolders {
  private prepared: Promise<void> | undefined;

  /** @param base - absolute path of the folder above them */
  constructor(private readonly base: string) {}

  /** Lends a new, empty folder and removes it afterwards. */
  async use<T>(work: (folder: string) => Promise<T>): Promise<T> {
    this.prepared ??= prepareTempBase(this.base, TEMP_KEY);
    await this.prepared.catch(error => {
      this.prepared = undefined;
      throw error;
    });
    const folder = await makeTempFolder(this.base);
    try {
      return await work(folder);
    } finally {
      await removeTempFolder(folder);
    }
  }
}
