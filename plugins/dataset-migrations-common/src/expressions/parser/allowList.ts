import { BinaryOperator } from '../types';

/** Operators of PostgreSQL that expressions may use. */
export const binaryOperators: Record<string, BinaryOperator> = {
  '+': '+',
  '-': '-',
  '*': '*',
  '/': '/',
  '%': '%',
  '||': '||',
  '=': '=',
  '<>': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

/** What PostgreSQL's grammar calls where SQL has a syntax instead of a name. */
export const syntaxFunctions: Record<string, string> = {
  btrim: 'trim',
  ltrim: 'ltrim',
  rtrim: 'rtrim',
  substring: 'substring',
  extract: 'extract',
};

/** How people call the constructs that they may not use. */
export const constructNames: Record<string, string> = {
  SubLink: 'a sub-select',
  ParamRef: 'a parameter such as $1',
  A_Indirection: 'an index or a field of a value',
  A_ArrayExpr: 'ARRAY[...]',
  RowExpr: 'a row value',
  MinMaxExpr: 'greatest or least',
  SQLValueFunction: 'a value that depends on the session, such as current_date',
  BooleanTest: 'IS TRUE or IS FALSE',
  CollateClause: 'COLLATE',
  GroupingFunc: 'GROUPING',
  CurrentOfExpr: 'CURRENT OF',
  SetToDefault: 'DEFAULT',
  NamedArgExpr: 'a named argument',
  JsonFuncExpr: 'a function of JSON',
  JsonObjectConstructor: 'a function of JSON',
  JsonIsPredicate: 'IS JSON',
  XmlExpr: 'XML',
  XmlSerialize: 'XML',
};

/** How people call kinds of operations that they may not use. */
export const expressionKinds: Record<string, string> = {
  AEXPR_OP_ANY: 'ANY',
  AEXPR_OP_ALL: 'ALL',
  AEXPR_DISTINCT: 'IS DISTINCT FROM',
  AEXPR_NOT_DISTINCT: 'IS NOT DISTINCT FROM',
  AEXPR_LIKE: 'LIKE',
  AEXPR_ILIKE: 'ILIKE',
  AEXPR_SIMILAR: 'SIMILAR TO',
  AEXPR_BETWEEN_SYM: 'BETWEEN SYMMETRIC',
  AEXPR_NOT_BETWEEN_SYM: 'NOT BETWEEN SYMMETRIC',
};
