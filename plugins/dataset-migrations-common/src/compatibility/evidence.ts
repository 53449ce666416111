import { Consumer, FieldEvidence } from './types';

type Parsed = Extract<FieldEvidence, { by: 'parsed' }>;
type Observed = Extract<FieldEvidence, { by: 'observed' }>;

/**
 * A consumer with what was found about the fields it reads, beside what it says.
 * All of them count: a declaration that misses a field does not make a query run.
 *
 * @param found - parsed and observed; undefined where nobody looked, or nothing
 *   that reads the dataset was found
 * @public
 */
export function withFieldUse(
  consumer: Consumer,
  found: Pick<Consumer, 'evidence' | 'unread'>,
): Consumer {
  const { evidence = [], unread = [] } = found;
  const { fields } = consumer;
  if (evidence.length + unread.length === 0) {
    return consumer;
  }
  const declared = (fields ?? []).map(field => ({
    field,
    by: 'declared' as const,
  }));
  const all: FieldEvidence[] = [...declared, ...evidence];
  const known = fields !== undefined || evidence.length > 0;
  return {
    ...consumer,
    ...(known && { fields: [...new Set(all.map(({ field }) => field))] }),
    ...(all.length > 0 && { evidence: all }),
    ...(unread.length > 0 && { unread }),
  };
}

/**
 * Whether a consumer reads no other fields than those that are known. A declaration
 * is taken at its word.
 */
export function isKnownInFull(consumer: Consumer): boolean {
  const { fields, evidence = [], unread = [] } = consumer;
  return (
    fields !== undefined &&
    (unread.length === 0 ||
      evidence.length === 0 ||
      evidence.some(({ by }) => by === 'declared'))
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

/**
 * The same for all fields of a consumer, in short.
 *
 * @public
 */
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

function newest(runs: Observed[]): Observed {
  return runs.reduce((last, run) => (run.at > last.at ? run : last));
}
