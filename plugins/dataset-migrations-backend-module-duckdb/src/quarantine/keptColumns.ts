import {
  columnName,
  Field,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Slice } from '../publishing/RunJournal';
import { Relation } from '../relations/Relation';
import { ident } from '../sql/quote';
import { ASIDE_COLUMNS, Origin } from './splitRows';

/** A column that is kept of a row that is set aside. */
export interface KeptColumn {
  field: Field;
  name: string;
  /** SQL of its value, of a row that is set aside. */
  source: string;
}

/**
 * The columns of the source as their file has them, the text that its folders
 * tell, and which fields failed where; all but the time.
 */
export function keptColumns(source: Relation): KeptColumn[] {
  return [
    ...[...source.fields.values()].map(({ field, raw, text }) => ({
      field,
      name: columnName(field),
      source: raw ?? text!,
    })),
    ...[ASIDE_COLUMNS.fields, ASIDE_COLUMNS.file, ASIDE_COLUMNS.row].map(
      name => ({ field: addedField(name), name, source: ident(name) }),
    ),
  ];
}

export function originOf({ source, rows }: Slice): Origin {
  return { path: source.path, firstRow: rows?.from ?? 0 };
}

function addedField(name: string): Field {
  return { name, type: { kind: 'json' }, required: true, unique: false };
}
