import {
  Change,
  Consumer,
  ConsumerVerdict,
  Contract,
  fieldsOf,
  hasSeveralObjects,
  MigrationError,
  MigrationPlan,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  applyAnswers,
  changesConcerningEach,
  ConcerningOptions,
  concernsOfEach,
  GivenAnswer,
  judgeConsumers,
  pairObjects,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { MigrationRecord, Override } from '../database/MigrationRecord';
import { concernsIdOf } from './concernsId';

/** Name of the error of a migration, or a retirement, that somebody stands in the way of. */
export const BREAKING_CHANGE = 'BreakingChangeError';

/** How many consumers a text names; the list is with the migration. */
const NAMED = 5;

/** What consumers are judged by. */
export interface JudgedPlan {
  plan: MigrationPlan;
  from: Contract;
  to: Contract;
}

/** Judges the consumers of a dataset for one plan. */
export function judge(
  options: JudgedPlan & {
    consumers: Consumer[];
    /** What their owners said about the target version; see `listAnswers`. */
    answers: ReadonlyMap<string, GivenAnswer>;
    /** A constraint that excludes the target breaks by itself. */
    strict: boolean;
  },
): ConsumerVerdict[] {
  const { consumers, answers, strict } = options;
  const known = whatIsKnown(options);
  const verdicts = judgeConsumers({
    ...known,
    consumers,
    toVersion: options.plan.toVersion,
    strict,
  });
  return withConcernsIds(
    applyAnswers(verdicts, { ...known, answers, now: new Date() }),
    concernsOfEach(known),
  );
}

function withConcernsIds(
  verdicts: ConsumerVerdict[],
  concernsOfOne: (consumer: Consumer) => readonly string[],
): ConsumerVerdict[] {
  // All of whom nothing is known share one list.
  const ids = new WeakMap<readonly string[], string>();
  return verdicts.map(verdict => {
    if (!verdict.blocking) {
      return verdict;
    }
    const concerns = concernsOfOne(verdict.consumer);
    const concernsId = ids.get(concerns) ?? concernsIdOf(concerns);
    ids.set(concerns, concernsId);
    return { ...verdict, concernsId };
  });
}

/** The changes that concern a consumer, as sentences. */
export function concernsOf(plan: JudgedPlan, consumer: Consumer): string[] {
  return [...concernsOfEach(whatIsKnown(plan))(consumer)];
}

/** Tells whom changes concern: who reads what changes, or of whom that is not known. */
export function concernedBy(
  plan: JudgedPlan,
  isOne: (change: Change) => boolean,
): (consumer: Consumer) => boolean {
  const changesOf = changesConcerningEach(whatIsKnown(plan));
  return consumer => changesOf(consumer).some(isOne);
}

/** What a plan changes, with the names that both versions know. */
export function whatIsKnown({ plan, from, to }: JudgedPlan): ConcerningOptions {
  return {
    changes: plan.changes,
    fields: [from, to].flatMap(fieldsOf).map(field => field.name),
    ...(hasSeveralObjects(from) && {
      objects: pairObjects(from, to).map(pair => ({
        from: pair.from.name,
        to: pair.to.name,
      })),
    }),
  };
}

/** What a migration was planned from. */
export function judgedPlanOf(
  record: Pick<MigrationRecord, 'plan' | 'sourceContract' | 'targetContract'>,
): JudgedPlan {
  return {
    plan: record.plan,
    from: record.sourceContract,
    to: record.targetContract,
  };
}

/**
 * The verdicts that keep a migration from going on: those that block and that no
 * override covers (G6).
 */
export function blockers(
  verdicts: ConsumerVerdict[],
  override?: Override,
): ConsumerVerdict[] {
  const isCovered = coveredBy(override);
  return verdicts.filter(verdict => verdict.blocking && !isCovered(verdict));
}

/**
 * Tells whom an override covers: those that it names, as long as they lose what they
 * lost when it was given.
 */
export function coveredBy(
  override: Override | undefined,
): (verdict: ConsumerVerdict) => boolean {
  const covered = new Map(
    override?.consumers.map(ref => [ref, override.concernsIds?.[ref]] as const),
  );
  return ({ consumer: { entityRef }, concernsId }) =>
    covered.has(entityRef) && covered.get(entityRef) === concernsId;
}

/** Those of the verdicts that block whose consumers did not block before. */
export function latecomers(
  blocking: ConsumerVerdict[],
  before: ConsumerVerdict[],
): ConsumerVerdict[] {
  const known = new Set(before.map(({ consumer }) => consumer.entityRef));
  return blocking.filter(({ consumer }) => !known.has(consumer.entityRef));
}

/** Who breaks and why, in one sentence. */
export function breakingChangeError(
  blocking: ConsumerVerdict[],
): Omit<MigrationError, 'stage'> {
  return {
    name: BREAKING_CHANGE,
    message: `Breaking change detected: ${whoAndWhy(blocking)}`,
  };
}

/** `component:default/board reads `delay`, …; component:default/report …; and 3 more`. */
export function whoAndWhy(verdicts: ConsumerVerdict[]): string {
  const named = verdicts
    .slice(0, NAMED)
    .map(({ consumer, reasons }) =>
      `${consumer.entityRef} ${reasons.join(', ')}`.trimEnd(),
    )
    .join('; ');
  const more = verdicts.length - NAMED;
  return more > 0 ? `${named}; and ${more} more` : named;
}
