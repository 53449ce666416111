import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { VerificationMismatch } from '@skein/backstage-plugin-dataset-migrations-common';
import { finalProjection, withSegments } from '../agents/runSegments';
import { Format } from '../formats/Format';
import { Place } from '../places/Place';
import { Session } from '../process/Session';
import { Slice } from '../publishing/RunJournal';
import { mappedRows } from '../quarantine/splitRows';
import { projectFields } from '../relations/projectFields';
import { Relation } from '../relations/Relation';
import { comparedColumns } from '../verification/compared';
import { BrokenRule, rowRules } from '../verification/contractChecks';
import { DifferingSlice, findDifferences } from '../verification/differences';
import {
  ChecksumBits,
  Side,
  SliceDigest,
  digestColumns,
  digestSlice,
} from '../verification/digests';
import { Difference } from '../verification/Findings';
import { checkSample } from '../verification/sample';
import { chunkRelation } from './chunkRelation';

/** A part of the target, to be held against the slice it was made of. */
export interface WrittenPart {
  slice: Slice;
  format: Format;
  /** Read as the fields of the target's contract. */
  relation: Relation;
  /** For people: the name of the part. */
  title: string;
  /** What its rows were called when agents saw them. */
  work: string;
  /** Whether some rows are computed anew by the other evaluator. */
  sampled: boolean;
  /** Of the hash of each row. */
  bits: ChecksumBits;
}

/** What a comparison found. */
export interface Comparison {
  source: SliceDigest;
  target: SliceDigest;
  /** Of the sampled rows. */
  mismatches: VerificationMismatch[];
  /** How many rows of the part break each rule of the contract. */
  rules: BrokenRule[];
}

/**
 * Compares a part with its slice of the source, pushed through the mapping
 * anew, and with the contract: one scan of each.
 */
export async function comparePart(
  session: Session,
  place: Place,
  run: EngineRun,
  part: WrittenPart,
): Promise<Comparison> {
  return withSides(session, place, run, part, async sides => {
    const { query } = session;
    const { relation, format, title, bits } = part;
    const source = await digestSlice(query, sides.source, bits);
    const rules = rowRules(run.targetContract, relation, format.typed);
    const target = await digestSlice(
      query,
      sides.target,
      bits,
      rules.map(({ violated }) => violated),
    );
    const sample = {
      title,
      rows: source.rows,
      source: sides.relation,
      target: relation,
    };
    return {
      source,
      target,
      mismatches:
        part.sampled && isEqual(source, target)
          ? await checkSample(session, run.mapping, sample)
          : [],
      rules: rules.map(({ rule, field }, index) => ({
        rule,
        field,
        violations: target.counts[index],
      })),
    };
  });
}

/** Whether a part is what the mapping makes of its slice. */
export function isEqual(source: SliceDigest, target: SliceDigest): boolean {
  return source.rows === target.rows && source.digest === target.digest;
}

/**
 * In which fields a part differs from its slice.
 *
 * @param rows - whether to look up in which rows too
 */
export async function explainPart(
  session: Session,
  place: Place,
  run: EngineRun,
  part: WrittenPart,
  { source, target }: Comparison,
  rows: boolean,
): Promise<Difference> {
  return withSides(session, place, run, part, async sides => {
    const { query } = session;
    const expected = await digestColumns(query, sides.source, part.bits);
    const found = await digestColumns(query, sides.target, part.bits);
    const differing = sides.columns.filter((_, i) => expected[i] !== found[i]);
    const slice: DifferingSlice = {
      title: part.title,
      columns: sides.columns,
      source: { rows: source.rows, sql: sides.source.rows },
      target: { rows: target.rows, sql: sides.target.rows },
    };
    // Every column differs where a row is missing; none of them is to blame.
    const sameRows = source.rows === target.rows;
    return {
      fields: sameRows ? differing.map(({ field }) => field.name) : [],
      mismatches: rows ? await findDifferences(query, slice, differing) : [],
    };
  });
}

interface Sides {
  columns: ReturnType<typeof comparedColumns>;
  source: Side;
  target: Side;
  /** The source before the last projection. */
  relation: Relation;
}

async function withSides<T>(
  session: Session,
  place: Place,
  { mapping, agents }: EngineRun,
  { slice, format, relation: written, work: title }: WrittenPart,
  use: (sides: Sides) => Promise<T>,
): Promise<T> {
  const chunk = await chunkRelation(session, place, format, mapping, slice);
  const work = { session, agents, slice: title };
  const rows = mappedRows(chunk.relation, mapping);
  return withSegments(mapping, rows, work, async relation => {
    const values = projectFields(relation, finalProjection(mapping));
    const columns = comparedColumns(format, values, written);
    return use({
      columns,
      source: {
        values: columns.map(column => column.source),
        rows: relation.sql,
      },
      target: {
        values: columns.map(column => column.target),
        rows: written.sql,
      },
      relation,
    });
  });
}
