import { RunOutput } from '../lineage/matchOutputs';

/** What a run of a consumer's job read, and what it made of that. */
export interface ObservedRun {
  consumerRef: string;
  job: string;
  runId: string;
  eventTime: Date;
  uses: Array<{ datasetRef: string; fields: string[] }>;
  outputs: RunOutput[];
  /** Why what the job reads is not known from it, as of `RunEvent`. */
  silent?: string;
  /** As of `RunEvent`; without it the run goes on. */
  outcome?: 'complete' | 'failed';
  /** As of `RunEvent`; default: false. */
  whole?: boolean;
  /** As of `RunEvent`; default: false. */
  tellsFilters?: boolean;
  /** Refs of the datasets that it names, and of which it is not known what it read. */
  unclear?: string[];
  /**
   * Refs of the datasets that it may have read, as nobody knows what their tables are;
   * or all that runs of the consumer named.
   */
  unmatched?: string[] | 'all';
  /** Default: now. */
  receivedAt?: Date;
}
