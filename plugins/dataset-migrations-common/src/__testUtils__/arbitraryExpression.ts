import fc from 'fast-check';
import { sameType } from '../contracts/formatFieldType';
import { Field, FieldType } from '../contracts/types';
import { castRule } from '../expressions/castRule';
import { unify } from '../expressions/coercion';
import { call } from '../expressions/functions/registry';
import {
  BOOLEAN,
  castLiteral,
  nullLiteral,
  numberLiteral,
  textLiteral,
} from '../expressions/literals';
import { binary, unary } from '../expressions/operators';
import { BinaryOperator, Expression } from '../expressions/types';

const castTypes: FieldType[] = [
  { kind: 'boolean' },
  { kind: 'integer', bits: 16 },
  { kind: 'integer', bits: 32 },
  { kind: 'integer', bits: 64 },
  { kind: 'decimal', precision: 8, scale: 3 },
  { kind: 'float', bits: 64 },
  { kind: 'string' },
  { kind: 'date' },
  { kind: 'timestamp', zone: false },
  { kind: 'timestamp', zone: true },
];

const operators: BinaryOperator[] = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'and',
  'or',
];

const oneArgument = [
  'lower',
  'upper',
  'trim',
  'ltrim',
  'length',
  'abs',
  'round',
  'floor',
  'ceil',
];

const small = (n: number) => numberLiteral(String(n))!;

function cast(operand: Expression, type: FieldType): Expression {
  if (operand.op === 'literal') {
    return castLiteral(operand, type);
  }
  if (sameType(operand.type, type) || !castRule(operand.type, type).possible) {
    return operand;
  }
  return { op: 'cast', operand, type, onFailure: 'refuse' };
}

/** The first that types; what does not go together is left out. */
function orElse(build: () => Expression, fallback: Expression): Expression {
  try {
    return build();
  } catch {
    return fallback;
  }
}

function caseOf(
  when: Expression,
  then: Expression,
  otherwise: Expression | undefined,
): Expression {
  const results = otherwise ? [then, otherwise] : [then];
  const { expressions, type } = unify(results, 'CASE');
  return {
    op: 'case',
    branches: [
      {
        when: when.type.kind === 'boolean' ? when : unary('is null', when),
        then: expressions[0],
      },
    ],
    ...(otherwise ? { otherwise: expressions[1] } : {}),
    type,
  };
}

/** Expressions as the parser makes them, over the given fields. */
export function arbitraryExpression(fields: Field[]): fc.Arbitrary<Expression> {
  const leaf = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(...fields).map(
        (field): Expression => ({
          op: 'field',
          name: field.name,
          type: field.type,
        }),
      ),
    },
    fc.constantFrom<Expression>(nullLiteral(), {
      op: 'literal',
      value: true,
      type: BOOLEAN,
    }),
    fc
      .oneof(
        fc.integer({ min: -100, max: 100 }).map(String),
        fc.constantFrom('0.5', '-1.25', '3000000000', '100.00', '1e3'),
      )
      .map(text => numberLiteral(text) as Expression),
    fc
      .constantFrom('', 'a', "it's", 'x--y', '7', '2020-01-31', 'é💜')
      .map(text => textLiteral(text) as Expression),
  );
  const { expression } = fc.letrec<{ expression: Expression }>(tie => ({
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc
        .tuple(
          fc.constantFrom(...operators),
          tie('expression'),
          tie('expression'),
        )
        .map(([operator, a, b]) => orElse(() => binary(operator, a, b), a)),
      fc
        .tuple(
          fc.constantFrom('not', '-', 'is null', 'is not null' as const),
          tie('expression'),
        )
        .map(([operator, a]) => orElse(() => unary(operator, a), a)),
      fc
        .tuple(fc.constantFrom(...castTypes), tie('expression'))
        .map(([type, a]) => orElse(() => cast(a, type), a)),
      fc
        .tuple(fc.constantFrom(...oneArgument), tie('expression'))
        .map(([name, a]) => orElse(() => call(name, [a]), a)),
      fc
        .tuple(
          fc.constantFrom('coalesce', 'nullif', 'concat'),
          tie('expression'),
          tie('expression'),
        )
        .map(([name, a, b]) => orElse(() => call(name, [a, b]), a)),
      fc
        .tuple(
          fc.constantFrom('left', 'right', 'substring', 'lpad'),
          tie('expression'),
          fc.integer({ min: 1, max: 6 }),
        )
        .map(([name, a, n]) => orElse(() => call(name, [a, small(n)]), a)),
      fc
        .tuple(
          tie('expression'),
          tie('expression'),
          fc.option(tie('expression'), { nil: undefined }),
        )
        .map(([a, b, c]) => orElse(() => caseOf(a, b, c), a)),
    ),
  }));
  return expression;
}
