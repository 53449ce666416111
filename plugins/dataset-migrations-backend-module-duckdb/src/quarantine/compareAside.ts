import { VerificationMismatch } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  evaluateSetAside,
  exprFields,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { ROW } from '../formats/Format';
import { parquetFormat } from '../formats/parquetFormat';
import { Place } from '../places/Place';
import { QueryError } from '../process/QueryError';
import { Query, Session } from '../process/Session';
import { resolveFile } from '../publishing/manifestFiles';
import { Part } from '../publishing/RunJournal';
import { Relation } from '../relations/Relation';
import { chunkRelation } from '../steps/chunkRelation';
import { WrittenPart } from '../steps/comparePart';
import { ident } from '../sql/quote';
import { ComparedColumn } from '../verification/compared';
import { findDifferences } from '../verification/differences';
import {
  digestColumns,
  digestOfNothing,
  digestSlice,
  SliceDigest,
} from '../verification/digests';
import { SAMPLED, spelled, toRow } from '../verification/sample';
import { keptColumns, originOf } from './keptColumns';
import {
  ASIDE_COLUMNS,
  failedFields,
  reasonsFor,
  rowsAside,
} from './splitRows';

/** What a comparison of the rows found that a slice does not give its part. */
export interface AsideComparison {
  source: SliceDigest;
  kept: SliceDigest;
  mismatches: VerificationMismatch[];
  /** Rows kept for each field. */
  fields: Map<string, number>;
}

/**
 * Compares the rows of a slice that the mapping sets aside with those in
 * quarantine, and counts whether every row of the slice is in one place or the
 * other.
 *
 * @param kept - what the journal says was written; undefined for nothing
 * @param mapped - how many rows of the slice the mapping maps
 */
export async function compareAside(
  session: Session,
  place: Place,
  { mapping }: EngineRun,
  part: Pick<WrittenPart, 'slice' | 'format' | 'title' | 'sampled' | 'bits'>,
  kept: Part | undefined,
  mapped: number,
): Promise<AsideComparison> {
  const { query } = session;
  const { slice, format, bits } = part;
  const chunk = await chunkRelation(session, place, format, mapping, slice);
  const aside = rowsAside(chunk.relation, mapping, originOf(slice));
  const columns = keptColumns(chunk.relation).map(
    ({ field, name, source }): ComparedColumn => ({
      field,
      source,
      target: ident(name),
    }),
  );
  const sides = {
    source: { values: columns.map(({ source }) => source), rows: aside.sql },
    kept: kept && {
      values: columns.map(({ target }) => target),
      rows: parquetFormat.scan(resolveFile(place.folder, kept), []),
    },
  };
  const source = await digestSlice(query, sides.source, bits);
  const mismatches: VerificationMismatch[] = [];
  const say = (message: string, ranges: string[] = []) =>
    mismatches.push({ ranges, message: `In quarantine: ${message}` });
  const result = (
    found: SliceDigest,
    fields: AsideComparison['fields'] = new Map(),
  ) => ({ source, kept: found, mismatches, fields });

  const [{ n }] = await query(
    `SELECT count(*) AS n FROM ${chunk.relation.sql}`,
  );
  if (Number(n) !== mapped + source.rows) {
    say(
      `${chunk.title} has ${n} rows, but ${mapped} are mapped and ${source.rows} set aside`,
    );
  }
  if (part.sampled) {
    mismatches.push(
      ...(await checkReasons(query, chunk.relation, mapping, Number(n))),
    );
  }
  if (!sides.kept || !kept) {
    if (source.rows > 0) {
      say(`${source.rows} rows of ${chunk.title} are not kept`);
    }
    return result(digestOfNothing(bits));
  }
  try {
    const found = await digestSlice(query, sides.kept, bits);
    if (found.rows !== source.rows || found.digest !== source.digest) {
      const expected = await digestColumns(query, sides.source, bits);
      const read = await digestColumns(query, sides.kept, bits);
      const differing = columns.filter((_, i) => expected[i] !== read[i]);
      const slices = {
        title: kept.path.split('/').pop()!,
        columns,
        source: { rows: source.rows, sql: sides.source.rows },
        target: { rows: found.rows, sql: sides.kept.rows },
      };
      for (const { message, ranges } of await findDifferences(
        query,
        slices,
        differing,
      )) {
        say(message, ranges);
      }
      if (mismatches.length === 0) {
        say(`${slices.title} is not what was set aside`);
      }
    }
    return result(found, await countFields(query, sides.kept.rows));
  } catch (error) {
    if (!(error instanceof QueryError) || error.outOfMemory) {
      throw error;
    }
    say(`${kept.path} cannot be read: ${error.message}`);
    return result(digestOfNothing(bits));
  }
}

async function countFields(
  query: Query,
  rows: string,
): Promise<Map<string, number>> {
  const found = await query(
    `SELECT name, count(*) AS n FROM (SELECT unnest(${ident(
      ASIDE_COLUMNS.fields,
    )}) AS name FROM ${rows}) GROUP BY name`,
  );
  return new Map(found.map(({ name, n }) => [String(name), Number(n)]));
}

/** Whether the evaluator sets the same rows aside, at both ends of a slice. */
async function checkReasons(
  query: Query,
  relation: Relation,
  mapping: EngineRun['mapping'],
  rows: number,
): Promise<VerificationMismatch[]> {
  const names = [
    ...new Set(
      mapping.setAside!.flatMap(({ condition }) => exprFields(condition)),
    ),
  ];
  const position = ident(ROW);
  const found = await query(
    `SELECT ${[
      ...names.map((name, index) => spelled(relation, name, index)),
      `list_aggregate(${failedFields(
        reasonsFor(relation, mapping),
      )}, 'string_agg', ',') AS failed`,
    ].join(', ')} FROM ${relation.sql} WHERE ${position} < ${SAMPLED}
     OR ${position} >= ${rows - SAMPLED}`,
  );
  const wrong = found.filter(row => {
    const fields = evaluateSetAside(mapping, toRow(row, names, relation));
    return fields.join(',') !== (row.failed ?? '');
  });
  return wrong.length === 0
    ? []
    : [
        {
          ranges: [],
          message: `Rows that are set aside: an independent computation of ${found.length} sampled rows disagrees about ${wrong.length}`,
        },
      ];
}
