import {
  VerificationMismatch,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { finalProjection, withSegments } from '../agents/runSegments';
import { EngineContext } from '../EngineContext';
import { formatOf } from '../formats/formatOf';
import { Place } from '../places/Place';
import { QueryError } from '../process/QueryError';
import { Session } from '../process/Session';
import { ManifestFile } from '../publishing/manifest';
import { resolveFile } from '../publishing/manifestFiles';
import { RunPlan } from '../publishing/RunJournal';
import {
  columnProblems,
  columnsToRead,
  fileRelation,
} from '../relations/fileRelation';
import { projectFields } from '../relations/projectFields';
import { Relation } from '../relations/Relation';
import { readFailure } from '../sql/Scope';
import { comparedColumns } from '../verification/compared';
import { checkContract } from '../verification/contractChecks';
import { findDifferences } from '../verification/differences';
import { Checksum, digestSlice, SliceDigest } from '../verification/digests';
import { checkSample } from '../verification/sample';
import { chunkRelation } from './chunkRelation';
import { openJournal, openRun } from './openRun';

/** Slices whose differences are looked into; more of them say nothing new. */
const EXPLAINED = 5;

/** What was found so far. */
interface Findings {
  source: Checksum;
  target: Checksum;
  sourceRows: number;
  targetRows: number;
  /** Names of columns that differ somewhere. */
  differing: Set<string>;
  mismatches: VerificationMismatch[];
  unexplained: number;
}

/**
 * Compares every part with its slice of the source, pushed through the mapping
 * anew; holds the parts against the target's contract; and recomputes some rows
 * by an evaluator that shares no code with the emitter. Changes nothing.
 */
export async function verify(
  context: EngineContext,
  run: EngineRun,
): Promise<VerificationReport> {
  const started = process.hrtime.bigint();
  const open = await openRun(context, run);
  const { place } = open;
  const journal = await openJournal(context, open, run);
  const parts = await journal.parts();
  const findings: Findings = {
    source: new Checksum(),
    target: new Checksum(),
    sourceRows: 0,
    targetRows: 0,
    differing: new Set(),
    mismatches: [],
    unexplained: 0,
  };
  return context.pool.withSession(place.folder, run.signal, async session => {
    const written: Relation[] = [];
    for (const [index, part] of parts.entries()) {
      const target = await openPart(session, place, run, part, findings);
      if (target) {
        written.push(target);
        await comparePart(
          session,
          place,
          run,
          journal.plan,
          { index, part, target },
          findings,
        );
      }
    }
    const contractChecks =
      written.length === parts.length
        ? await checkContract(
            session.query,
            run.targetContract,
            written,
            formatOf(place).typed,
          )
        : [];
    if (findings.unexplained > 0) {
      findings.mismatches.push({
        ranges: [],
        message: `${findings.unexplained} more parts differ`,
      });
    }
    return {
      ok:
        findings.mismatches.length === 0 &&
        contractChecks.every(({ ok }) => ok),
      sourceRows: findings.sourceRows,
      targetRows: findings.targetRows,
      sourceChecksum: findings.source.hex(),
      targetChecksum: findings.target.hex(),
      columns: run.mapping.target.map(({ name }) => ({
        name,
        ok: !findings.differing.has(name),
      })),
      mismatches: findings.mismatches,
      contractChecks,
      seconds: Number(process.hrtime.bigint() - started) / 1e9,
    };
  });
}

/** A part as the fields of the target; a mismatch when it has other columns. */
async function openPart(
  { query }: Session,
  place: Place,
  run: EngineRun,
  part: ManifestFile,
  findings: Findings,
): Promise<Relation | undefined> {
  const format = formatOf(place);
  const file = resolveFile(place.folder, part);
  const fields = run.mapping.target;
  try {
    const columns = await columnsToRead(format, query, file, fields);
    const problems = columnProblems(place.format, columns, fields);
    if (problems.length === 0) {
      return fileRelation(format, file, columns, fields);
    }
    findings.mismatches.push({
      ranges: [],
      message: `${part.path} ${problems.join(', and ')}`,
    });
  } catch (error) {
    if (!(error instanceof QueryError)) {
      throw error;
    }
    findings.mismatches.push({
      ranges: [],
      message: `${part.path} cannot be read: ${readFailure(error.message)}`,
    });
  }
  return undefined;
}

async function comparePart(
  session: Session,
  place: Place,
  run: EngineRun,
  plan: RunPlan,
  {
    index,
    part,
    target,
  }: { index: number; part: ManifestFile; target: Relation },
  findings: Findings,
): Promise<void> {
  const format = formatOf(place);
  const chunk = await chunkRelation(session, place, run.mapping, plan, index);
  const work = { session, agents: run.agents, slice: `chunk ${index + 1}` };
  await withSegments(run.mapping, chunk.relation, work, async relation => {
    const projection = finalProjection(run.mapping);
    const values = projectFields(relation, projection);
    const columns = comparedColumns(format, values, target);
    const digests = {
      source: await digestSlice(
        session.query,
        columns.map(({ source }) => source),
        relation.sql,
      ),
      target: await digestSlice(
        session.query,
        columns.map(column => column.target),
        target.sql,
      ),
    };
    findings.source.add(digests.source);
    findings.target.add(digests.target);
    findings.sourceRows += digests.source.rows;
    findings.targetRows += digests.target.rows;
    const title = part.path.split('/').pop()!;
    const differing = columns.filter(
      (_, column) =>
        digests.source.columns[column] !== digests.target.columns[column],
    );
    if (differing.length === 0 && sameRows(digests)) {
      findings.mismatches.push(
        ...(await checkSample(session, run.mapping, {
          title,
          rows: digests.source.rows,
          source: relation,
          target,
        })),
      );
      return;
    }
    if (findings.mismatches.length >= EXPLAINED) {
      findings.unexplained += 1;
      differing.forEach(({ field }) => findings.differing.add(field.name));
      return;
    }
    const found = await findDifferences(
      session.query,
      {
        title,
        columns,
        source: { rows: digests.source.rows, sql: relation.sql },
        target: { rows: digests.target.rows, sql: target.sql },
      },
      differing,
    );
    findings.mismatches.push(...found);
    found.forEach(({ column }) => column && findings.differing.add(column));
  });
}

function sameRows(digests: {
  source: SliceDigest;
  target: SliceDigest;
}): boolean {
  return digests.source.rows === digests.target.rows;
}
