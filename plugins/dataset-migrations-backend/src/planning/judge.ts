import {
  Consumer,
  ConsumerVerdict,
  Contract,
  fieldsOf,
  hasSeveralObjects,
  MigrationError,
  MigrationPlan,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  judgeConsumers,
  pairObjects,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';

/** Name of the error of a migration, or a retirement, that somebody stands in the way of. */
export const BREAKING_CHANGE = 'BreakingChangeError';

/** How many consumers an error message names; the list is with the migration. */
const NAMED = 5;

/** Judges the consumers of a dataset for one plan. */
export function judge(options: {
  plan: MigrationPlan;
  from: Contract;
  to: Contract;
  consumers: Consumer[];
  /** A constraint that excludes the target breaks by itself. */
  strict: boolean;
}): ConsumerVerdict[] {
  const { from, to } = options;
  return judgeConsumers({
    consumers: options.consumers,
    changes: options.plan.changes,
    toVersion: options.plan.toVersion,
    fields: [from, to].flatMap(fieldsOf).map(field => field.name),
    ...(hasSeveralObjects(from) && {
      objects: pairObjects(from, to).map(pair => ({
        from: pair.from.name,
        to: pair.to.name,
      })),
    }),
    strict: options.strict,
  });
}

/** The verdicts that keep a migration from going on. */
export function blockers(
  verdicts: ConsumerVerdict[],
  overridden: string[] = [],
): ConsumerVerdict[] {
  return verdicts.filter(
    ({ blocking, consumer }) =>
      blocking && !overridden.includes(consumer.entityRef),
  );
}

/** Who breaks and why, in one sentence. */
export function breakingChangeError(
  blocking: ConsumerVerdict[],
): Omit<MigrationError, 'stage'> {
  const named = blocking
    .slice(0, NAMED)
    .map(
      ({ consumer, reasons }) => `${consumer.entityRef} ${reasons.join(', ')}`,
    )
    .join('; ');
  const more =
    blocking.length > NAMED ? `; and ${blocking.length - NAMED} more` : '';
  return {
    name: BREAKING_CHANGE,
    message: `Breaking change detected: ${named}${more}`,
  };
}
