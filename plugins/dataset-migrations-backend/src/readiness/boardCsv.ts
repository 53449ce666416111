import {
  BoardEntry,
  describeSilence,
  nameEvidence,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { writeCsv } from '../api/writeCsv';

const columns: Array<{
  header: string;
  value(entry: BoardEntry): unknown;
}> = [
  { header: 'consumer', value: e => e.consumer.entityRef },
  { header: 'title', value: e => e.consumer.title },
  { header: 'owner', value: e => e.consumer.owner },
  { header: 'accepts', value: e => e.consumer.constraint },
  { header: 'reads', value: e => e.consumer.fields?.join(' ') },
  { header: 'verdict', value: e => e.verdict },
  { header: 'blocking', value: e => String(e.blocking) },
  { header: 'overridden', value: e => String(e.overridden) },
  { header: 'why', value: e => e.reasons.join('; ') },
  {
    header: 'evidence',
    value: ({ consumer }) =>
      [
        nameEvidence(consumer),
        ...(consumer.silence ? [describeSilence(consumer.silence)] : []),
      ]
        .filter(text => text !== '')
        .join('; '),
  },
  { header: 'asked', value: e => e.asked },
  { header: 'until', value: e => e.until },
  { header: 'answer', value: e => e.answer?.kind },
  { header: 'answer_date', value: e => e.answer?.date },
  { header: 'answer_reason', value: e => e.answer?.reason },
  { header: 'answered_by', value: e => e.answer?.by },
  { header: 'answered_at', value: e => e.answer?.at },
  { header: 'answer_dropped', value: e => e.answer?.dropped },
];

/** Consumers of a migration as CSV, with a first line of names. */
export function boardCsv(entries: BoardEntry[]): string {
  return writeCsv([
    columns.map(({ header }) => header),
    ...entries.map(entry => columns.map(({ value }) => value(entry))),
  ]);
}
