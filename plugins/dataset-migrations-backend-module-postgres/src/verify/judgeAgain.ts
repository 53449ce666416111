import { VerificationError } from '@skein/backstage-plugin-dataset-migrations-node';
import { isBrokenByOneRow } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { readRun } from '../control/runs';
import { requireSameLayout } from '../steps/inPlace';
import { isKeyed } from '../sync/writtenRows';
import { RunContext } from '../RunContext';
import { checkContract, describeBroken } from './contractChecks';
import { rehearse } from './rehearse';
import { sidesOfCopy } from './sidesOfCopy';

/**
 * Holds the new version against its contract once more, as far as writes since
 * the verification may have broken it, without a lock. Of a copy that is what
 * many rows break together, once writes were brought over: those of one row are
 * held against every batch. Nobody notes the writes to a table of which only
 * metadata change, so there all rules are looked at. Scans only where the
 * contract has such rules, or promises what no constraint vouches for.
 *
 * @returns whether there was reason to
 * @throws VerificationError naming rules, fields and numbers of rows
 */
export async function judgeAgain(context: RunContext): Promise<boolean> {
  const { run, warehouse } = context;
  const checks = await warehouse.transaction(
    { signal: run.signal, isolation: 'repeatable read' },
    async session => {
      const stored = await readRun(session, run.migrationId);
      if (stored?.phase !== 'copied') {
        return undefined;
      }
      const { state } = stored;
      const inPlace = state.strategy === 'metadata-only';
      if (!inPlace && !(isKeyed(state) && state.broughtOver)) {
        return undefined;
      }
      if (inPlace) {
        await requireSameLayout(session, context);
      }
      const { columns, checked } = inPlace
        ? await rehearse(session, context)
        : await sidesOfCopy(session, context, state);
      return checkContract(
        session,
        checked.relation,
        columns,
        run.targetContract,
        checked.guarantees,
        { only: rule => inPlace || !isBrokenByOneRow(rule) },
      );
    },
  );
  const broken = checks && describeBroken(checks);
  if (broken) {
    throw new VerificationError(
      `${run.location.display} was written since it was verified, and ${broken}; nothing was switched`,
    );
  }
  return checks !== undefined;
}
