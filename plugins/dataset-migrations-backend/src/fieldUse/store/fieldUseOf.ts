import {
  FieldEvidence,
  UnreadSource,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { FoundFieldUse } from '@skein/backstage-plugin-dataset-migrations-common/planning';

/** A place where the SQL of a consumer reads a field. */
export interface StoredUse {
  field: string;
  file: string;
  line: number;
  star?: true;
  /** Set where other consumers of the dataset have the same source. */
  shared?: true;
}

/** What a consumer's row says of field use; null where there is nothing. */
export interface FieldUseColumns {
  source_url: string | null;
  source_complete: boolean;
  source_problem: string | null;
  parsed_url: string | null;
  parsed_etag: string | null;
  parsed_uses: StoredUse[] | null;
  parsed_unread: UnreadSource[] | null;
  parsed_complete: boolean | null;
  parsed_problem: string | null;
  parsed_checked_at: Date | null;
  /** Whether it was too long ago that its source was seen. */
  parsed_stale: boolean | null;
  observed: Array<{ job: string; at: string; fields: string[] }> | null;
}

/** What is known about the fields that a consumer reads, besides its declaration. */
export function fieldUseOf(row: FieldUseColumns): FoundFieldUse {
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
  const doubts = [row.source_problem, doubtOf(row)];
  const complete = statedBy(row);
  const scan = scanOf(row);
  return {
    evidence: [...parsed, ...observed],
    unread: [
      ...(row.parsed_unread ?? []),
      ...doubts.flatMap(reason => (reason === null ? [] : [{ reason }])),
    ],
    ...(complete && { complete }),
    ...(scan && { scan }),
  };
}

/** Who says that nothing but the source reads the dataset. */
function statedBy(row: FieldUseColumns): FoundFieldUse['complete'] {
  if (row.source_complete) {
    return 'stated';
  }
  return row.parsed_complete ? 'parsed' : undefined;
}

/**
 * Why what is known of a source may be of yesterday; null when it is not. A source that
 * moved, or went, takes nothing back that was read before.
 */
function doubtOf(row: FieldUseColumns): string | null {
  const scan = scanOf(row);
  if (!scan) {
    return row.parsed_problem;
  }
  const known = `what is known is of ${scan.url} at ${scan.revision}, seen at ${scan.checkedAt}`;
  if (row.source_url === null) {
    return `it names no source any more; ${known}`;
  }
  if (row.source_url !== scan.url) {
    return `its source moved to ${row.source_url}, which was not read yet; ${known}`;
  }
  return row.parsed_stale
    ? `${
        row.parsed_problem ?? 'its source was not looked at for a day'
      }; ${known}`
    : null;
}

function scanOf({ parsed_url: url, ...row }: FieldUseColumns) {
  return url === null ||
    row.parsed_etag === null ||
    row.parsed_checked_at === null
    ? undefined
    : {
        url,
        revision: row.parsed_etag,
        checkedAt: row.parsed_checked_at.toISOString(),
      };
}
