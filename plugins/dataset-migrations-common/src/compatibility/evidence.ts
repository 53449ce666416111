import semver from 'semver';
import {
  Consumer,
  FieldCompleteness,
  FieldEvidence,
  LineageSilence,
  SourceRevision,
  UnreadSource,
} from './types';

type Parsed = Extract<FieldEvidence, { by: 'parsed' }>;
type Observed = Extract<FieldEvidence, { by: 'observed' }>;

/**
 * What was found about the fields that a consumer reads, beside its declaration.
 *
 * @public
 */
export interface FoundFieldUse {
  /** Parsed and observed. */
  evidence?: FieldEvidence[];
  unread?: UnreadSource[];
  /** Why nothing but the source needs to be read, where that is so. */
  complete?: Exclude<FieldCompleteness, 'declared'>;
  scan?: SourceRevision;
}

/**
 * A consumer with what was found about the fields it reads, beside what it says.
 * All of them count: a declaration that misses a field does not make a query run.
 * Only what stands in a source that several consumers share counts for none of them.
 *
 * @public
 */
export function withFieldUse(
  consumer: Consumer,
  found: FoundFieldUse,
): Consumer {
  const { evidence = [], unread = [], scan } = found;
  const { fields } = consumer;
  if (evidence.length + unread.length === 0) {
    return scan ? { ...consumer, scan } : consumer;
  }
  const declared = (fields ?? []).map(field => ({
    field,
    by: 'declared' as const,
  }));
  const all: FieldEvidence[] = [...declared, ...evidence];
  const counted = all.filter(one => !isShared(one));
  const known = fields !== undefined || counted.length > 0;
  const complete = completeness(consumer, found);
  return {
    ...consumer,
    ...(known && { fields: [...new Set(counted.map(({ field }) => field))] }),
    ...(all.length > 0 && { evidence: all }),
    ...(unread.length > 0 && { unread }),
    ...(complete && { complete }),
    ...(scan && { scan }),
  };
}

/**
 * A declaration is taken at its word. What was found is all there is only where
 * that is stated, nothing is left unread, and something was found at all: a source
 * that seems to read nothing is rather one that was not understood. Runs never tell
 * what they would read another time.
 */
function completeness(
  { fields }: Consumer,
  { evidence = [], unread = [], complete }: FoundFieldUse,
): FieldCompleteness | undefined {
  if (fields !== undefined) {
    return 'declared';
  }
  const parsed = evidence.filter(({ by }) => by === 'parsed');
  return unread.length === 0 && parsed.length > 0 && !parsed.some(isShared)
    ? complete
    : undefined;
}

/**
 * A consumer as it would be known if no run of it had been observed. What a source
 * names that it shares with others counts here: one of them reads it.
 */
export function withoutRuns(consumer: Consumer): Consumer {
  const { evidence, complete } = consumer;
  if (!evidence) {
    return consumer;
  }
  const named = evidence.filter(({ by }) => by !== 'observed');
  const known = named.length > 0 || complete === 'declared';
  return {
    ...consumer,
    fields: known ? [...new Set(named.map(({ field }) => field))] : undefined,
  };
}

/** What runs were observed to read from a day on: `2026-10-30`, in UTC. */
export function readsSince(
  { evidence = [] }: Consumer,
  since: string,
): LineageSilence['reads'] {
  return evidence
    .filter((one): one is Observed => one.by === 'observed' && one.at >= since)
    .map(({ field, job, at }) => ({ field, job, on: at.slice(0, 10) }));
}

/** Whether it is not known who of several reads a field. */
export function isShared(evidence: FieldEvidence): boolean {
  return evidence.by === 'parsed' && evidence.shared === true;
}

/**
 * Whether a consumer reads no other fields than those that are known.
 *
 * @public
 */
export function isKnownInFull(consumer: Consumer): boolean {
  const { fields, evidence = [], unread = [], complete } = consumer;
  return (
    fields !== undefined &&
    (complete !== undefined || evidence.length + unread.length === 0)
  );
}

/**
 * Whether a consumer only follows: it accepts any version, prereleases too, and says that
 * it reads nothing, and nothing else says otherwise.
 *
 * @public
 */
export function isFollower(consumer: Consumer): boolean {
  const { constraint, fields, problem, evidence = [], unread = [] } = consumer;
  return (
    problem === undefined &&
    constraint !== undefined &&
    semver.validRange(constraint) === '*' &&
    fields?.length === 0 &&
    evidence.length + unread.length === 0 &&
    isKnownInFull(consumer)
  );
}

/**
 * Whether a declaration names a field, or nobody says what else does.
 *
 * @param field - with its object before it or without, as a declaration may have it
 */
export function isDeclared(
  { evidence = [] }: Consumer,
  field: string,
): boolean {
  return (
    !evidence.some(one => one.field === field) ||
    evidence.some(
      one =>
        one.by === 'declared' &&
        (one.field === field || field.endsWith(`.${one.field}`)),
    )
  );
}

/** Whether something else than a declaration names a field. */
export function isFound({ evidence = [] }: Consumer, field: string): boolean {
  return evidence.some(one => one.field === field && one.by !== 'declared');
}

/**
 * How it is known that a consumer reads a field: "models/stg.sql:12 and 2 more
 * places"; empty where only a declaration says so and nobody else was asked.
 *
 * @public
 */
export function describeEvidence(
  consumer: Pick<Consumer, 'evidence'>,
  field: string,
): string {
  const own = (consumer.evidence ?? []).filter(one => one.field === field);
  const parsed = own.filter((one): one is Parsed => one.by === 'parsed');
  const runs = own.filter((one): one is Observed => one.by === 'observed');
  const texts: string[] = [];
  if (own.some(({ by }) => by === 'declared')) {
    texts.push('declared');
  }
  if (parsed.length > 0) {
    const { file, line, star } = parsed[0];
    const more = parsed.length - 1;
    texts.push(
      `${file}:${line}${star ? ' by `*`' : ''}${
        more > 0 ? ` and ${more} more ${more === 1 ? 'place' : 'places'}` : ''
      }`,
    );
  }
  if (runs.length > 0) {
    const { at, job } = newest(runs);
    texts.push(`observed ${at} in ${job}`);
  }
  return texts.join('; ');
}

/** The same for all fields of a consumer, in short. */
export function summarizeEvidence({
  evidence = [],
}: Pick<Consumer, 'evidence'>): string {
  const parsed = evidence.filter((one): one is Parsed => one.by === 'parsed');
  const runs = evidence.filter((one): one is Observed => one.by === 'observed');
  const files = new Set(parsed.map(({ file }) => file)).size;
  return [
    ...(evidence.some(({ by }) => by === 'declared') ? ['declared'] : []),
    ...(files > 0
      ? [`parsed from ${files === 1 ? '1 file' : `${files} files`}`]
      : []),
    ...(runs.length > 0 ? [`observed ${newest(runs).at}`] : []),
  ].join('; ');
}

/**
 * How it is known what a consumer reads, for a place of its own: `declared` also where
 * nothing but a declaration says so, which sentences leave out.
 *
 * @returns empty where nothing is known
 * @public
 */
export function nameEvidence(
  consumer: Pick<Consumer, 'evidence' | 'fields'>,
): string {
  return consumer.evidence === undefined && consumer.fields !== undefined
    ? 'declared'
    : summarizeEvidence(consumer);
}

function newest(runs: Observed[]): Observed {
  return runs.reduce((last, run) => (run.at > last.at ? run : last));
}
