import {
  Contract,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Session } from '../connection/Session';
import { namesOf, primaryKey } from '../table/keys';
import { TableDefinition } from '../table/TableDefinition';
import { checkRules, RuleOptions } from './contractRules';
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

/**
 * Holds the target against its contract: types by the catalog; required fields
 * and rules about single rows in one scan; keys and every other rule in one of
 * their own.
 */
export async function checkContract(
  session: Session,
  relation: Relation,
  columns: ComparedColumn[],
  contract: Contract,
  guarantees: Guarantees,
  options: Pick<RuleOptions, 'only'> = {},
): Promise<ContractCheck[]> {
  return [
    ...columns.map(checkType),
    ...(await checkRequired(session, relation, columns, guarantees)),
    ...(await checkRules(session, relation, columns, contract, options)),
    ...(await checkKeys(session, relation, columns, guarantees)),
  ];
}

/** @param values - parameters of the relation */
export async function checkRequired(
  session: Session,
  relation: Relation,
  columns: ComparedColumn[],
  guarantees: Pick<Guarantees, 'notNull'>,
  values?: unknown[],
): Promise<ContractCheck[]> {
  const required = columns.flatMap(({ field, name }, index) =>
    field.required
      ? [{ field, value: `v${index}`, vouched: guarantees.notNull.has(name) }]
      : [],
  );
  const scanned = required.filter(({ vouched }) => !vouched);
  const [found] =
    scanned.length > 0
      ? await session.query(
          `SELECT ${scanned.map(
            ({ value }) => `count(*) - count(${value}) AS ${value}`,
          )} FROM (${relation}) AS rows`,
          values,
        )
      : [{}];
  return required.map(({ field, value, vouched }) => {
    const violations = vouched ? 0 : Number(found[value]);
    return {
      rule: 'required',
      field: field.name,
      ok: violations === 0,
      violations,
    };
  });
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

/**
 * What broken rules of a contract are, as one sentence's end without values;
 * undefined where all hold.
 */
export function describeBroken(checks: ContractCheck[]): string | undefined {
  const broken = checks
    .filter(({ ok }) => !ok)
    .map(
      ({ rule, field, violations }) =>
        `${violations} ${
          violations === 1 ? 'row violates' : 'rows violate'
        } ${rule}${field === undefined ? '' : ` of '${field}'`}`,
    );
  return broken.length > 0 ? broken.join('; ') : undefined;
}
