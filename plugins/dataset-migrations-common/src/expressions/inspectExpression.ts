import { Field } from '../contracts/types';
import { findFunction } from './functions/registry';
import { Expression } from './types';

/**
 * The expressions directly below an expression, in the order of its text.
 *
 * @public
 */
export function operandsOf(expression: Expression): Expression[] {
  switch (expression.op) {
    case 'cast':
    case 'unary':
      return [expression.operand];
    case 'call':
      return expression.args;
    case 'binary':
      return [expression.left, expression.right];
    case 'case':
      return [
        ...expression.branches.flatMap(branch => [branch.when, branch.then]),
        ...(expression.otherwise ? [expression.otherwise] : []),
      ];
    default:
      return [];
  }
}

/** The field that an expression is, casts aside; undefined for any other. */
export function plainField(expression: Expression): string | undefined {
  if (expression.op === 'cast') {
    return plainField(expression.operand);
  }
  return expression.op === 'field' ? expression.name : undefined;
}

/**
 * Whether the value can be NULL for some row, judged from `required` of the
 * fields. True where that cannot be told.
 *
 * @public
 */
export function isNullable(expression: Expression, fields: Field[]): boolean {
  const nullable = (operand: Expression) => isNullable(operand, fields);
  switch (expression.op) {
    case 'field': {
      const field = fields.find(item => item.name === expression.name);
      return !field?.required;
    }
    case 'literal':
      return expression.value === null;
    case 'cast':
      return expression.onFailure === 'null' || nullable(expression.operand);
    case 'unary':
      return expression.operator === 'is null' ||
        expression.operator === 'is not null'
        ? false
        : nullable(expression.operand);
    case 'case':
      return (
        !expression.otherwise ||
        nullable(expression.otherwise) ||
        expression.branches.some(branch => nullable(branch.then))
      );
    case 'call':
      switch (findFunction(expression.function)?.nullable) {
        case 'never':
          return false;
        case 'all':
          return expression.args.every(nullable);
        case 'any':
          return expression.args.some(nullable);
        default:
          return true;
      }
    default:
      return operandsOf(expression).some(nullable);
  }
}

/**
 * The names of the fields that an expression reads, each once, in the order of
 * their first use.
 *
 * @public
 */
export function exprFields(expression: Expression): string[] {
  const names = new Set<string>();
  const visit = (node: Expression) => {
    if (node.op === 'field') {
      names.add(node.name);
    }
    operandsOf(node).forEach(visit);
  };
  visit(expression);
  return [...names];
}
