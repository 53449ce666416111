import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { VerificationError } from '@skein/backstage-plugin-dataset-migrations-node';
import { maskKeys } from '../planning/maskKeys';
import { shadowIsGone } from './shadowIsGone';
import { StageFunction } from './types';

/** Compares source and target; a mismatch never gets to the cut over (G5). */
export const verify: StageFunction = async context => {
  const { engine, record, checkpoint } = context;
  const run = context.run();
  const phase = await engine.phase(run);
  const gone = shadowIsGone(phase);
  if (gone) {
    return gone;
  }
  if (phase === 'prepared') {
    return { kind: 'next', stage: 'transform' };
  }

  const verification = maskKeys(await engine.verify(run), run.mapping, {
    from: record.sourceContract,
    to: record.targetContract,
  });
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

function asideOf({ setAside }: VerificationReport): string {
  return setAside
    ? `; ${setAside.keptRows} rows set aside in ${setAside.place}`
    : '';
}

function describe(report: VerificationReport): string {
  const rules = report.contractChecks
    .filter(check => !check.ok)
    .map(
      ({ rule, field, violations }) =>
        `${violations} rows violate ${rule}${field ? ` of '${field}'` : ''}`,
    );
  return (
    [...report.mismatches.map(({ message }) => message), ...rules].join('; ') ||
    'The target differs from the source pushed through the mapping'
  );
}
