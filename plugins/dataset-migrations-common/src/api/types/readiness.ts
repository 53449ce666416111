import {
  ConsumerAnswerKind,
  ConsumerVerdict,
  Verdict,
} from '../../compatibility/types';
import { Page } from './page';

/**
 * `POST /consumers/:kind/:namespace/:name/acknowledgements`: what the owner of a
 * consumer says about a version of a dataset. The last answer counts.
 *
 * @public
 */
export interface AcknowledgeRequest {
  datasetRef: string;
  /** The version of the dataset that it is about. */
  version: string;
  /** `withdrawn` takes the last answer back. */
  answer: ConsumerAnswerKind | 'withdrawn';
  /**
   * ISO 8601. Ready from then on, at once when absent; or the time until when more
   * is needed, which must be given.
   */
  date?: string;
  /** Must be given where more time is asked for. */
  reason?: string;
  /**
   * `concernsId` of the version as the caller was shown it; must be given for `ready`.
   * Where other changes concern the consumer by now, the answer is refused with a 409.
   */
  concernsId?: string;
}

/**
 * What a consumer is asked for: to stop reading what changes, to say what it
 * reads, or to raise the version that it accepts.
 *
 * @public
 */
export type ConsumerRequest = 'adapt' | 'declare' | 'raise-version' | 'nothing';

/** A consumer on the board of a migration. @public */
export interface BoardEntry extends ConsumerVerdict {
  asked: ConsumerRequest;
  /**
   * Until when, ISO 8601: the day from which its owner says that it is ready, or
   * else the deadline of the migration.
   */
  until?: string;
  /** Whether it would break, and somebody decided to go on all the same. */
  overridden: boolean;
}

/** Filters of the board. @public */
export interface BoardRequest {
  verdict?: Verdict[];
  /** Those whose owner said so, or `none` for those who said nothing. */
  answer?: Array<ConsumerAnswerKind | 'none'>;
  /** Entity ref of the consumer's owner. */
  owner?: string;
  /** Part of the consumer's entity ref or title, in any case. */
  search?: string;
  cursor?: string;
  limit?: number;
}

/**
 * `GET /migrations/:id/consumers`: who stands in the way first.
 *
 * @public
 */
export interface Board extends Page<BoardEntry> {
  /** Of all consumers, whatever the filter. */
  counts: Record<Verdict, number>;
  /** Of all, how many keep the migration, or the retirement, from going on. */
  blockingCount: number;
  /** Whether they are judged as of now; else as they last were. */
  current: boolean;
}

/**
 * `GET /migrations/:id/blockers`: whom an override breaks, all of them.
 *
 * @public
 */
export interface BlockersResponse {
  items: ConsumerVerdict[];
  /** Names these consumers together with what each of them loses. */
  concernsId: string;
}

/** `POST /migrations/:id/override`. @public */
export interface OverrideRequest {
  reason: string;
  /**
   * Entity refs of the consumers that the caller was shown as those who break.
   * Where it are others by now, the answer is a 409 with the new list.
   */
  consumers: string[];
  /**
   * That of the list which the caller was shown. Where one of them would lose
   * something else by now, the answer is a 409, too.
   */
  concernsId: string;
}

/**
 * `POST /migrations/:id/dates`: what is absent stays, what is null goes.
 *
 * @public
 */
export interface MigrationDatesRequest {
  /** Until when consumers are asked to be ready, ISO 8601. */
  deadline?: string | null;
  /** Before then the old version does not retire, ISO 8601. */
  retirement?: string | null;
}
