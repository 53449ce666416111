import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { ROW } from '../formats/Format';
import { projectFields } from '../relations/projectFields';
import { Relation } from '../relations/Relation';
import { ident, literal } from '../sql/quote';

/** What a row that is set aside has beside the columns of its file. */
export const ASIDE_COLUMNS = {
  /** The fields whose values cannot be cast. */
  fields: 'skein_failed_fields',
  /** The file it was in, and its position there, from 0. */
  file: 'skein_file',
  row: 'skein_row',
  /** When it was set aside. */
  at: 'skein_set_aside_at',
};

/** Where rows of a slice come from. */
export interface Origin {
  /** As manifests write it. */
  path: string;
  /** Position of the slice's first row in the file. */
  firstRow: number;
}

/** A field that rows are set aside for, and SQL that is true for those rows. */
export interface Reason {
  field: string;
  condition: string;
}

/**
 * Why rows of the source are set aside, in the mapping's order; none where every
 * row is mapped.
 *
 * @throws UnsupportedError naming the field
 */
export function reasonsFor(relation: Relation, mapping: Mapping): Reason[] {
  const conditions = (mapping.setAside ?? []).map(({ field, condition }) => ({
    field: {
      name: field,
      type: condition.type,
      required: true,
      unique: false,
    },
    expression: condition,
  }));
  return projectFields(relation, conditions).map(({ field, sql }) => ({
    field: field.name,
    condition: sql,
  }));
}

/** The rows that the mapping maps, in their order, numbered anew. */
export function mappedRows(relation: Relation, mapping: Mapping): Relation {
  const reasons = reasonsFor(relation, mapping);
  return reasons.length === 0
    ? relation
    : {
        ...relation,
        sql: numbered(
          `(SELECT * FROM ${relation.sql} WHERE NOT ${anyOf(reasons)})`,
        ),
      };
}

/** The other rows, with {@link ASIDE_COLUMNS} but the time. */
export function rowsAside(
  relation: Relation,
  mapping: Mapping,
  { path, firstRow }: Origin,
): Relation {
  const reasons = reasonsFor(relation, mapping);
  const added = [
    `${failedFields(reasons)} AS ${ident(ASIDE_COLUMNS.fields)}`,
    `${literal(path)} AS ${ident(ASIDE_COLUMNS.file)}`,
    `${ident(ROW)} + ${firstRow} AS ${ident(ASIDE_COLUMNS.row)}`,
  ];
  return {
    ...relation,
    sql: numbered(
      `(SELECT *, ${added.join(', ')} FROM ${relation.sql} WHERE ${anyOf(
        reasons,
      )})`,
    ),
  };
}

/** SQL of the list of the fields that a row fails for, each once. */
export function failedFields(reasons: Reason[]): string {
  const fields = new Set(reasons.map(({ field }) => field));
  const names = [...fields].map(name => {
    const failed = anyOf(reasons.filter(({ field }) => field === name));
    return `CASE WHEN ${failed} THEN ${literal(name)} END`;
  });
  return `list_filter([${names.join(', ')}], lambda f: f IS NOT NULL)`;
}

function anyOf(reasons: Reason[]): string {
  return `(${reasons.map(({ condition }) => condition).join(' OR ')})`;
}

function numbered(rows: string): string {
  const row = ident(ROW);
  return `(SELECT * REPLACE (row_number() OVER () - 1 AS ${row}) FROM ${rows})`;
}
