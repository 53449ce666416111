import { Change } from '../changes/types';
import { changesConcerningEach, ConcerningOptions } from './judgeConsumers';
import { Consumer, ConsumerAnswer, ConsumerVerdict } from './types';

/**
 * An answer as it was given, with the changes that it speaks of.
 *
 * @public
 */
export interface GivenAnswer extends Omit<ConsumerAnswer, 'dropped'> {
  /** As {@link describeConcerns} gave them for the consumer at that time. */
  concerns: string[];
}

/**
 * The changes that concern a consumer as sentences, sorted: what its owner is
 * shown and answers to. The same sentences are the same changes.
 *
 * @param changes - as `changesConcerning` gives them
 * @public
 */
export function describeConcerns(changes: readonly Change[]): string[] {
  return [...new Set(changes.map(describeConcern))].sort();
}

/**
 * {@link describeConcerns} of what concerns each of many consumers. The arrays are
 * shared among those whom the same changes concern because nothing is known of them.
 *
 * @public
 */
export function concernsOfEach(
  options: ConcerningOptions,
): (consumer: Consumer) => readonly string[] {
  const changesOf = changesConcerningEach(options);
  const described = new WeakMap<Change[], readonly string[]>();
  return consumer => {
    const changes = changesOf(consumer);
    const concerns = described.get(changes) ?? describeConcerns(changes);
    described.set(changes, concerns);
    return concerns;
  };
}

/**
 * Verdicts with what the owners of the consumers answered. An acknowledgement
 * makes exactly its consumer ready, from its date on; one that speaks of other
 * changes than concern the consumer now counts no longer, and the reasons say so.
 * Who asks for more time is as ready as before.
 *
 * @param options.answers - by entity ref of the consumer
 * @param options.changes - those that the verdicts were made of
 * @param options.now - the time by which dates have come
 * @public
 */
export function applyAnswers(
  verdicts: readonly ConsumerVerdict[],
  options: ConcerningOptions & {
    answers: ReadonlyMap<string, GivenAnswer>;
    now: Date;
  },
): ConsumerVerdict[] {
  const concernsOf = concernsOfEach(options);
  return verdicts.map(verdict => {
    const given = options.answers.get(verdict.consumer.entityRef);
    if (!given) {
      return verdict;
    }
    const { concerns, ...answer } = given;
    const dropped =
      answer.kind === 'ready'
        ? whyDropped(concerns, concernsOf(verdict.consumer))
        : undefined;
    return applyAnswer(
      verdict,
      dropped === undefined ? answer : { ...answer, dropped },
      options.now,
    );
  });
}

function applyAnswer(
  verdict: ConsumerVerdict,
  answer: ConsumerAnswer,
  now: Date,
): ConsumerVerdict {
  if (verdict.verdict === 'ready') {
    return { ...verdict, answer };
  }
  const { reasons } = verdict;
  const { kind, date, reason, by, at, dropped } = answer;
  const acknowledged = `acknowledged by ${by} on ${dayOf(at)}`;
  const also = (sentence: string): ConsumerVerdict => ({
    ...verdict,
    answer,
    reasons: [...reasons, sentence],
  });
  if (kind === 'more-time') {
    const why = reason ? `: ${reason}` : '';
    return also(`${by} asks for time until ${dayOf(date!)}${why}`);
  }
  if (dropped !== undefined) {
    return also(`${acknowledged}, which counts no longer: ${dropped}`);
  }
  if (date !== undefined && new Date(date) > now) {
    return also(`${acknowledged} to be ready from ${dayOf(date)} on`);
  }
  return {
    ...verdict,
    answer,
    verdict: 'ready',
    blocking: false,
    reasons: [acknowledged, ...reasons],
  };
}

/** What became of the changes that were acknowledged, if anything. */
function whyDropped(
  then: readonly string[],
  now: readonly string[],
): string | undefined {
  const [before, after] = [new Set(then), new Set(now)];
  const come = now.filter(concern => !before.has(concern));
  const gone = then.filter(concern => !after.has(concern));
  const parts = [
    come.length > 0 && `since then came ${some(come)}`,
    gone.length > 0 && `no longer planned is ${some(gone)}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join('; ') : undefined;
}

function some(concerns: string[]): string {
  const shown = concerns.slice(0, 5).join(', ');
  return concerns.length > 5
    ? `${shown} and ${concerns.length - 5} more`
    : shown;
}

function describeConcern({
  from,
  to,
  object,
  summary,
  effect,
}: Change): string {
  const of = from ?? to ?? object;
  return `${of === undefined ? '' : `\`${of}\` `}${summary} (${effect})`;
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
