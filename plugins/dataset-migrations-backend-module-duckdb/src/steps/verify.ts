import path from 'path';
import {
  SetAsideReport,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { formatOf } from '../formats/formatOf';
import { Place } from '../places/Place';
import { workThrough } from '../process/inLanes';
import { relativePath } from '../publishing/manifestFiles';
import { quarantineFolder } from '../publishing/runFolders';
import { AsideFindings } from '../quarantine/AsideFindings';
import { AsideComparison, compareAside } from '../quarantine/compareAside';
import {
  checkWhole,
  hasWholeRules,
  sumRules,
} from '../verification/contractChecks';
import { ChecksumBits } from '../verification/digests';
import { Findings } from '../verification/Findings';
import { isSampled } from '../verification/sample';
import {
  Comparison,
  WrittenPart,
  comparePart,
  explainPart,
  isEqual,
} from './comparePart';
import { openJournal, openRun } from './openRun';
import { openPart } from './openPart';

/** A part that could be opened, and what came of comparing it. */
interface ComparedPart {
  part: WrittenPart;
  comparison: Comparison;
  /** Of the rows of its slice that the mapping sets aside. */
  aside?: AsideComparison;
}

/**
 * Compares every part with its slice of the source, pushed through the mapping
 * anew, several parts at a time; recomputes some rows by an evaluator that
 * shares no code with the emitter; and holds the parts against the target's
 * contract. Changes nothing.
 */
export async function verify(
  context: EngineContext,
  run: EngineRun,
): Promise<VerificationReport> {
  const started = process.hrtime.bigint();
  const open = await openRun(context, run);
  const { place } = open;
  const journal = await openJournal(context, open, run);
  const format = formatOf(place, journal.plan.dialect);
  const slices = await journal.slices();
  const { checksumBits: bits } = context.settings;
  const findings = new Findings(bits);

  const compared = await workThrough(
    context.pool,
    place.folder,
    run.signal,
    slices.map((slice, index) => ({ slice, index })),
    async (session, { slice, index }): Promise<ComparedPart | string> => {
      const { query } = session;
      const relation = await openPart(query, place, format, run, slice.part);
      if (typeof relation === 'string') {
        return relation;
      }
      const part: WrittenPart = {
        slice,
        format,
        relation,
        title: slice.part.path.split('/').pop()!,
        work: `chunk ${index + 1}`,
        sampled: isSampled(index, slices.length),
        bits,
      };
      const comparison = await comparePart(session, place, run, part);
      return {
        part,
        comparison,
        aside: run.mapping.setAside
          ? await compareAside(
              session,
              place,
              run,
              part,
              slice.aside,
              comparison.source.rows,
            )
          : undefined,
      };
    },
  );

  const opened: ComparedPart[] = [];
  for (const result of compared) {
    if (typeof result === 'string') {
      findings.addMismatch({ ranges: [], message: result });
    } else {
      opened.push(result);
    }
  }
  opened.forEach(({ comparison }) => findings.add(comparison));
  const setAside = asideReport(run, place, findings, opened, bits);
  const different = opened.filter(
    ({ comparison }) => !isEqual(comparison.source, comparison.target),
  );
  const whole = opened.length === slices.length;
  const contractChecks = whole
    ? sumRules(opened.map(({ comparison }) => comparison.rules))
    : [];
  if (different.length > 0 || (whole && hasWholeRules(run.targetContract))) {
    await context.pool.withSession(place.folder, run.signal, async session => {
      for (const { part, comparison } of different) {
        await findings.addDifference(rows =>
          explainPart(session, place, run, part, comparison, rows),
        );
      }
      if (whole) {
        contractChecks.push(
          ...(await checkWhole(
            session.query,
            run.targetContract,
            opened.map(({ part }) => part.relation),
          )),
        );
      }
    });
  }
  const report = findings.report(run.mapping.target);
  return {
    ok: report.mismatches.length === 0 && contractChecks.every(({ ok }) => ok),
    ...report,
    contractChecks,
    ...(setAside && { setAside }),
    seconds: Number(process.hrtime.bigint() - started) / 1e9,
  };
}

function asideReport(
  { mapping, toVersion }: EngineRun,
  place: Place,
  findings: Findings,
  parts: ComparedPart[],
  bits: ChecksumBits,
): SetAsideReport | undefined {
  if (!mapping.setAside) {
    return undefined;
  }
  const folder = path.join(quarantineFolder(place), toVersion);
  const found = new AsideFindings(
    mapping,
    relativePath(place.folder, folder),
    bits,
  );
  for (const aside of parts.flatMap(part => part.aside ?? [])) {
    found.add(aside);
    aside.mismatches.forEach(mismatch => findings.addMismatch(mismatch));
  }
  return found.report();
}
