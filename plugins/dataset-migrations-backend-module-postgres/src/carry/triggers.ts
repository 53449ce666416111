import { ident, literal } from '../connection/sql';
import { Attached, AttachedKind } from './Attached';
import { ColumnChanges } from './ColumnChanges';

/** How `tgenabled` is said in `ALTER TABLE`, but for `O`, as they are created. */
const modes: Record<string, string> = {
  D: 'DISABLE',
  R: 'ENABLE REPLICA',
  A: 'ENABLE ALWAYS',
};

/** A row of the catalog query below. */
interface TriggerRow {
  name: string;
  definition: string;
  /** `tgenabled`. */
  mode: string;
  comment: string | null;
  /** Whether it runs before a row is inserted or updated. */
  alters: boolean;
  function: string;
  source: string;
  /** Whether the source says what the function does. */
  readable: boolean;
  /** Numbers of the columns that its definition names. */
  reads: number[];
}

/**
 * Triggers of a table, but for the engine's own. They move at the switch: on
 * the shadow they would fire for rows that are copied, and on the old table for
 * writes that are brought back.
 *
 * What their functions do is nobody's to know; that a function names a column
 * that will not be there is.
 *
 * `pg_trigger`: https://www.postgresql.org/docs/current/catalog-pg-trigger.html
 */
export const triggers: AttachedKind<TriggerRow> = {
  sql: `SELECT t.tgname AS name, pg_get_triggerdef(t.oid) AS definition, t.tgenabled AS mode,
       obj_description(t.oid, 'pg_trigger') AS comment,
       t.tgtype & 3 = 3 AND t.tgtype & 20 <> 0 AS alters,
       t.tgfoid::regproc::text AS function, p.prosrc AS source, l.lanname NOT IN ('c', 'internal') AS readable,
       ARRAY(SELECT DISTINCT d.refobjsubid FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass
         AND d.objid = t.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid = $1 AND d.refobjsubid > 0) AS reads
     FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
     JOIN pg_language l ON l.oid = p.prolang
     WHERE t.tgrelid = $1 AND NOT t.tgisinternal AND t.tgparentid = 0 AND n.nspname <> 'skein'
     ORDER BY t.oid`,
  attached: trigger,
};

function trigger(row: TriggerRow): Attached {
  const { name, mode } = row;
  return {
    name: `the trigger ${name}`,
    kind: 'other',
    problems: change => problemsOf(row, change),
    // What it makes of a row that came from the new version would not go back.
    beside: () =>
      row.alters && mode !== 'D'
        ? [
            `The trigger ${name} may change rows before they are written, which the other version would not see; drop it, or migrate with the policy 'switch'.`,
          ]
        : [],
    notes: change => [
      `The trigger ${name} moves to the new table with the switch; it does not fire for the rows that are copied.${
        change.retypesAny
          ? ` See that ${row.function} can do with the new types.`
          : ''
      }`,
    ],
    statements: ({ live }) => ({
      detach: [`DROP TRIGGER ${ident(name)} ON ${live}`],
      attach: [
        row.definition,
        ...(modes[mode]
          ? [`ALTER TABLE ${live} ${modes[mode]} TRIGGER ${ident(name)}`]
          : []),
        ...(row.comment === null
          ? []
          : [
              `COMMENT ON TRIGGER ${ident(name)} ON ${live} IS ${literal(
                row.comment,
              )}`,
            ]),
      ],
    }),
  };
}

function problemsOf(row: TriggerRow, change: ColumnChanges): string[] {
  const { reads } = row;
  const advice = 'drop it, migrate, and create it again.';
  const lost = reads.filter(
    column => change.dropped(column) || change.retyped(column),
  );
  const named = row.readable
    ? change.vanishing.filter(column => mentions(row.source, column))
    : [];
  return [
    ...lost.map(
      column =>
        `The trigger ${row.name} depends on the column ${change.nameOf(
          column,
        )}, which is ${
          change.dropped(column) ? 'dropped' : 'of another type afterwards'
        }; ${advice}`,
    ),
    ...named.map(
      column =>
        `The trigger ${row.name} calls ${row.function}, which names the column ${column}; the new version has none of that name, so ${advice}`,
    ),
  ];
}

/** Whether a word of a function's text is the name. */
function mentions(source: string, name: string): boolean {
  const words = source.match(/[\p{L}_][\p{L}\p{M}\p{N}_$-]*/gu) ?? [];
  const lower = name.toLocaleLowerCase('en-US');
  return (
    words.some(word => word.toLocaleLowerCase('en-US') === lower) ||
    source.includes(ident(name))
  );
}
