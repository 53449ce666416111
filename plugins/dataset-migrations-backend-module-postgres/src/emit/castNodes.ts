import { Expression } from '@skein/backstage-plugin-dataset-migrations-common';
import { operandsOf } from '@skein/backstage-plugin-dataset-migrations-common/planning';

export type CastNode = Extract<Expression, { op: 'cast' }>;

/** A cast with what must hold for PostgreSQL to get to it. */
export interface ReachedCast {
  node: CastNode;
  guards: Guard[];
}

/** A condition that is true, or that is false or NULL. */
export interface Guard {
  condition: Expression;
  holds: boolean;
}

/** All casts in an expression, inner ones first. */
export function castNodes(
  expression: Expression,
  guards: Guard[] = [],
): ReachedCast[] {
  if (expression.op === 'case') {
    return casesOf(expression, guards);
  }
  if (expression.op === 'call' && expression.function === 'coalesce') {
    return expression.args.flatMap((argument, index) =>
      castNodes(argument, [
        ...guards,
        ...expression.args.slice(0, index).map(isNull),
      ]),
    );
  }
  const inner = operandsOf(expression).flatMap(child =>
    castNodes(child, guards),
  );
  return expression.op === 'cast'
    ? [...inner, { node: expression, guards }]
    : inner;
}

function casesOf(
  expression: Extract<Expression, { op: 'case' }>,
  guards: Guard[],
): ReachedCast[] {
  const found: ReachedCast[] = [];
  const passed: Guard[] = [...guards];
  for (const { when, then } of expression.branches) {
    found.push(...castNodes(when, [...passed]));
    found.push(
      ...castNodes(then, [...passed, { condition: when, holds: true }]),
    );
    passed.push({ condition: when, holds: false });
  }
  return expression.otherwise
    ? [...found, ...castNodes(expression.otherwise, passed)]
    : found;
}

function isNull(operand: Expression): Guard {
  return {
    condition: {
      op: 'unary',
      operator: 'is null',
      operand,
      type: { kind: 'boolean' },
    },
    holds: true,
  };
}

/** Names of all functions that an expression calls. */
export function calledFunctions(expression: Expression): string[] {
  const inner = operandsOf(expression).flatMap(calledFunctions);
  return expression.op === 'call' ? [...inner, expression.function] : inner;
}
