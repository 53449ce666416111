import {
  Consumer,
  ConsumerVerdict,
  PlanRequest,
  PlanResponse,
  PreviewResponse,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ConcerningOptions } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { KnownDataset } from '../datasets/types';

/** Plans and previews; changes nothing. */
export interface Planner {
  /**
   * From metadata only.
   * @param known - what was just read of the dataset, for a caller that reads many
   * @throws NotFoundError for an unknown dataset or version; InputError when
   *   no plan can be made
   */
  plan(
    datasetRef: string,
    request: PlanRequest,
    known?: KnownDataset,
  ): Promise<PlanResponse>;
  /**
   * Judges some consumers of a dataset without asking the engine, so that a
   * page may do it for many datasets.
   * @returns the verdicts, and by what
   * @throws as {@link Planner.plan} does
   */
  judge(
    datasetRef: string,
    targetVersion: string,
    consumers: Consumer[],
  ): Promise<{
    fromVersion: string;
    verdicts: ConsumerVerdict[];
    known: ConcerningOptions;
  }>;
  /**
   * Rows before and after, classified fields masked. The caller must have
   * checked `dataset.data.read` (G11).
   * @param options.limit - rows, 1 to 100
   */
  preview(
    datasetRef: string,
    targetVersion: string,
    options: { limit: number; signal: AbortSignal },
  ): Promise<PreviewResponse>;
}
