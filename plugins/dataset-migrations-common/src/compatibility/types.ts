import { Change } from '../changes/types';

/** @public */
export type Verdict = 'ready' | 'breaks' | 'unknown';

/**
 * How it is known that a consumer reads a field: it says so; its SQL names the
 * field; or a run of one of its jobs reported so.
 *
 * @public
 */
export type FieldEvidence = { field: string } & (
  | { by: 'declared' }
  | {
      by: 'parsed';
      /** Path below the consumer's source location. */
      file: string;
      /** From 1. */
      line: number;
      /** True where it is one of the fields that a `*` stands for. */
      star?: boolean;
      /**
       * True where other consumers of the dataset have the same source location:
       * which of them reads the field there is not known.
       */
      shared?: boolean;
    }
  | {
      by: 'observed';
      /** Namespace and name of the job, with a slash between them. */
      job: string;
      /** When the run was, ISO 8601. */
      at: string;
    }
);

/**
 * A part of a consumer's source that may read the dataset, but could not be read.
 *
 * @public
 */
export interface UnreadSource {
  /** Path below the source location; absent for the source as a whole. */
  file?: string;
  /** From 1. */
  line?: number;
  reason: string;
}

/**
 * What was last read of a consumer's source.
 *
 * @public
 */
export interface SourceRevision {
  /** Source location, an address. */
  url: string;
  /** What the host calls that state of it: of git, the commit. */
  revision: string;
  /** When it was last seen to be still so, ISO 8601. */
  checkedAt: string;
}

/**
 * Why the fields that are known of a consumer are all that it reads: it declares them;
 * its annotation says that its source is all that reads, and all of that was read; or
 * its source is a dbt project of which all was read and beside which nothing names
 * the dataset.
 *
 * @public
 */
export type FieldCompleteness = 'declared' | 'stated' | 'parsed';

/**
 * What the runs of a consumer's jobs read of a dataset of late, and whether they would
 * have told of anything else.
 *
 * @public
 */
export interface LineageSilence {
  /** First day of the time that is looked at, in UTC: `2026-10-30`. */
  since: string;
  /** How many of its jobs are known to read the dataset, or once did. */
  jobs: number;
  /**
   * Why it proves nothing that a field was not read; absent where the lineage of
   * all of these jobs was live throughout.
   */
  doubt?: string;
  /** The newest read of each field since then; empty where there is a doubt. */
  reads: Array<{
    field: string;
    /** Namespace and name of the job, with a slash between them. */
    job: string;
    /** Day of the run, in UTC. */
    on: string;
  }>;
}

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
  /**
   * Fields that it reads, whichever way that is known; absent when it is not.
   */
  fields?: string[];
  /** How {@link Consumer.fields} are known, where more than a declaration says so. */
  evidence?: FieldEvidence[];
  /**
   * What of its source could not be read. Without a declaration it may read more
   * fields than are known.
   */
  unread?: UnreadSource[];
  /**
   * Why {@link Consumer.fields} are all that it reads. Absent where it may read more;
   * and where there is neither evidence nor anything unread, as a declaration alone is
   * taken at its word.
   */
  complete?: FieldCompleteness;
  /** The state of its source that evidence and unread parts are of. */
  scan?: SourceRevision;
  /**
   * What its runs do not read; absent where that is not asked for, or no run of it ever
   * named the dataset.
   */
  silence?: LineageSilence;
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
  /** Address of its source, where that is one that can be read from afar. */
  sourceUrl?: string;
  /** Dialect of its SQL, where it says one. */
  sqlDialect?: string;
  /** True where it says that nothing but its source reads datasets. */
  sourceComplete?: boolean;
  /** What is wrong with its annotations about its source. */
  sourceProblem?: string;
}

/**
 * What the owner of a consumer answers to a version: that it is ready, now or
 * from a day on, or that it needs more time.
 *
 * @public
 */
export type ConsumerAnswerKind = 'ready' | 'more-time';

/**
 * What the owner of a consumer said about a version of a dataset.
 *
 * @public
 */
export interface ConsumerAnswer {
  kind: ConsumerAnswerKind;
  /**
   * ISO 8601. Of `ready`: from then on, at once when absent; of `more-time`:
   * until then.
   */
  date?: string;
  /** Why, in the words of who answered. */
  reason?: string;
  /** Entity ref of who answered. */
  by: string;
  /** When, ISO 8601. */
  at: string;
  /**
   * Why an acknowledgement counts no longer: the changes that concern the consumer
   * are not those that it speaks of, or it declares another version range since.
   */
  dropped?: string;
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
  /**
   * Of one that blocks: names the changes that concern it. It stays the same as long
   * as these do, and an override covers it as long as it stays the same.
   */
  concernsId?: string;
  /** What its owner said about the version, if anything. */
  answer?: ConsumerAnswer;
}
