import {
  columnName,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { exprFields } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { sessionSettings } from '../connection/sessionSettings';
import { ident, literal } from '../connection/sql';
import { KeyColumn } from '../control/changeLog';
import { EmitScope } from '../emit/emitExpression';
import { emitProjection } from '../emit/projection';
import { comparable } from '../verify/relations';
import { sameKey } from './rowIdentity';

/** One direction of two tables that show each other's writes. */
export interface Mirror {
  /** Safe in identifiers; the triggers and the function are named by it. */
  name: string;
  /** Quoted table that is written, and the one that shows it. */
  from: string;
  to: string;
  /** What a row of `to` is, over the columns of `from`. */
  fields: ProjectedField[];
  /** The columns of `from`, as expressions read them. */
  columns: EmitScope['columns'];
  /** The columns of `to` that tell its rows apart. */
  key: KeyColumn[];
  /** SQL of their values, of a row of `from`: `OLD` or `NEW`. */
  keyOf(row: 'OLD' | 'NEW'): string[];
}

/** Setting of the transaction: the depth of triggers at which a mirror writes. */
const WRITING = 'skein.mirroring';

const unlessMirrored = `IF current_setting('${WRITING}', true) = (pg_trigger_depth() - 1)::text THEN RETURN NULL; END IF;`;

/** A snapshot from before the publication does not show the rows of a copy. */
const unseen =
  'could not serialize access: another version of the table was published after this transaction began';

/**
 * The statements that make every write to one table a write to the other, in
 * the transaction of the writer: both show it from the same commit on, and
 * neither without the other.
 *
 * Where only some columns of a row change, only those that are computed from
 * them do in the other table: what it has and this one cannot say stays.
 *
 * A mirror must not mirror what its counterpart writes, but what that sets off
 * in other triggers it must: so the counterpart leaves the depth at which it
 * writes in a setting of the transaction.
 */
export function mirrorStatements(mirror: Mirror): string[] {
  const { name, from } = mirror;
  const [rows, truncate] = mirrorTriggers(name).map(ident);
  return [
    mirrorFunction(mirror),
    `REVOKE ALL ON FUNCTION skein.${ident(name)}() FROM PUBLIC`,
    `CREATE TRIGGER ${rows} AFTER INSERT OR UPDATE OR DELETE ON ${from} FOR EACH ROW EXECUTE FUNCTION skein.${ident(
      name,
    )}()`,
    `CREATE TRIGGER ${truncate} AFTER TRUNCATE ON ${from} FOR EACH STATEMENT EXECUTE FUNCTION skein.${ident(
      name,
    )}()`,
    `ALTER TABLE ${from} ENABLE ALWAYS TRIGGER ${rows}, ENABLE ALWAYS TRIGGER ${truncate}`,
  ];
}

/** The statements that undo {@link mirrorStatements}. */
export function unmirrorStatements(name: string, from: string): string[] {
  return [
    ...mirrorTriggers(name).map(
      trigger => `DROP TRIGGER IF EXISTS ${ident(trigger)} ON ${from}`,
    ),
    `DROP FUNCTION IF EXISTS skein.${ident(name)}()`,
  ];
}

/**
 * The statements that keep everybody but the counterpart's mirror from writing
 * a table.
 *
 * @param reason - what writers are told
 */
export function refuseWritesStatements(
  name: string,
  table: string,
  reason: string,
): string[] {
  const [trigger] = mirrorTriggers(name).map(ident);
  return [
    `CREATE OR REPLACE FUNCTION skein.${ident(name)}() RETURNS trigger
      LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $body$
      BEGIN
        ${unlessMirrored}
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state', MESSAGE = ${literal(
          reason,
        )};
      END $body$`,
    `CREATE TRIGGER ${trigger} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION skein.${ident(
      name,
    )}()`,
    `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${trigger}`,
  ];
}

/**
 * Triggers run in the order of their names: these come before those of the
 * application, which may write the same row again.
 */
function mirrorTriggers(name: string): string[] {
  return [`!skein_${name}_rows`, `!skein_${name}_truncate`];
}

function mirrorFunction(mirror: Mirror): string {
  const { name, to, key, keyOf } = mirror;
  const emitted = emitProjection(mirror.fields, {
    relation: 'NEW',
    columns: mirror.columns,
  });
  const names = emitted.map(({ projected }) =>
    ident(columnName(projected.field)),
  );
  const insert = `INSERT INTO ${to} (${names.join(
    ', ',
  )}) OVERRIDING SYSTEM VALUE VALUES (${emitted
    .map(({ value }) => value)
    .join(', ')});`;
  const found = (row: 'OLD' | 'NEW') => sameKey('shown', key, keyOf(row));
  const changes = emitted.flatMap(({ projected, value }, index) => {
    const changed = changedColumns(mirror, projected);
    return changed
      ? [
          `${names[index]} = CASE WHEN ${changed} THEN ${value} ELSE shown.${names[index]} END`,
        ]
      : [];
  });
  const settings = Object.entries(sessionSettings).map(
    ([setting, value]) =>
      `SET ${setting} = ${
        setting === 'search_path' ? 'pg_catalog, pg_temp' : literal(value)
      }`,
  );
  return `CREATE OR REPLACE FUNCTION skein.${ident(name)}() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER ${settings.join(' ')} AS $body$
    DECLARE
      outer_depth text := current_setting('${WRITING}', true);
    BEGIN
      ${unlessMirrored}
      PERFORM set_config('${WRITING}', pg_trigger_depth()::text, true);
      IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE ${to};
      ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM ${to} AS shown WHERE ${found('OLD')};
      ELSIF TG_OP = 'INSERT' THEN
        ${insert}
      ELSE
        UPDATE ${to} AS shown SET ${changes.join(', ')} WHERE ${found('OLD')};
      END IF;
      IF TG_OP <> 'TRUNCATE' AND NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'serialization_failure', MESSAGE = ${literal(
          unseen,
        )};
      END IF;
      PERFORM set_config('${WRITING}', coalesce(outer_depth, ''), true);
      RETURN NULL;
    END $body$`;
}

/** SQL that is true when a value that a field is computed from was changed. */
function changedColumns(
  { columns }: Mirror,
  { expression }: ProjectedField,
): string | undefined {
  const row = (name: 'OLD' | 'NEW') =>
    `ROW(${exprFields(expression)
      .map(field => columns.get(field)!)
      .map(({ column, physicalType }) =>
        comparable(`${name}.${ident(column)}`, physicalType),
      )
      .join(', ')})`;
  return exprFields(expression).length > 0
    ? `${row('OLD')} IS DISTINCT FROM ${row('NEW')}`
    : undefined;
}
