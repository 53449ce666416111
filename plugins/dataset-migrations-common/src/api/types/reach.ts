import { ChangeEffect } from '../../changes/kinds';
import { Verdict } from '../../compatibility/types';

/**
 * Whether the contract of a dataset changes because of another one's.
 *
 * @public
 */
export type ContractReach = 'yes' | 'no' | 'unknown';

/**
 * A field of a dataset's contract that changes, or may, with a field that it is made
 * of.
 *
 * @public
 */
export interface ReachedField {
  field: string;
  /** What it is made of; absent where the caller may not read that dataset. */
  from?: { datasetRef: string; field: string };
  /** The field that the reach starts from, or the object. */
  origin: string;
  /** What happens to that: "changed from int to text". */
  summary: string;
  effect: ChangeEffect;
  /** False where it is computed, so that it may stay as it is. */
  certain: boolean;
}

/**
 * A dataset that is made of one that changes.
 *
 * @public
 */
export interface ReachedDataset {
  entityRef: string;
  title: string;
  owner?: string;
  /** Entity refs of the consumers that make it, or of the datasets that it depends on itself. */
  through: string[];
  changes: ContractReach;
  /** Sentences for people. */
  reasons: string[];
  /** The first ones of many. */
  fields: ReachedField[];
}

/**
 * What a consumer reads of what changes.
 *
 * @public
 */
export interface ReachedRead {
  datasetRef: string;
  verdict: Verdict;
  /** Sentences for people. */
  reasons: string[];
}

/**
 * An entity that reads a dataset that changes, or may.
 *
 * @public
 */
export interface ReachedConsumer {
  entityRef: string;
  title?: string;
  owner?: string;
  /** The gravest one of what it reads. */
  verdict: Verdict;
  /** As far as the caller may read these datasets. */
  reads: ReachedRead[];
}

/**
 * Everybody at one distance: consumers of the datasets of the wave before, and the
 * datasets that are made of these.
 *
 * @public
 */
export interface ReachWave {
  /** From 1. */
  wave: number;
  /** Those without a dataset of their own that is in a wave. */
  consumers: ReachedConsumer[];
  datasets: ReachedDataset[];
  /** Those that the caller may not see. */
  hidden: { consumers: number; datasets: number };
}

/**
 * Whom the move of a dataset to another version reaches:
 * `GET /datasets/:kind/:namespace/:name/reach?targetVersion=`.
 *
 * @public
 */
export interface ReachResponse {
  fromVersion?: string;
  targetVersion?: string;
  waves: ReachWave[];
  /** Of all waves, without those that the caller may not see. */
  counts: {
    consumers: Record<Verdict, number>;
    datasets: Record<ContractReach, number>;
  };
  /** Set where it goes on beyond what was looked at. */
  truncated?: { by: 'waves' | 'entities' | 'links'; limit: number };
}
