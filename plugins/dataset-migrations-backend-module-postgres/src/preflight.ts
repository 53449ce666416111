import {
  columnName,
  Expression,
  Field,
  Mapping,
  PreflightFinding,
  ProjectedField,
  refusesMigration,
  SetAside,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatFieldType } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { EnginePreflight } from '@skein/backstage-plugin-dataset-migrations-node';
import { isDataException } from './connection/sqlState';
import { Session } from './connection/Session';
import { qualified } from './connection/sql';
import { castNodes } from './emit/castNodes';
import { castSql } from './emit/casts';
import { emitExpression, EmitScope } from './emit/emitExpression';
import { soleProjection } from './emit/projection';
import { AsideSql, asideSql, mappedRows } from './quarantine/setAside';
import { Place } from './RunContext';
import { keysOf } from './table/keys';
import { sourceColumns } from './table/layout';

/** What is scanned. */
export interface PreflightRequest {
  place: Place;
  mapping: Mapping;
  columns: ReadonlyArray<{ name: string; type: string; notNull?: boolean }>;
  samples: number;
}

/** One thing that some rows may not satisfy. */
interface Rule {
  kind: string;
  field: string;
  /** SQL: true for rows that break it. */
  broken: string;
  /** SQL of the value to show. */
  shown: string;
  message(rows: number): string;
}

/**
 * Scans the source once for all rules, and again for samples of those that are
 * broken; not at all when the catalog vouches for everything. Behind an
 * imperative agent nothing is known before it ran, so only what the first
 * projection casts is looked at.
 */
export async function preflight(
  session: Session,
  request: PreflightRequest,
): Promise<EnginePreflight> {
  const { mapping, place } = request;
  const projection = firstProjection(mapping);
  const scope: EmitScope = {
    relation: 'source',
    columns: sourceColumns(mapping.source, request.columns),
    lenient: true,
  };
  const from = `${qualified(place)} AS source`;
  const aside = asideSql(mapping, request.columns);
  const rules = [
    ...(mapping.setAside ?? []).map(reason => asideRule(reason, scope)),
    ...[
      ...projection.flatMap(field => castRules(field, scope)),
      ...(soleProjection(mapping) ?? [])
        .filter(({ expression }) => !isNeverNull(expression, request))
        .flatMap(field => nullRules(field, scope)),
    ].map(rule => ofMapped(rule, aside)),
  ];
  const scan = await countBroken(session, from, rules);
  const findings: PreflightFinding[] = [];
  for (const [index, rule] of rules.entries()) {
    const rows = Number(scan[`r${index}`]);
    if (rows > 0) {
      findings.push({
        kind: rule.kind,
        field: rule.field,
        rows,
        message: rule.message(rows),
        samples: await samplesOf(session, from, rule, request.samples),
      });
    }
  }
  const mapped = mappedRows(qualified(place), mapping, request.columns);
  if (soleProjection(mapping)) {
    findings.push(...(await duplicates(session, mapped, request, scope)));
  }
  if (!findings.some(refusesMigration)) {
    findings.push(...(await failures(session, mapped, projection, scope)));
  }
  return { rowsScanned: Number(scan.rows), findings };
}

async function countBroken(
  session: Session,
  from: string,
  rules: Rule[],
): Promise<Record<string, string>> {
  if (rules.length === 0) {
    return { rows: '0' };
  }
  const counts = rules.map(
    ({ broken }, index) => `count(*) FILTER (WHERE ${broken}) AS r${index}`,
  );
  const [scan] = await session.query(
    `SELECT ${['count(*) AS rows', ...counts].join(', ')} FROM ${from}`,
  );
  return scan;
}

/** What needs no look at the rows: a constant, or a column that is NOT NULL. */
function isNeverNull(
  expression: Expression,
  { mapping, columns }: PreflightRequest,
): boolean {
  switch (expression.op) {
    case 'literal':
      return expression.value !== null;
    case 'field': {
      const field = mapping.source.find(({ name }) => name === expression.name);
      const name = field && columnName(field);
      return columns.some(column => column.name === name && column.notNull);
    }
    default:
      return false;
  }
}

function firstProjection(mapping: Mapping): ProjectedField[] {
  const [first] = mapping.segments;
  return first.kind === 'projection' ? first.fields : [];
}

/** Rows that are set aside, which is no reason not to begin. */
function asideRule(
  { field, value, type, condition }: SetAside,
  scope: EmitScope,
): Rule {
  return {
    kind: 'rows-set-aside',
    field,
    broken: emitExpression(condition, scope),
    shown: `(${emitExpression(value, scope)})::text`,
    message: rows =>
      `${plural(
        rows,
        'row',
      )} will be set aside, as ${field} cannot be cast to ${formatFieldType(
        type,
      )}`,
  };
}

/** What is set aside need not satisfy anything. */
function ofMapped(rule: Rule, aside?: AsideSql): Rule {
  return aside
    ? { ...rule, broken: `NOT ${aside.isAside} AND (${rule.broken})` }
    : rule;
}

