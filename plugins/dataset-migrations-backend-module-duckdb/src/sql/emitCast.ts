import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  formatFieldType,
  textPatterns,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { duckType } from './duckTypes';
import { literal } from './quote';
import { Scope } from './Scope';
import { UnsupportedError } from './UnsupportedError';

/** A cast that fails, as PostgreSQL's does, where the value has no counterpart. */
export function emitCast(
  scope: Scope,
  sql: string,
  from: FieldType,
  to: FieldType,
): string {
  if (to.kind === 'string') {
    return limitLength(scope, textOf(sql, from), to.maxLength);
  }
  if (from.kind === 'string') {
    return fromText(scope, sql, to);
  }
  if (from.kind === 'float' && to.kind === 'decimal') {
    // By the digits that a float certainly has, not by its binary value.
    const digits = from.bits === 32 ? 6 : 15;
    return `CAST(printf('%.${digits}g', ${sql}) AS ${duckType(to)})`;
  }
  if (from.kind === 'float' && to.kind === 'float' && to.bits < from.bits) {
    return narrowed(scope, sql, to);
  }
  if (!castable(from, to)) {
    throw new UnsupportedError(
      `A ${formatFieldType(from)} cannot be cast to ${formatFieldType(to)}`,
    );
  }
  return `CAST(${sql} AS ${duckType(to)})`;
}

/** A float so small that the narrower type has 0 for it fails. */
function narrowed(scope: Scope, sql: string, to: FieldType): string {
  const type = duckType(to);
  return scope.let(
    sql,
    wide =>
      `CASE WHEN CAST(${wide} AS ${type}) = 0 AND ${wide} <> 0 THEN ${scope.fail(
        `too small for ${formatFieldType(to)}`,
        type,
      )} ELSE CAST(${wide} AS ${type}) END`,
  );
}

function castable(from: FieldType, to: FieldType): boolean {
  const numbers = ['integer', 'decimal', 'float'];
  const dates = ['date', 'time', 'timestamp'];
  return (
    from.kind === to.kind ||
    (numbers.includes(from.kind) && numbers.includes(to.kind)) ||
    (from.kind === 'boolean' && to.kind === 'integer') ||
    (from.kind === 'integer' && to.kind === 'boolean') ||
    (from.kind === 'timestamp' && dates.includes(to.kind)) ||
    (from.kind === 'date' && to.kind === 'timestamp')
  );
}

/** Text as PostgreSQL writes it. */
function textOf(sql: string, from: FieldType): string {
  switch (from.kind) {
    case 'string':
      return sql;
    case 'decimal':
      // In its own scale, whatever a CASE or a COALESCE made of it.
      return `CAST(CAST(${sql} AS ${duckType(from)}) AS VARCHAR)`;
    case 'boolean':
    case 'integer':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'uuid':
      return `CAST(${sql} AS VARCHAR)`;
    default:
      throw new UnsupportedError(
        `The text of a ${formatFieldType(
          from,
        )} is written differently by DuckDB`,
      );
  }
}

/** Text that is too long fails: it is never cut silently. */
export function limitLength(
  scope: Scope,
  sql: string,
  maxLength: number | undefined,
): string {
  if (maxLength === undefined) {
    return sql;
  }
  return scope.let(
    sql,
    name =>
      `CASE WHEN length(${name}) > ${maxLength} THEN ${scope.fail(
        `longer than ${maxLength} characters`,
        'VARCHAR',
      )} ELSE ${name} END`,
  );
}

const BLANKS = `' ' || chr(9) || chr(10) || chr(13)`;

/** Reads text as a value, by the patterns that every engine keeps to. */
function fromText(scope: Scope, sql: string, to: FieldType): string {
  const type = duckType(to);
  const name = formatFieldType(to);
  return scope.let(sql, text => {
    const refused = scope.fail(`not of type ${name}`, type);
    const guarded = (pattern: string, value: string) =>
      `CASE WHEN ${text} IS NULL THEN NULL WHEN regexp_matches(${text}, ${literal(
        pattern,
      )}) THEN ${value} ELSE ${refused} END`;
    const trimmed = `trim(${text}, ${BLANKS})`;
    switch (to.kind) {
      case 'boolean':
        return guarded(
          textPatterns.boolean,
          `lower(${trimmed}) IN ('t', 'true', 'y', 'yes', 'on', '1')`,
        );
      case 'integer':
        return guarded(textPatterns.integer, `CAST(${trimmed} AS ${type})`);
      case 'decimal':
        return guarded(textPatterns.decimal, `CAST(${trimmed} AS ${type})`);
      case 'float':
        return guarded(
          textPatterns.float,
          scope.let(
            `CAST(${trimmed} AS ${type})`,
            value =>
              `CASE WHEN isinf(${value}) AND NOT contains(lower(${text}), 'inf') OR ${value} = 0 AND regexp_matches(${text}, '^[^eE]*[1-9]') THEN ${refused} ELSE ${value} END`,
          ),
        );
      case 'date':
      case 'time':
        return guarded(textPatterns[to.kind], `CAST(${trimmed} AS ${type})`);
      case 'timestamp':
        return to.zone
          ? guarded(
              textPatterns.timestampWithZone,
              `CASE WHEN regexp_matches(${text}, '[ T][0-9:.]+[+-](1[6-9]|[2-9]|[0-9]{2}:?[6-9])') THEN ${refused} ELSE CAST(upper(${trimmed}) AS ${type}) END`,
            )
          : guarded(textPatterns.timestamp, `CAST(${trimmed} AS ${type})`);
      case 'uuid':
        return guarded(textPatterns.uuid, `CAST(${text} AS UUID)`);
      case 'json':
        return `CAST(${text} AS JSON)`;
      case 'bytes':
        return guarded('^([0-9a-fA-F]{2})*$', `unhex(${text})`);
      default:
        throw new UnsupportedError(`Text cannot be cast to ${name}`);
    }
  });
}
