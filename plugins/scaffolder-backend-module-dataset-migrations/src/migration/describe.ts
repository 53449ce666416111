import {
  Change,
  ConsumerVerdict,
  describeAcceptance,
  fieldOf,
  Migration,
  PlanResponse,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** A change as the actions output it: what a template can use. */
export function changeOutput({ kind, from, to, effect, summary }: Change) {
  return { kind, from, to, effect, summary };
}

/** A consumer as the actions output it. */
export function consumerOutput(verdict: ConsumerVerdict) {
  const { consumer, reasons, blocking } = verdict;
  return {
    entityRef: consumer.entityRef,
    owner: consumer.owner,
    constraint: consumer.constraint,
    fields: consumer.fields,
    verdict: verdict.verdict,
    reasons,
    blocking,
  };
}

/** `component:default/x breaks: reads ...` */
export function describeConsumer(verdict: ConsumerVerdict): string {
  const { consumer, reasons } = verdict;
  return `${consumer.entityRef} (${verdict.verdict}): ${reasons.join('; ')}`;
}

/** Why a migration is blocked, and what can be done about it. */
export function describeBlock(migration: Migration, url: string): string {
  const who = migration.consumers
    .filter(({ blocking }) => blocking)
    .map(describeConsumer);
  return [
    `${migration.datasetRef} ${migration.toVersion} is blocked by ${who.length} of its consumers:`,
    ...who.map(line => `- ${line}`),
    `It goes on by itself once they are ready. To publish the new version beside the old one instead: ${url}`,
  ].join('\n');
}

/**
 * A plan for people. One text, as the scaffolder does not keep lines that are
 * logged at once in their order.
 */
export function describePlan(plan: PlanResponse): string {
  const { enginePlan } = plan;
  const rows =
    enginePlan.rows === undefined
      ? ''
      : `, about ${enginePlan.rows.toLocaleString('en-US')} rows`;
  return [
    `Plan for ${plan.datasetRef}: ${plan.fromVersion} to ${plan.toVersion}, ${
      plan.breaking ? 'breaking' : 'compatible'
    }`,
    ...plan.changes.map(change => {
      const acceptance = describeAcceptance(change);
      return `- ${fieldOf(change) ?? 'dataset'}: ${change.summary}${
        acceptance ? ` (${acceptance})` : ''
      }`;
    }),
    `Engine ${enginePlan.engine}: ${enginePlan.strategy}${rows}`,
    ...enginePlan.notes.map(note => `- ${note}`),
    ...enginePlan.refusals.map(refusal => `- refused: ${refusal}`),
    `${plan.consumers.length} consumers, ${plan.blockingCount} of them blocking`,
    ...plan.consumers
      .filter(({ blocking }) => blocking)
      .map(verdict => `- ${describeConsumer(verdict)}`),
  ].join('\n');
}