function castRules(projected: ProjectedField, scope: EmitScope): Rule[] {
  return castNodes(projected.expression).flatMap(({ node, guards }) => {
    if (node.onFailure !== 'refuse') {
      return [];
    }
    const operand = emitExpression(node.operand, scope);
    const { valid } = castSql(operand, node.operand.type, node.type);
    const type = formatFieldType(node.type);
    const reached = guards.map(
      ({ condition, holds }) =>
        ` AND (${emitExpression(condition, scope)}) IS ${
          holds ? '' : 'NOT '
        }TRUE`,
    );
    return valid
      ? [
          {
            kind: 'cast-fails',
            field: projected.field.name,
            broken: `(${operand}) IS NOT NULL AND NOT (${valid})${reached.join(
              '',
            )}`,
            shown: `(${operand})::text`,
            message: rows =>
              `${plural(rows, 'value')} of ${
                projected.field.name
              } cannot be cast to ${type}`,
          },
        ]
      : [];
  });
}

function nullRules(projected: ProjectedField, scope: EmitScope): Rule[] {
  const { field, expression } = projected;
  if (!field.required) {
    return [];
  }
  const value = emitExpression(expression, { ...scope, lenient: true });
  // A cast that fails has a finding of its own.
  const failing = castRules(projected, scope).map(({ broken }) => broken);
  return [
    {
      kind: 'not-null-violated',
      field: field.name,
      broken: [
        `(${value}) IS NULL`,
        ...failing.map(broken => `(${broken}) IS NOT TRUE`),
      ].join(' AND '),
      shown: `NULL::text`,
      message: rows =>
        `${field.name} is required, and ${plural(rows, 'row')} would have none`,
    },
  ];
}

async function samplesOf(
  session: Session,
  from: string,
  rule: Rule,
  limit: number,
): Promise<string[]> {
  const rows = await session.query(
    `SELECT DISTINCT ${rule.shown} AS value FROM (SELECT * FROM ${from} WHERE ${rule.broken} LIMIT 1000) AS source
     WHERE ${rule.shown} IS NOT NULL ORDER BY 1 LIMIT $1`,
    [limit],
  );
  return rows.map(({ value }) => value);
}

/** Keys that the target has and the source had not. */
async function duplicates(
  session: Session,
  from: string,
  { mapping, samples }: PreflightRequest,
  scope: EmitScope,
): Promise<PreflightFinding[]> {
  const keys = keysOf(mapping);
  const wanted: Field[][] = [
    ...(keys.primary?.length ? [keys.primary] : []),
    ...keys.newUnique.map(field => [field]),
  ];
  const findings: PreflightFinding[] = [];
  for (const fields of wanted) {
    const values = fields.map(field => {
      const { expression } = soleProjection(mapping)!.find(
        projected => projected.field.name === field.name,
      )!;
      return `(${emitExpression(expression, scope)})`;
    });
    const found = await session.query(
      `SELECT count(*) OVER () AS groups, sum(n) OVER () AS rows, value FROM (
         SELECT count(*) AS n, concat_ws(', ', ${values
           .map(value => `${value}::text`)
           .join(', ')}) AS value
         FROM (SELECT source.* FROM ${from}) AS source WHERE ${values
        .map(value => `${value} IS NOT NULL`)
        .join(' AND ')}
         GROUP BY ${values.join(', ')} HAVING count(*) > 1) AS groups
       ORDER BY value LIMIT $1`,
      [Math.max(1, samples)],
    );
    if (found.length > 0) {
      const names = fields.map(({ name }) => name).join(', ');
      const rows = Number(found[0].rows);
      findings.push({
        kind: 'duplicate-key',
        field: names,
        rows,
        message: `${names} must be unique, and ${plural(
          rows,
          'row',
        )} share ${plural(Number(found[0].groups), 'value')}`,
        samples: found.slice(0, samples).map(({ value }) => value),
      });
    }
  }
  return findings;
}

/**
 * What no rule foresees (a division by zero, a sum out of range) shows when
 * everything is computed once.
 */
async function failures(
  session: Session,
  from: string,
  projection: ProjectedField[],
  scope: EmitScope,
): Promise<PreflightFinding[]> {
  const findings: PreflightFinding[] = [];
  for (const { field, expression } of projection) {
    if (expression.op === 'field' || expression.op === 'literal') {
      continue;
    }
    const value = emitExpression(expression, { ...scope, lenient: false });
    await session.query('SAVEPOINT computed');
    try {
      await session.query(`SELECT count(${value}) FROM ${from}`);
    } catch (error) {
      if (!isDataException(error)) {
        throw error;
      }
      await session.query('ROLLBACK TO SAVEPOINT computed');
      findings.push({
        kind: 'expression-fails',
        field: field.name,
        rows: 1,
        message: `${field.name} cannot be computed for at least one row: ${
          (error as Error).message
        }`,
      });
    }
    await session.query('RELEASE SAVEPOINT computed');
  }
  return findings;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
