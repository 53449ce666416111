import { Change } from '../changes/types';

/** @public */
export type Verdict = 'ready' | 'breaks' | 'unknown';

/**
 * What an entity says about one dataset it reads.
 *
 * @public
 */
export interface Consumer {
  /** Entity ref of the consumer. */
  entityRef: string;
  /** Entity ref of its owner, if it has one. */
  owner?: string;
  /** Title for people. */
  title?: string;
  /** Where it came from: `spec.consumesDatasets`, or `spec.dependsOn` alone. */
  source: 'declared' | 'depends-on';
  /** Semver range that it accepts; absent when it declares none. */
  constraint?: string;
  /** Fields that it reads; absent when not known. */
  fields?: string[];
  /** Callback address; checked against the operator's allow-list before use. */
  webhook?: string;
  /** Why the declaration cannot be used; makes the verdict `unknown`. */
  problem?: string;
}

/**
 * A consumer together with the dataset that it speaks of.
 *
 * @public
 */
export interface DeclaredConsumer extends Consumer {
  /** Full entity ref of the dataset, in lower case. */
  datasetRef: string;
}

/**
 * The judgement of one consumer for one plan.
 *
 * @public
 */
export interface ConsumerVerdict {
  consumer: Consumer;
  verdict: Verdict;
  /** Sentences for people: "reads `delay`, renamed to `arrival_delay`". */
  reasons: string[];
  /** The breaking and risky changes that touch fields it reads. */
  touchedBy: Change[];
  /** True when it keeps the plan from going on under policy `switch`. */
  blocking: boolean;
}
