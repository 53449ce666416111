import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { finalProjection, withSegments } from '../agents/runSegments';
import { formatOf } from '../formats/formatOf';
import { Place } from '../places/Place';
import { Session } from '../process/Session';
import { RunPlan } from '../publishing/RunJournal';
import { projectFields } from '../relations/projectFields';
import { Relation } from '../relations/Relation';
import { comparedColumns } from '../verification/compared';
import { findDifferences } from '../verification/differences';
import { Side, digestColumns, digestSlice } from '../verification/digests';
import { Findings } from '../verification/Findings';
import { checkSample, isSampled } from '../verification/sample';
import { chunkRelation } from './chunkRelation';

/** A part of the target, read as the fields of its contract. */
export interface WrittenPart {
  /** Of the chunk that it was made of. */
  index: number;
  title: string;
  relation: Relation;
}

/** Compares one part with its slice of the source, pushed through the mapping. */
export async function comparePart(
  session: Session,
  place: Place,
  run: EngineRun,
  plan: RunPlan,
  part: WrittenPart,
  findings: Findings,
): Promise<void> {
  const { query } = session;
  const { index, title } = part;
  const chunk = await chunkRelation(session, place, run.mapping, plan, index);
  const work = { session, agents: run.agents, slice: `chunk ${index + 1}` };
  await withSegments(run.mapping, chunk.relation, work, async relation => {
    const values = projectFields(relation, finalProjection(run.mapping));
    const columns = comparedColumns(formatOf(place), values, part.relation);
    const source: Side = {
      values: columns.map(column => column.source),
      rows: relation.sql,
    };
    const target: Side = {
      values: columns.map(column => column.target),
      rows: part.relation.sql,
    };
    const before = await digestSlice(query, source);
    const after = await digestSlice(query, target);
    findings.addSlice(before, after);
    if (before.rows !== after.rows || before.digest !== after.digest) {
      const expected = await digestColumns(query, source);
      const found = await digestColumns(query, target);
      const differing = columns.filter((_, i) => expected[i] !== found[i]);
      const slice = {
        title,
        columns,
        source: { rows: before.rows, sql: source.rows },
        target: { rows: after.rows, sql: target.rows },
      };
      await findings.addDifference(
        () => findDifferences(query, slice, differing),
        differing.map(({ field }) => field),
      );
    } else if (isSampled(index, plan.chunks.length)) {
      const sample = {
        title,
        rows: before.rows,
        source: relation,
        target: part.relation,
      };
      const wrong = await checkSample(session, run.mapping, sample);
      wrong.forEach(mismatch => findings.addMismatch(mismatch));
    }
  });
}
