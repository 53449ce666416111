import {
  Contract,
  ContractRule,
  Expression,
  SelectedMeasure,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { checkContractRules } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { QueryError } from '../process/QueryError';
import { Query } from '../process/Session';
import { Relation } from '../relations/Relation';
import { emitExpression } from '../sql/emitExpression';
import { ident, literal } from '../sql/quote';
import { Scope } from '../sql/Scope';
import { readable } from './readable';
import { duplicates } from './uniqueKeys';

type ContractCheck = VerificationReport['contractChecks'][number];

/** SQL of the value of a field, by its name. */
type Values = (field: string) => string;

/**
 * Measures what the contract says of the values of its rows. Rules that count
 * rows share one scan of each part; every other is a query over all parts. An
 * owner's query that cannot be computed breaks its rule.
 */
export async function checkRules(
  query: Query,
  contract: Contract,
  parts: Relation[],
): Promise<ContractCheck[]> {
  return checkContractRules(contract, {
    together: measures => measureTogether(query, measures, parts),
    alone: rule => measureAlone(query, rule, parts),
  });
}

async function measureTogether(
  query: Query,
  measures: SelectedMeasure[],
  parts: Relation[],
): Promise<{ rows: number; measured: number[] }> {
  const measured = measures.map(() => 0);
  let rows = 0;
  for (const part of parts) {
    // What cannot be read breaks the rule about its type, and no other.
    const values: Values = name => `TRY(${readable(part.fields.get(name)!)})`;
    const selected = [
      'count(*) AS n',
      ...measures.map(
        (measure, index) => `${selectedBy(measure, values)} AS r${index}`,
      ),
    ];
    const [found] = await query(
      `SELECT ${selected.join(', ')} FROM ${part.sql}`,
    );
    rows += Number(found.n);
    measures.forEach((_, index) => {
      measured[index] += Number(found[`r${index}`]);
    });
  }
  return { rows, measured };
}

async function measureAlone(
  query: Query,
  { kind, measure }: ContractRule,
  parts: Relation[],
): Promise<number | null> {
  const rows = `(${parts
    .map(part => {
      const columns = [...part.fields].map(
        ([name, field]) => `TRY(${readable(field)}) AS ${ident(name)}`,
      );
      return `SELECT ${columns.join(', ')} FROM ${part.sql}`;
    })
    .join(' UNION ALL ')})`;
  if (parts.length === 0) {
    return measure.kind === 'aggregate' ? null : 0;
  }
  const sql =
    measure.kind === 'duplicates'
      ? `SELECT coalesce(sum(n - 1), 0) AS measured FROM (${duplicates(
          measure.fields.map(name => ({ name })),
          rows,
        )})`
      : `SELECT ${selectedBy(measure, ident)} AS measured FROM ${rows}`;
  try {
    const [{ measured }] = await query(sql);
    return measured === null ? null : Number(measured);
  } catch (error) {
    if (kind === 'sql' && error instanceof QueryError && error.ofData) {
      return null;
    }
    throw error;
  }
}

/** SQL of the number in a SELECT over rows; all but duplicates. */
function selectedBy(measure: SelectedMeasure, values: Values): string {
  switch (measure.kind) {
    case 'unmatched':
      return `count(*) FILTER (WHERE NOT regexp_matches(${values(
        measure.field,
      )}, ${literal(measure.pattern)}))`;
    case 'aggregate': {
      const operand = emitExpression(new Scope(), measure.operand, values);
      const call =
        measure.aggregate === 'count-distinct'
          ? `count(DISTINCT ${operand})`
          : `${measure.aggregate}(${operand})`;
      return `CAST(${call}${filter(measure.where, values)} AS VARCHAR)`;
    }
    default:
      return `count(*)${filter(measure.where, values)}`;
  }
}

function filter(where: Expression | undefined, values: Values): string {
  return where
    ? ` FILTER (WHERE ${emitExpression(new Scope(), where, values)})`
    : '';
}
