import {
  ReachedDataset,
  ReachedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { contractReach } from './spreadChanges';
import { nameOf } from './startOf';
import { Calm, Doubt, ReachDataset, Spread, Touch } from './types';

/** Sentences, and fields, of one dataset. */
const SHOWN = 10;
const SHOWN_FIELDS = 50;

/** What the caller may be told. */
export interface Sight {
  /** The dataset that the reach starts from. */
  startRef: string;
  /** Whether the caller may know of a dataset, or a consumer. */
  sees(entityRef: string): boolean;
}

const HIDDEN = 'a dataset that you may not read';

/** A dataset with whether its contract changes, and why. */
export function describeReached(
  dataset: ReachDataset,
  spread: Spread,
  sight: Sight,
): Omit<ReachedDataset, 'through'> {
  const touches = [...spread.touches.values()].sort(
    (a, b) => Number(b.certain) - Number(a.certain),
  );
  const changes = contractReach(spread);
  const reasons = new Set<string>([
    ...touches.map(touch => sentenceOfTouch(touch, sight)),
    ...[...spread.doubts.values()].map(doubt => sentenceOfDoubt(doubt, sight)),
    ...(changes === 'no'
      ? [...spread.calms.values()].map(calm => sentenceOfCalm(calm, sight))
      : []),
  ]);
  return {
    entityRef: dataset.entityRef,
    title: dataset.title,
    owner: dataset.owner,
    changes,
    reasons: firstOf([...reasons]),
    fields: touches
      .slice(0, SHOWN_FIELDS)
      .map(touch => describeField(touch, sight)),
  };
}

function firstOf(sentences: string[]): string[] {
  const more = sentences.length - SHOWN;
  return more > 0
    ? [...sentences.slice(0, SHOWN), `and ${more} more reasons`]
    : sentences;
}

function describeField(
  { field, from, cause, certain }: Touch,
  { sees }: Sight,
): ReachedField {
  return {
    field: field!,
    ...(from && sees(from.datasetRef) && { from }),
    origin: nameOf(cause)!,
    summary: cause.summary,
    effect: cause.effect,
    certain,
  };
}

function sentenceOfTouch(
  { field, from, cause, certain }: Touch,
  { startRef, sees }: Sight,
): string {
  const { datasetRef, field: made } = from!;
  const source = sees(datasetRef)
    ? `\`${made}\` of ${datasetRef}`
    : `a field of ${HIDDEN}`;
  const origin =
    datasetRef === startRef && made === nameOf(cause)
      ? ''
      : `, which follows \`${nameOf(cause)}\` of ${startRef}`;
  return certain
    ? `\`${field}\` is made of ${source}${origin}: ${cause.summary}`
    : `\`${field}\` is computed of ${source}${origin}: ${cause.summary}; whether it changes, too, is not known`;
}

function sentenceOfDoubt(doubt: Doubt, sight: Sight): string {
  switch (doubt.kind) {
    case 'unplanned':
      return doubt.reason;
    case 'no-contract':
      return 'it has no usable contract of a current version, by which its fields would be known';
    case 'made-of-doubtful':
      return `it is made of fields of ${name(
        doubt.of,
        sight,
      )}, of which it is not known whether they change`;
    case 'promise':
      return `of ${name(doubt.of, sight)}: ${
        doubt.cause.summary
      }; whether it promises anything because of that is not known`;
    case 'partly-told':
      return `the last run ${
        sight.sees(doubt.through ?? doubt.of)
          ? `of ${doubt.job}`
          : 'that wrote it'
      } did not tell what ${doubt.fields
        .map(field => `\`${field}\``)
        .join(', ')} is made of`;
    default:
      return `${way(
        doubt,
        sight,
      )}, and no run told which of its fields it is made of`;
  }
}

function sentenceOfCalm(calm: Calm, sight: Sight): string {
  return calm.kind === 'unread'
    ? `${way(calm, sight)}, but of what changes nothing comes to it that way`
    : `${way(
        calm,
        sight,
      )}; runs told what each of its fields is made of, and none takes over what changes`;
}

/** How one is made of the other. */
function way(
  { of, through }: { of: string; through?: string },
  sight: Sight,
): string {
  if (through === undefined) {
    return `it depends on ${name(of, sight)}`;
  }
  return sight.sees(through)
    ? `${through} makes it and reads ${name(of, sight)}`
    : `who makes it reads ${name(of, sight)}`;
}

function name(datasetRef: string, { sees }: Sight): string {
  return sees(datasetRef) ? datasetRef : HIDDEN;
}
