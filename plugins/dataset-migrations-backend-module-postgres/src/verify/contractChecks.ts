import { JsonValue } from '@backstage/types';
import {
  Field,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Session } from '../connection/Session';
import { literal } from '../connection/sql';
import { computedType } from '../emit/types';
import { namesOf, primaryKey } from '../table/keys';
import { TableDefinition } from '../table/TableDefinition';
import { ComparedColumn, Relation } from './relations';

export type ContractCheck = VerificationReport['contractChecks'][number];

/** What the catalog vouches for, so that no scan is needed. */
export interface Guarantees {
  notNull: ReadonlySet<string>;
  /** Names of the columns of each unique key. */
  unique: string[][];
}

/** What constraints of a table vouch for. */
export function guaranteesOf(table: TableDefinition): Guarantees {
  return {
    notNull: new Set(
      table.columns.filter(({ notNull }) => notNull).map(({ name }) => name),
    ),
    unique: table.indexes
      .filter(({ unique, valid, plain }) => unique && valid && plain)
      .map(index => namesOf(table, index)),
  };
}

/** A rule about single rows. */
interface RowRule {
  rule: string;
  field: string;
  /** SQL: true for rows that break it. */
  broken: string;
}

/** Holds the target against its contract, in one scan and one per key. */
export async function checkContract(
  session: Session,
  relation: Relation,
  columns: ComparedColumn[],
  guarantees: Guarantees,
): Promise<ContractCheck[]> {
  const rules = columns.flatMap((column, index) =>
    rulesOf(column, `v${index}`, guarantees),
  );
  const scanned = rules.filter(({ broken }) => broken !== 'false');
  const counts =
    scanned.length === 0
      ? {}
      : (
          await session.query(
            `SELECT ${scanned
              .map(
                ({ broken }, index) =>
                  `count(*) FILTER (WHERE ${broken}) AS r${index}`,
              )
              .join(', ')} FROM (${relation}) AS rows`,
          )
        )[0];
  const checks = rules.map(({ rule, field, broken }) => {
    const index = scanned.findIndex(
      other => other.rule === rule && other.field === field,
    );
    const violations = broken === 'false' ? 0 : Number(counts[`r${index}`]);
    return { rule, field, ok: violations === 0, violations };
  });
  return [
    ...columns.map(checkType),
    ...checks,
    ...(await checkKeys(session, relation, columns, guarantees)),
  ];
}

function rulesOf(
  { field, name }: ComparedColumn,
  value: string,
  guarantees: Guarantees,
): RowRule[] {
  const rules: RowRule[] = [];
  const add = (rule: string, broken: string) =>
    rules.push({ rule, field: field.name, broken });
  if (field.required) {
    add(
      'required',
      guarantees.notNull.has(name) ? 'false' : `${value} IS NULL`,
    );
  }
  if (field.enum) {
    const allowed = field.enum.map(item => constant(item, field));
    add(
      'enum',
      allowed.length > 0
        ? `${value} NOT IN (${allowed.join(', ')})`
        : `${value} IS NOT NULL`,
    );
  }
  if (field.type.kind === 'string' && field.type.maxLength !== undefined) {
    add('maxLength', `char_length(${value}) > ${Number(field.type.maxLength)}`);
  }
  const bounds = [
    ['minimum', '<'],
    ['maximum', '>'],
    ['exclusiveMinimum', '<='],
    ['exclusiveMaximum', '>='],
  ] as const;
  for (const [option, operator] of bounds) {
    const bound = field.options?.[option];
    if (isOrdered(field) && isBound(bound)) {
      add(option, `${value} ${operator} ${constant(bound, field)}`);
    }
  }
  const { minLength } = field.options ?? {};
  if (field.type.kind === 'string' && typeof minLength === 'number') {
    add('minLength', `char_length(${value}) < ${minLength}`);
  }
  return rules;
}

function isOrdered({ type }: Field): boolean {
  return ['integer', 'decimal', 'float', 'date', 'time', 'timestamp'].includes(
    type.kind,
  );
}

function isBound(bound: JsonValue | undefined): bound is string | number {
  return typeof bound === 'number' || typeof bound === 'string';
}

/** A bound may have more digits than the field, so numbers are compared freely. */
function constant(value: JsonValue, { type }: Field): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const numeric = type.kind === 'integer' || type.kind === 'decimal';
  return `${literal(text).trim()}::${numeric ? 'numeric' : computedType(type)}`;
}

/** The column in the store must be of the type that the plan gave it. */
function checkType({ field, type, expectedType }: ComparedColumn) {
  const ok = type === expectedType;
  return { rule: 'type', field: field.name, ok, violations: ok ? 0 : 1 };
}

async function checkKeys(
  session: Session,
  relation: Relation,
  columns: ComparedColumn[],
  guarantees: Guarantees,
): Promise<ContractCheck[]> {
  const fields = columns.map(({ field }) => field);
  const primary = primaryKey(fields);
  const keys = [
    ...(primary.length > 0 ? [{ rule: 'primaryKey', key: primary }] : []),
    ...fields
      .filter(({ unique }) => unique)
      .map(field => ({ rule: 'unique', key: [field] })),
  ];
  const checks: ContractCheck[] = [];
  for (const { rule, key } of keys) {
    const members = key.map(field =>
      columns.findIndex(column => column.field.name === field.name),
    );
    const vouched = guarantees.unique.some(names =>
      sameSet(
        names,
        members.map(index => columns[index].name),
      ),
    );
    const violations = vouched
      ? 0
      : await countDuplicates(
          session,
          relation,
          members.map(index => `v${index}`),
          rule === 'primaryKey',
        );
    checks.push({
      rule,
      field: key.map(({ name }) => name).join(', '),
      ok: violations === 0,
      violations,
    });
  }
  return checks;
}

/** Rows beyond the first of each value; with NULL in a primary key, all. */
async function countDuplicates(
  session: Session,
  relation: Relation,
  key: string[],
  isPrimary: boolean,
): Promise<number> {
  const isNull = key.map(value => `${value} IS NULL`).join(' OR ');
  const [row] = await session.query(
    `SELECT coalesce(sum(CASE WHEN ${isNull} THEN ${
      isPrimary ? 'n' : '0'
    } ELSE n - 1 END), 0) AS violations
     FROM (SELECT ${key.join(', ')}, count(*) AS n FROM (${relation}) AS rows
       GROUP BY ${key.join(', ')} HAVING count(*) > 1 OR ${isNull}) AS groups`,
  );
  return Number(row.violations);
}

function sameSet(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every(name => b.includes(name));
}
