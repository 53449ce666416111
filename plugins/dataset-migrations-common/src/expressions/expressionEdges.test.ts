import { InputError } from '@backstage/errors';
import { caseFields, expressionEdges } from '../testUtils';
import {
  evaluateExpression,
  Row,
  sameValue,
} from './evaluate/evaluateExpression';
import { parseExpression } from './parseExpression';
import { initPlanning } from './parser/sqlParser';

beforeAll(initPlanning);

const nulls: Row = Object.fromEntries(
  caseFields.map(({ name }) => [name, null]),
);

it.each(
  expressionEdges.map(edge => ({ ...edge, of: JSON.stringify(edge.row) })),
)('the evaluator makes of $text of $of the value', ({ text, row, value }) => {
  const expression = parseExpression(text, [...caseFields]);
  const compute = () => evaluateExpression(expression, { ...nulls, ...row });
  if (typeof value === 'object' && value !== null) {
    expect(compute).toThrow(InputError);
  } else {
    const found = compute();
    expect([found, sameValue(found, value, expression.type)]).toEqual([
      found,
      true,
    ]);
  }
});
