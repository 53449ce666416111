import { RunOutput } from '../lineage/matchOutputs';

/** What a run of a consumer's job read, and what it made of that. */
export interface ObservedRun {
  consumerRef: string;
  job: string;
  runId: string;
  eventTime: Date;
  uses: Array<{ datasetRef: string; fields: string[] }>;
  outputs: RunOutput[];
}
