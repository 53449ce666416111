import { ConflictError } from '@backstage/errors';
import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { readRun, RunState } from '../control/runs';
import { Session } from '../connection/Session';
import { soleProjection } from '../emit/projection';
import { setsAside } from '../quarantine/asideSides';
import {
  AsideVerification,
  isWhole,
  verifyQuarantine,
} from '../quarantine/verifyQuarantine';
import { RunContext } from '../RunContext';
import { checkContract } from './contractChecks';
import { findDifferences } from './differences';
import {
  ChecksumBits,
  checksumOf,
  Digest,
  digestsOf,
  sameDigest,
  without,
} from './digest';
import { rehearse } from './rehearse';
import { checkSample } from './sample';
import { Sides } from './sides';
import { sidesOfCopy } from './sidesOfCopy';

/**
 * Compares source-through-mapping with the target on one snapshot, holds the
 * target against its contract, and a sample against an independent evaluator.
 */
export async function verify(context: RunContext): Promise<VerificationReport> {
  const { run, warehouse } = context;
  const began = performance.now();
  return warehouse.transaction(
    {
      signal: run.signal,
      isolation: 'repeatable read',
      // Imperative agents do their work while the snapshot is held.
      settings: { idle_in_transaction_session_timeout: '10min' },
    },
    async session => {
      const stored = await readRun(session, run.migrationId);
      if (stored?.phase !== 'copied') {
        throw new ConflictError(
          `There is nothing to verify: the migration ${run.migrationId} is ${
            stored?.phase ?? 'not prepared'
          }`,
        );
      }
      const sides =
        stored.state.strategy === 'metadata-only'
          ? await rehearse(session, context)
          : await sidesOfCopy(session, context, stored.state);
      const report = await compare(session, context, stored.state, sides);
      const aside = setsAside(stored.state)
        ? await verifyQuarantine(
            session,
            context,
            stored.state,
            report.sourceRows,
          )
        : undefined;
      return {
        ...withAside(report, aside),
        seconds: (performance.now() - began) / 1_000,
      };
    },
  );
}

type Report = Omit<VerificationReport, 'seconds'>;

function withAside(report: Report, aside?: AsideVerification): Report {
  return aside
    ? {
        ...report,
        ok: report.ok && aside.mismatches.length === 0 && isWhole(aside.report),
        mismatches: [...report.mismatches, ...aside.mismatches],
        setAside: aside.report,
      }
    : report;
}

async function compare(
  session: Session,
  context: RunContext,
  state: RunState,
  sides: Sides,
): Promise<Report> {
  const { mapping } = context.run;
  const { columns, checked } = sides;
  const [before, after] = await digestSides(session, sides, {
    bits: context.settings.checksumBits,
  });
  const mismatches = [
    ...(sameDigest(before, after)
      ? []
      : await findDifferences(session, { ...sides, ...sides.settled })),
    ...(soleProjection(mapping)
      ? await checkSample(session, context.live, mapping, state.columns)
      : []),
  ];
  const contractChecks = await checkContract(
    session,
    checked.relation,
    columns,
    context.run.targetContract,
    checked.guarantees,
  );
  return {
    ok:
      sameDigest(before, after) &&
      mismatches.length === 0 &&
      contractChecks.every(({ ok }) => ok),
    sourceRows: before.rows,
    targetRows: after.rows,
    sourceChecksum: checksumOf(before),
    targetChecksum: checksumOf(after),
    columns: columns.map(({ field: { name } }) => ({
      name,
      ok: !mismatches.some(({ column }) => column === name),
    })),
    mismatches,
    contractChecks,
  };
}

/** Sums can be taken from sums, so that no scan has to look for what waits. */
async function digestSides(
  session: Session,
  { source, target, columns, waiting }: Sides,
  options: { bits: ChecksumBits },
): Promise<Digest[]> {
  const whole = await digestsOf(session, [source, target], columns, options);
  if (!waiting) {
    return whole;
  }
  const parts = await digestsOf(
    session,
    [waiting.source, waiting.target],
    columns,
    options,
  );
  return whole.map((digest, index) => without(digest, parts[index]));
}
