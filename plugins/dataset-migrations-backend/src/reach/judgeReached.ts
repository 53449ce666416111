import {
  Consumer,
  ReachedRead,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  changesConcerningEach,
  judgeConsumers,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { changeOf, namesOf } from './spreadChanges';
import { nameOf } from './startOf';
import { ReachGraph, Spread, Touch } from './types';

const gravity: Record<Verdict, number> = { ready: 0, unknown: 1, breaks: 2 };

/** The gravest of some verdicts; `ready` of none. */
export function gravest(verdicts: readonly Verdict[]): Verdict {
  return verdicts.reduce<Verdict>(
    (worst, one) => (gravity[one] > gravity[worst] ? one : worst),
    'ready',
  );
}

/**
 * Judges the consumers of a dataset that changes because of another one. Its coming
 * version is not written yet, so only the fields that they read count, and no
 * constraint.
 */
export function judgeReached(
  graph: ReachGraph,
  datasetRef: string,
  spread: Spread,
): Array<{ entityRef: string; read: ReachedRead }> {
  const consumers = graph.consumers.get(datasetRef) ?? [];
  const touches = [...spread.touches.values()];
  const certain = touches.filter(touch => touch.certain);
  const perhaps = touches.filter(touch => !touch.certain);
  const concerning = changesConcerningEach({
    changes: perhaps.map(changeOf),
    ...namesOf(graph, datasetRef),
  });
  const verdicts = judgeConsumers({
    consumers: consumers.map(consumer => ({
      ...consumer,
      constraint: undefined,
    })),
    changes: certain.map(touch => explained(touch, graph.datasetRef)),
    ...namesOf(graph, datasetRef),
    // Only constraints would look at it.
    toVersion: '',
  });
  const isDoubtful = spread.doubts.size > 0;
  return verdicts.map(({ consumer, verdict, reasons }) => {
    const unsure = isDoubtful
      ? [`whether ${datasetRef} changes is not known`]
      : concerning(consumer).map(
          ({ from }) => `whether \`${from}\` changes is not known`,
        );
    const read: ReachedRead = { datasetRef, verdict, reasons };
    if (verdict === 'ready' && unsure.length > 0) {
      read.verdict = 'unknown';
      read.reasons = unsure;
    } else if (verdict === 'unknown' && isSilent(consumer)) {
      read.reasons = isDoubtful
        ? unsure
        : ['the fields that it reads are not known'];
    }
    return { entityRef: consumer.entityRef, read };
  });
}

/** Whether nothing at all is known of what it reads. */
function isSilent({ fields, unread = [], problem }: Consumer): boolean {
  return fields === undefined && unread.length === 0 && problem === undefined;
}

/** The change with where it comes from, as the end of a sentence. */
function explained(touch: Touch, startRef: string) {
  const change = changeOf(touch);
  return {
    ...change,
    summary: `which follows \`${nameOf(touch.cause)}\` of ${startRef}: ${
      change.summary
    }`,
  };
}
