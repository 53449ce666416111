import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { formatOf } from '../formats/formatOf';
import { Place } from '../places/Place';
import { QueryError } from '../process/QueryError';
import { Session } from '../process/Session';
import { ManifestFile } from '../publishing/manifest';
import { resolveFile } from '../publishing/manifestFiles';
import {
  columnProblems,
  columnsToRead,
  fileRelation,
} from '../relations/fileRelation';
import { Relation } from '../relations/Relation';
import { checkContract } from '../verification/contractChecks';
import { Findings } from '../verification/Findings';
import { comparePart } from './comparePart';
import { openJournal, openRun } from './openRun';

/**
 * Compares every part with its slice of the source, pushed through the mapping
 * anew; recomputes some rows by an evaluator that shares no code with the
 * emitter; and holds the parts against the target's contract. Changes nothing.
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
  const findings = new Findings();
  return context.pool.withSession(place.folder, run.signal, async session => {
    const relations: Relation[] = [];
    for (const [index, part] of parts.entries()) {
      const relation = await openPart(session, place, run, part, findings);
      if (relation) {
        relations.push(relation);
        const title = part.path.split('/').pop()!;
        const written = { index, title, relation };
        const { plan } = journal;
        await comparePart(session, place, run, plan, written, findings);
      }
    }
    const report = findings.report(run.mapping.target);
    const contractChecks =
      relations.length === parts.length
        ? await checkContract(
            session.query,
            run.targetContract,
            relations,
            formatOf(place).typed,
          )
        : [];
    return {
      ok:
        report.mismatches.length === 0 && contractChecks.every(({ ok }) => ok),
      ...report,
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
  let problem: string;
  try {
    const columns = await columnsToRead(format, query, file, fields);
    const problems = columnProblems(place.format, columns, fields);
    if (problems.length === 0) {
      return fileRelation(format, file, columns, fields);
    }
    problem = problems.join(', and ');
  } catch (error) {
    if (!(error instanceof QueryError)) {
      throw error;
    }
    problem = `cannot be read: ${error.message}`;
  }
  findings.addMismatch({ ranges: [], message: `${part.path} ${problem}` });
  return undefined;
}
