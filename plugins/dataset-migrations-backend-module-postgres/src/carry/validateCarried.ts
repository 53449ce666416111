import { prepared } from '../connection/prepared';
import { ident } from '../connection/sql';
import { readRun } from '../control/runs';
import { RunContext } from '../RunContext';
import { withTableLock } from '../steps/tableLock';

/**
 * Checks the rows under constraints that a switch added without reading one, in
 * a transaction each, while readers and writers go on. Doing it again, after a
 * crash, changes nothing; a constraint that somebody dropped meanwhile is left
 * alone.
 *
 * @param side - whose constraints are in force now
 */
export async function validateCarried(
  context: RunContext,
  side: 'old' | 'new',
): Promise<void> {
  const { run, warehouse } = context;
  const stored = await readRun(warehouse, run.migrationId);
  const wanted = stored?.state.carried[side].validate ?? [];
  if (wanted.length === 0) {
    return;
  }
  const waiting = await warehouse.query<{ table: string; constraint: string }>(
    prepared(`SELECT k.conrelid::regclass::text AS table, k.conname AS constraint
     FROM unnest($1::text[], $2::text[]) AS wanted (name, conname)
     JOIN pg_constraint k ON k.conrelid = to_regclass(wanted.name) AND k.conname = wanted.conname
     WHERE NOT k.convalidated`),
    [
      wanted.map(({ table }) => table),
      wanted.map(({ constraint }) => constraint),
    ],
    { signal: run.signal },
  );
  for (const { table, constraint } of waiting) {
    await withTableLock(context, session =>
      session.query(
        `ALTER TABLE ${table} VALIDATE CONSTRAINT ${ident(constraint)}`,
      ),
    );
  }
}
