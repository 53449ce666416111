import { InputError } from '@backstage/errors';
import { Field } from '../contracts/types';
import { isNumeric } from '../expressions/coercion';
import { binary } from '../expressions/operators';
import { parseQuery, SqlNode } from '../expressions/parser/sqlParser';
import { Translator } from '../expressions/parser/translate';
import { Expression } from '../expressions/types';
import { RuleMeasure } from './types';

/** Stands for the table while the query is parsed. */
const OBJECT = 'skein_quality_object';

const aggregates = new Set(['count', 'sum', 'avg', 'min', 'max']);

/** How people call what a query may not have. */
const clauseNames: Record<string, string> = {
  withClause: 'WITH',
  distinctClause: 'DISTINCT',
  intoClause: 'INTO',
  groupClause: 'GROUP BY',
  havingClause: 'HAVING',
  windowClause: 'WINDOW',
  sortClause: 'ORDER BY',
  limitCount: 'LIMIT',
  limitOffset: 'OFFSET',
  lockingClause: 'FOR UPDATE',
  valuesLists: 'VALUES',
  larg: 'UNION, INTERSECT or EXCEPT',
};

const sourceNames: Record<string, string> = {
  JoinExpr: 'a join',
  RangeSubselect: 'a sub-select',
  RangeFunction: 'a function',
  RangeTableSample: 'TABLESAMPLE',
};

/**
 * Reads the query of an ODCS rule of the kind `sql`: one aggregate over the rows
 * of the object, all or those of a condition,
 *
 *     SELECT count(*) FROM ${object} WHERE ${property} < 0
 *
 * What it aggregates and its condition are expressions as in migration
 * documents. So a query means the same in every engine, reads nothing but the
 * dataset, and costs at most one pass and the distinct values.
 *
 * @param field - what `${property}` and `${column}` stand for
 * @throws InputError naming the placeholder, clause, function or construct that
 *   is not allowed
 */
export function readQualityQuery(
  query: string,
  fields: Field[],
  field?: string,
): RuleMeasure {
  const {
    targetList = [],
    fromClause = [],
    whereClause,
    limitOption,
    op,
    ...others
  } = parseQuery(withNames(query, field));
  const [clause] = Object.keys(others);
  if (clause !== undefined || op !== 'SETOP_NONE') {
    throw notAllowed(clauseNames[clause ?? 'larg'] ?? clause);
  }
  checkSource(fromClause);
  if (targetList.length !== 1) {
    throw new InputError(`must select one number, not ${targetList.length}`);
  }
  const translator = new Translator(
    new Map(fields.map(item => [item.name, item])),
  );
  const translate = (node: SqlNode) => translator.translate(node);
  const where = whereClause && condition(translate(whereClause), 'WHERE');
  return measureOf(targetList[0].ResTarget.val, translate, where);
}

/** The query with names in place of ODCS's placeholders. */
function withNames(query: string, field?: string): string {
  return query.replace(
    /"\$\{([^}]*)\}"|\$\{([^}]*)\}/g,
    (_, quoted?: string, bare?: string) => {
      const placeholder = quoted ?? bare ?? '';
      switch (placeholder) {
        case 'object':
        case 'table':
          return OBJECT;
        case 'property':
        case 'column':
          if (field === undefined) {
            throw new InputError(
              `\${${placeholder}} stands for a property, but the rule is not under one`,
            );
          }
          return `"${field.replaceAll('"', '""')}"`;
        default:
          throw new InputError(`\${${placeholder}} is no placeholder`);
      }
    },
  );
}

function checkSource(fromClause: SqlNode[]): void {
  const [source] = fromClause;
  const isObject =
    fromClause.length === 1 &&
    source.RangeVar?.relname === OBJECT &&
    !source.RangeVar.schemaname &&
    !source.RangeVar.alias;
  if (isObject) {
    return;
  }
  const [kind] = Object.keys(source ?? {});
  throw new InputError(
    `must select from \${object} alone${
      sourceNames[kind] ? `, not from ${sourceNames[kind]}` : ''
    }`,
  );
}

function measureOf(
  node: SqlNode,
  translate: (node: SqlNode) => Expression,
  where?: Expression,
): RuleMeasure {
  const {
    funcname = [],
    args = [],
    agg_star: star,
    agg_distinct: distinct,
    agg_filter: filter,
    funcformat,
    location,
    ...others
  } = node.FuncCall ?? {};
  const aggregate: string = funcname[0]?.String?.sval ?? '';
  if (funcname.length !== 1 || !aggregates.has(aggregate)) {
    throw new InputError(
      'must select one of count, sum, avg, min and max, and nothing around it',
    );
  }
  const [other] = Object.keys(others);
  if (other || (distinct && aggregate !== 'count')) {
    throw notAllowed(`${aggregate} with ${other ?? 'DISTINCT'}`);
  }
  const kept = both(where, filter && condition(translate(filter), 'FILTER'));
  const only = kept && { where: kept };
  if (star) {
    return { kind: 'rows', ...only };
  }
  if (args.length !== 1) {
    throw new InputError(`${aggregate} needs one argument`);
  }
  const operand = translate(args[0]);
  if (aggregate === 'count') {
    return {
      kind: 'aggregate',
      aggregate: distinct ? 'count-distinct' : 'count',
      operand,
      ...only,
    };
  }
  if (!isNumeric(operand.type)) {
    throw new InputError(`${aggregate} needs a number`);
  }
  return {
    kind: 'aggregate',
    aggregate: aggregate as 'sum' | 'avg' | 'min' | 'max',
    operand,
    ...only,
  };
}

function condition(expression: Expression, clause: string): Expression {
  if (expression.type.kind !== 'boolean') {
    throw new InputError(`${clause} needs a condition`);
  }
  return expression;
}

function both(a?: Expression, b?: Expression): Expression | undefined {
  return a && b ? binary('and', a, b) : a ?? b;
}

function notAllowed(what: string): InputError {
  return new InputError(`${what} is not allowed`);
}
