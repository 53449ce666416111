import { PreflightReport } from '@skein/backstage-plugin-dataset-migrations-common';

/** Scans of the data before a start, as jobs; they change nothing. */
export interface PreflightService {
  start(
    datasetRef: string,
    targetVersion: string,
    requestedBy: string,
  ): Promise<PreflightReport>;
  /** Without values of rows. @throws NotFoundError */
  get(datasetRef: string, id: string): Promise<PreflightReport>;
  /**
   * The same with offending values, read anew from the data since they are
   * not kept, those of classified fields masked. The caller must have checked
   * `dataset.data.read` (G11).
   * @param options.samples - values per finding
   */
  getWithSamples(
    datasetRef: string,
    id: string,
    options: { samples: number; signal: AbortSignal },
  ): Promise<PreflightReport>;
}
