import {
  SetAsideReport,
  VerificationMismatch,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Session } from '../connection/Session';
import { ident, qualified } from '../connection/sql';
import { sourceFlag } from '../control/flags';
import { RunContext } from '../RunContext';
import { waitingKeys } from '../sync/dirtyRows';
import { isKeyed } from '../sync/writtenRows';
import { primaryKey } from '../table/keys';
import { findDifferences } from '../verify/differences';
import { checksumOf, digestsOf, sameDigest } from '../verify/digest';
import { Among, asideSides, AsideState, clauseOf } from './asideSides';
import { ASIDE_COLUMNS } from './quarantineTable';

/** What was found of the rows in quarantine. */
export interface AsideVerification {
  report: SetAsideReport;
  mismatches: VerificationMismatch[];
}

/**
 * Compares the rows that the mapping sets aside with those in quarantine, as
 * the target is compared with the others, and counts whether every row of the
 * source is one or the other. Rows that were written since and wait to be
 * brought over are left out everywhere.
 *
 * @param mappedRows - rows of the source that the mapping maps
 */
export async function verifyQuarantine(
  session: Session,
  context: RunContext,
  state: AsideState,
  mappedRows: number,
): Promise<AsideVerification> {
  const among: Among = isKeyed(state)
    ? {
        without: waitingKeys(
          sourceFlag(state),
          state.identity.map(({ source }) => source),
        ),
      }
    : 'all';
  const sides = asideSides(context, state, among);
  const { columns } = sides;
  const [before, after] = await digestsOf(
    session,
    [sides.source, sides.target],
    columns,
    { bits: context.settings.checksumBits },
  );
  const rows = await countRows(session, context, state, among);
  const key = primaryKey(context.run.mapping.source).map(field =>
    columns.findIndex(column => column.field === field),
  );
  const differences = sameDigest(before, after)
    ? []
    : await findDifferences(session, { ...sides, key });
  return {
    report: {
      place: `${state.quarantine.schema}.${state.quarantine.table}`,
      sourceRows: before.rows,
      keptRows: after.rows,
      sourceChecksum: checksumOf(before),
      keptChecksum: checksumOf(after),
      fields: await countFields(session, context, state, among),
    },
    mismatches: [
      ...differences.map(({ ranges, message }) => ({
        ranges,
        message: `In quarantine: ${message}`,
      })),
      ...(rows === mappedRows + before.rows
        ? []
        : [
            {
              ranges: [],
              message: `The source has ${rows} rows, but ${mappedRows} are mapped and ${before.rows} set aside`,
            },
          ]),
    ],
  };
}

/** Whether everything that does not cast is kept, as it is, and nothing else. */
export function isWhole(report: SetAsideReport): boolean {
  return (
    report.sourceRows === report.keptRows &&
    report.sourceChecksum === report.keptChecksum
  );
}

async function countRows(
  session: Session,
  { live }: RunContext,
  state: AsideState,
  among: Among,
): Promise<number> {
  const [{ rows }] = await session.query(
    `SELECT count(*) AS rows FROM ${live} AS source ${clauseOf(
      state,
      'source',
      among,
    )}`,
  );
  return Number(rows);
}

/** In the mapping's order; with those that nothing failed for. */
async function countFields(
  session: Session,
  { run }: RunContext,
  state: AsideState,
  among: Among,
): Promise<SetAsideReport['fields']> {
  const found = await session.query(
    `SELECT name, count(*) AS rows FROM (SELECT target.* FROM ${qualified(
      state.quarantine,
    )} AS target ${clauseOf(state, 'target', among)}) AS target, unnest(${ident(
      ASIDE_COLUMNS.fields,
    )}) AS name GROUP BY name`,
  );
  const names = new Set(run.mapping.setAside!.map(({ field }) => field));
  return [...names].map(name => ({
    name,
    rows: Number(found.find(row => row.name === name)?.rows ?? 0),
  }));
}
