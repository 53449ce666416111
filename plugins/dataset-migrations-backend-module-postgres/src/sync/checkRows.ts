import { columnName } from '@skein/backstage-plugin-dataset-migrations-common';
import { isBrokenByOneRow } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { KeyColumn, logColumns, logNames } from '../control/changeLog';
import { Session } from '../connection/Session';
import { asideSides, AsideState, setsAside } from '../quarantine/asideSides';
import { RunContext } from '../RunContext';
import { sourceFlag } from '../control/flags';
import {
  checkRequired,
  ContractCheck,
  describeBroken,
} from '../verify/contractChecks';
import { checkRules } from '../verify/contractRules';
import { digestsOf, sameDigest } from '../verify/digest';
import { ComparedColumn, Relation } from '../verify/relations';
import { keysRelation } from './dirtyRows';
import { KeyedState, rowsAmong } from './writtenRows';

/**
 * Compares the rows of some keys in the source, pushed through the mapping,
 * with those of the shadow, those that are set aside with the quarantine, and
 * holds the shadow's against what the contract says of each row; rows that were
 * written again since have entries in the log and are left out.
 *
 * @returns what is wrong, as the end of a sentence
 */
export async function checkRows(
  session: Session,
  context: RunContext,
  state: KeyedState,
  keys: string[][],
): Promise<string | undefined> {
  const key = state.identity.map(({ source }) => source);
  const columns = comparedOf(context, state);
  const { source, target } = rowsAmong(
    context,
    state,
    columns,
    settledKeys(sourceFlag(state), key),
  );
  const [before, after] = await digestsOf(session, [source, target], columns, {
    bits: context.settings.checksumBits,
    values: keys,
  });
  if (!sameDigest(before, after)) {
    return `${before.rows} of the rows that were did not come out as the mapping has them`;
  }
  return (
    (setsAside(state)
      ? await compareAside(session, context, state, keys)
      : undefined) ??
    describeBroken(
      await checkEachRow(session, context, state, { target, columns, keys }),
    )
  );
}

async function compareAside(
  session: Session,
  context: RunContext,
  state: KeyedState & AsideState,
  keys: string[][],
): Promise<string | undefined> {
  const key = state.identity.map(({ source }) => source);
  const { source, target, columns } = asideSides(context, state, {
    with: settledKeys(sourceFlag(state), key),
  });
  const [before, after] = await digestsOf(session, [source, target], columns, {
    bits: context.settings.checksumBits,
    values: keys,
  });
  return sameDigest(before, after)
    ? undefined
    : `of the rows that were, ${before.rows} do not cast and ${after.rows} are in quarantine, or not as they are`;
}

/** What the shadow's own constraints do not see to. */
async function checkEachRow(
  session: Session,
  { run }: RunContext,
  { made }: KeyedState,
  rows: { target: Relation; columns: ComparedColumn[]; keys: string[][] },
): Promise<ContractCheck[]> {
  const { target, columns, keys } = rows;
  const notNull = new Set(
    made.filter(column => column.notNull).map(({ name }) => name),
  );
  return [
    ...(await checkRequired(session, target, columns, { notNull }, keys)),
    ...(await checkRules(session, target, columns, run.targetContract, {
      only: isBrokenByOneRow,
      values: keys,
    })),
  ];
}

/** The keys of the parameters that are not in the log again. */
function settledKeys(flag: string, key: KeyColumn[]): string {
  const columns = logColumns(key).join(', ');
  return `(SELECT ${columns} FROM ${keysRelation(
    key,
  )} AS claimed EXCEPT SELECT ${columns} FROM skein.${logNames(flag).table})`;
}

function comparedOf(
  { run }: RunContext,
  { made }: KeyedState,
): ComparedColumn[] {
  return run.mapping.target.map(field => {
    const name = columnName(field);
    const { type } = made.find(column => column.name === name)!;
    return { field, name, type, expectedType: type };
  });
}
