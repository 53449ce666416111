import {
  Consumer,
  FieldEvidence,
  UnreadSource,
} from '@skein/backstage-plugin-dataset-migrations-common';

/** A place where the SQL of a consumer reads a field. */
export interface StoredUse {
  field: string;
  file: string;
  line: number;
  star?: true;
}

/** What a consumer's row gets from the tables of field use; null where there is none. */
export interface FieldUseColumns {
  parsed_uses: StoredUse[] | null;
  parsed_unread: UnreadSource[] | null;
  parsed_problem: string | null;
  observed: Array<{ job: string; at: string; fields: string[] }> | null;
}

/** What is known about the fields that a consumer reads, besides its declaration. */
export function fieldUseOf(
  row: FieldUseColumns,
): Pick<Consumer, 'evidence' | 'unread'> {
  const uses = row.parsed_uses ?? [];
  const parsed = uses.map((use): FieldEvidence => ({ by: 'parsed', ...use }));
  const observed = (row.observed ?? []).flatMap(({ job, at, fields }) =>
    fields.map(
      (field): FieldEvidence => ({
        by: 'observed',
        field,
        job,
        at: new Date(at).toISOString(),
      }),
    ),
  );
  const unread = [
    ...(row.parsed_unread ?? []),
    ...(row.parsed_problem === null ? [] : [{ reason: row.parsed_problem }]),
  ];
  return { evidence: [...parsed, ...observed], unread };
}
