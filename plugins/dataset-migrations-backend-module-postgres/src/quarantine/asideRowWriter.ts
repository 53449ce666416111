import { ident, qualified } from '../connection/sql';
import { RunState } from '../control/runs';
import { RunContext } from '../RunContext';
import { RowWriter } from '../rows/RowWriter';
import { asideSql, rowsAside } from './setAside';
import { ASIDE_COLUMNS } from './quarantineTable';

/**
 * A writer that also puts those rows of its selections into quarantine that the
 * mapping sets aside, in the transaction that writes the others. A row that is
 * written between the two statements may be in both places or in none; its
 * write is in the log, and whoever brings that over does it again.
 */
export function settingAside(
  { run, live }: RunContext,
  { quarantine, columns }: Pick<RunState, 'quarantine' | 'columns'>,
  writer: RowWriter,
): RowWriter {
  const aside = asideSql(run.mapping, columns);
  if (!aside || !quarantine) {
    return writer;
  }
  const names = columns.map(({ name }) => ident(name));
  const into = [...names, ident(ASIDE_COLUMNS.fields), ident(ASIDE_COLUMNS.at)];
  const values = [
    ...names.map(name => `source.${name}`),
    aside.fields,
    'clock_timestamp()',
  ];
  return {
    async prepare(rows) {
      const write = await writer.prepare(rows);
      return async session => {
        const mapped = await write(session);
        const kept = await session.execute(
          `INSERT INTO ${qualified(quarantine)} (${into.join(
            ', ',
          )}) SELECT ${values.join(', ')} FROM ${rowsAside(
            rows.relation ?? live,
            aside,
            rows.clause,
          )}`,
          rows.values,
        );
        return mapped + kept;
      };
    },
  };
}
