import { QueryReader } from './QueryReader';
import { readStatement } from './readStatement';
import { overlooked, sqlInTexts } from './overlooked';
import { Steps } from './Steps';
import { isTableNamedIn, Placeholders, TableNames } from './TableNames';
import { DatasetTable, FieldUse, SqlFieldUses, UnreadPart } from './types';
import { Wildcards } from './Wildcards';

export interface ReadOptions {
  tables: readonly DatasetTable[];
  placeholders?: Placeholders;
}

/**
 * Which fields of datasets a text of SQL reads, from its parsed statements.
 *
 * Every column that resolves to a column of a dataset counts, wherever it stands:
 * in a result, a condition, a join, an order. A name given by an alias is another
 * name: who reads `d` of `(select delay as d from flights)` reads no field by it.
 * `*` counts as the columns that are made of it: all of them where they leave the
 * text. Where a name may be a dataset's or that of a table whose columns are not
 * known, it counts.
 *
 * @param statements - of the text, as `SqlParser` gives them
 * @throws TooManySteps for a text that would keep the thread too long
 */
export function readFieldUses(
  sql: string,
  statements: readonly unknown[],
  options: ReadOptions & { steps?: Steps },
): SqlFieldUses {
  const { steps = new Steps() } = options;
  const uses = new Map<string, FieldUse>();
  const unread: UnreadPart[] = [];
  const tables = new TableNames({
    tables: options.tables,
    placeholders: options.placeholders ?? new Map(),
    steps,
    found: use => {
      const { datasetRef, field, line } = use;
      const key = JSON.stringify([datasetRef, field, line]);
      // Who names a field reads it even where a star has it, too.
      if (!uses.get(key) || !use.star) {
        uses.set(key, use);
      }
    },
  });
  const wildcards = new Wildcards(sql, steps);
  for (const statement of statements) {
    const reader: QueryReader = new QueryReader(
      tables,
      wildcards,
      steps,
      (inner, scope) => void readStatement(inner, reader, tables, scope),
    );
    const reason = readStatement(statement, reader, tables);
    if (reason !== undefined) {
      unread.push({ reason });
    }
  }
  if (unread.length === 0) {
    unread.push(
      ...overlooked(sql, options, tables),
      ...sqlInTexts(statements, options),
    );
  }
  return { uses: [...uses.values()], unread };
}

/** Whether a text may have to do with one of the tables. */
export function namesTable(text: string, options: ReadOptions): boolean {
  const hidden = [...(options.placeholders?.values() ?? [])].flat();
  const all = [text, ...hidden.filter(name => name !== null)].join('\n');
  return options.tables.some(table => isTableNamedIn(table, all));
}
