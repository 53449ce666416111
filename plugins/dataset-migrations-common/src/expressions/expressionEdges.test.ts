import { InputError } from '@backstage/errors';
import { caseFields, ExpressionEdge, expressionEdges } from '../testUtils';
import {
  evaluateExpression,
  Row,
  sameValue,
} from './evaluate/evaluateExpression';
import { parseExpression } from './parseExpression';
import { initPlanning } from './parser/sqlParser';
import { Expression } from './types';

beforeAll(initPlanning);

const nulls: Row = Object.fromEntries(
  caseFields.map(({ name }) => [name, null]),
);

type Outcome = ExpressionEdge['value'];

function evaluated(expression: Expression, row: Row): Outcome {
  try {
    return evaluateExpression(expression, row);
  } catch (error) {
    if (error instanceof InputError) {
      return { fails: true };
    }
    throw error;
  }
}

function isFailure(outcome: Outcome): outcome is { fails: true } {
  return typeof outcome === 'object' && outcome !== null;
}

it.each(
  expressionEdges.map(edge => ({ ...edge, of: JSON.stringify(edge.row) })),
)('the evaluator makes of $text of $of the value', ({ text, row, value }) => {
  const expression = parseExpression(text, [...caseFields]);
  const found = evaluated(expression, { ...nulls, ...row });
  const agree =
    isFailure(value) || isFailure(found)
      ? isFailure(value) && isFailure(found)
      : sameValue(found, value, expression.type);
  expect([found, agree]).toEqual([found, true]);
});
