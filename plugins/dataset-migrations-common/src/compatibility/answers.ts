import { describeChange, gradeOf } from '../changes/acceptedChanges';
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
  /** The version range that the consumer declared at that time, if any. */
  constraint?: string;
}

/**
 * The changes that concern a consumer as sentences, sorted: what its owner is
 * shown and answers to. The same sentences are the same changes.
 *
 * @param changes - as `changesConcerning` gives them
 * @public
 */
export function describeConcerns(changes: readonly Change[]): string[] {
  return sentences(changes, describeConcern);
}

/**
 * {@link describeConcerns} of what concerns each of many consumers. Each change is
 * described once. The arrays are shared among those whom all changes concern, as not
 * everything is known of them.
 *
 * @public
 */
export function concernsOfEach(
  options: ConcerningOptions,
): (consumer: Consumer) => readonly string[] {
  const changesOf = changesConcerningEach(options);
  const sentenceOf = remembered(describeConcern);
  const concernsOf = remembered((changes: Change[]) =>
    sentences(changes, sentenceOf),
  );
  return consumer => concernsOf(changesOf(consumer));
}

/**
 * Verdicts with what the owners of the consumers answered. An acknowledgement
 * makes exactly its consumer ready, from its date on; one that speaks of other
 * changes than concern the consumer now, or that was given when it declared another
 * version range, counts no longer, and the reasons say so.
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
    const { concerns, constraint, ...answer } = given;
    const { consumer } = verdict;
    const dropped =
      answer.kind === 'ready'
        ? whyDropped(
            { concerns, constraint },
            {
              concerns: concernsOf(consumer),
              constraint: consumer.constraint,
            },
          )
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

/** What an acknowledgement hangs on. */
interface Ground {
  concerns: readonly string[];
  constraint?: string;
}

/**
 * What became of the changes that were acknowledged, or of what the consumer says
 * itself, if anything.
 */
function whyDropped(then: Ground, now: Ground): string | undefined {
  const [before, after] = [new Set(then.concerns), new Set(now.concerns)];
  const come = now.concerns.filter(concern => !before.has(concern));
  const gone = then.concerns.filter(concern => !after.has(concern));
  const parts = [
    // Its own word of later counts, whatever its owner said before.
    then.constraint !== now.constraint &&
      `since then it declares ${versions(now)} instead of ${versions(then)}`,
    come.length > 0 && `since then came ${some(come)}`,
    gone.length > 0 && `no longer planned is ${some(gone)}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join('; ') : undefined;
}

function versions({ constraint }: Ground): string {
  return constraint === undefined ? 'no versions' : `\`${constraint}\``;
}

function some(concerns: string[]): string {
  const shown = concerns.slice(0, 5).join(', ');
  return concerns.length > 5
    ? `${shown} and ${concerns.length - 5} more`
    : shown;
}

function sentences(
  changes: readonly Change[],
  describe: (change: Change) => string,
): string[] {
  return [...new Set(changes.map(change => describe(change)))].sort();
}

function remembered<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return key => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

/** That somebody accepts a change makes it no other one for who acknowledged it. */
function describeConcern(change: Change): string {
  return `${describeChange(change)} (${gradeOf(change)})`;
}

function dayOf(time: string): string {
  return time.slice(0, 10);
}
