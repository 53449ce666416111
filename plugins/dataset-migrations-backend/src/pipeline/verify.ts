import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { VerificationError } from '@skein/backstage-plugin-dataset-migrations-node';
import { maskKeys } from '../planning/maskKeys';
import { combineReports, ObjectReport } from './combineReports';
import { phaseOf } from './engineRun';
import { keepUp } from './keepUp';
import { shadowIsGone } from './shadowIsGone';
import { StageFunction } from './types';

/** Compares source and target; a mismatch never gets to the cut over (G5). */
export const verify: StageFunction = async context => {
  const { engine, checkpoint } = context;
  const runs = context.runs();
  const phase = await phaseOf(engine, runs);
  const gone = shadowIsGone(phase);
  if (gone) {
    return gone;
  }
  if (phase === 'prepared') {
    return { kind: 'next', stage: 'transform' };
  }
  const reports: ObjectReport[] = [];
  for (const [index, { run, part }] of runs.entries()) {
    const { object, sourceContract: from, targetContract: to } = part;
    await keepUp(context, runs.slice(0, index));
    const report = await engine.verify(run);
    reports.push({
      object,
      report: maskKeys(report, run.mapping, { from, to }),
    });
  }
  const verification = combineReports(reports);
  await checkpoint('verified');
  if (!verification.ok) {
    return {
      kind: 'failed',
      patch: { verification },
      error: new VerificationError(describe(verification)),
    };
  }
  return {
    kind: 'next',
    stage: 'cut-over',
    patch: { verification },
    message: `Verified ${verification.targetRows} rows, checksum ${
      verification.targetChecksum
    }${asideOf(verification)}`,
  };
};

function asideOf(report: VerificationReport): string {
  return [report, ...(report.objects ?? [])]
    .flatMap(({ setAside }) => setAside ?? [])
    .map(({ keptRows, place }) => `; ${keptRows} rows set aside in ${place}`)
    .join('');
}

function describe(report: VerificationReport): string {
  const mismatches = report.mismatches.map(({ object, message }) =>
    object === undefined ? message : `${object}: ${message}`,
  );
  const rules = report.contractChecks
    .filter(check => !check.ok)
    .map(({ rule, violations, ...of }) => {
      const where = [of.object, of.field].flatMap(name => name ?? []).join('.');
      return `${violations} rows violate ${rule}${where && ` of '${where}'`}`;
    });
  return (
    [...mismatches, ...rules].join('; ') ||
    'The target differs from the source pushed through the mapping'
  );
}
