import {
  Contract,
  ContractRule,
  Expression,
  SelectedMeasure,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { checkContractRules } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Session } from '../connection/Session';
import { literal } from '../connection/sql';
import { StatementError } from '../connection/StatementError';
import { emitExpression, EmitScope } from '../emit/emitExpression';
import { ComparedColumn, Relation } from './relations';

type ContractCheck = VerificationReport['contractChecks'][number];

/** How long one query that an owner wrote may take. */
const QUERY_TIMEOUT = '15min';

/** Which rules are held against which rows. */
export interface RuleOptions {
  /** All by default. */
  only?: (rule: ContractRule) => boolean;
  /** Parameters of the relation. */
  values?: unknown[];
}

/**
 * Measures what the contract says of the values of its rows. Rules that no row
 * can make fail share one scan; an owner's query has a statement of its own,
 * under a timeout, and breaks its rule when it cannot be computed.
 */
export async function checkRules(
  session: Session,
  relation: Relation,
  columns: ComparedColumn[],
  contract: Contract,
  { only, values }: RuleOptions = {},
): Promise<ContractCheck[]> {
  const scope: EmitScope = {
    relation: 'rows',
    columns: new Map(
      columns.map(({ field, type }, index) => [
        field.name,
        { column: `v${index}`, physicalType: type },
      ]),
    ),
  };
  return checkContractRules(
    contract,
    {
      together: measures =>
        measureTogether(session, { relation, values }, measures, scope),
      alone: rule => measureAlone(session, { relation, values }, rule, scope),
    },
    only,
  );
}

/** Rows, and the parameters of their SQL. */
interface Measured {
  relation: Relation;
  values?: unknown[];
}

async function measureTogether(
  session: Session,
  { relation, values }: Measured,
  measures: SelectedMeasure[],
  scope: EmitScope,
): Promise<{ rows: number; measured: Array<number | null> }> {
  const selected = [
    'count(*) AS rows',
    ...measures.map(
      (measure, index) => `${selectedBy(measure, scope)} AS r${index}`,
    ),
  ];
  const [found] = await session.query(
    `SELECT ${selected.join(', ')} FROM (${relation}) AS rows`,
    values,
  );
  return {
    rows: Number(found.rows),
    measured: measures.map((_, index) => toNumber(found[`r${index}`])),
  };
}

async function measureAlone(
  session: Session,
  { relation, values }: Measured,
  { kind, measure }: ContractRule,
  scope: EmitScope,
): Promise<number | null> {
  const sql =
    measure.kind === 'duplicates'
      ? duplicates(measure.fields, relation, scope)
      : `SELECT ${selectedBy(measure, scope)} AS measured
         FROM (${relation}) AS rows`;
  if (kind !== 'sql') {
    const [{ measured }] = await session.query(sql, values);
    return toNumber(measured);
  }
  await session.query('SAVEPOINT rule');
  try {
    await session.query("SELECT set_config('statement_timeout', $1, true)", [
      QUERY_TIMEOUT,
    ]);
    const [{ measured }] = await session.query(sql, values);
    return toNumber(measured);
  } catch (error) {
    if (error instanceof StatementError) {
      return null;
    }
    throw error;
  } finally {
    // Sets the timeout back too. Nothing was written.
    await session.query('ROLLBACK TO SAVEPOINT rule');
  }
}

/** SQL of the number in a SELECT over the rows; all but duplicates. */
function selectedBy(measure: SelectedMeasure, scope: EmitScope): string {
  switch (measure.kind) {
    case 'unmatched':
      return `count(*) FILTER (WHERE ${columnOf(
        measure.field,
        scope,
      )}::text !~ ${literal(measure.pattern).trim()})`;
    case 'rows':
      return `count(*)${filter(measure.where, scope)}`;
    default: {
      const operand = emitExpression(measure.operand, scope);
      const call =
        measure.aggregate === 'count-distinct'
          ? `count(DISTINCT ${operand})`
          : `${measure.aggregate}(${operand})`;
      return `${call}${filter(measure.where, scope)}`;
    }
  }
}

function filter(where: Expression | undefined, scope: EmitScope): string {
  return where ? ` FILTER (WHERE ${emitExpression(where, scope)})` : '';
}

function duplicates(
  fields: string[],
  relation: Relation,
  scope: EmitScope,
): string {
  const names = fields.map(field => columnOf(field, scope));
  const known = names.map(name => `${name} IS NOT NULL`).join(' AND ');
  return `SELECT coalesce(sum(n - 1), 0) AS measured
    FROM (SELECT count(*) AS n FROM (${relation}) AS rows
      WHERE ${known} GROUP BY ${names.join(', ')}) AS groups`;
}

function columnOf(field: string, { relation, columns }: EmitScope): string {
  return `${relation}.${columns.get(field)!.column}`;
}

/** Numbers of any type arrive as text. */
function toNumber(value: string | number | null): number | null {
  return value === null ? null : Number(value);
}
