import { formatFieldType, sameType } from '../contracts/formatFieldType';
import { call } from './functions/registry';
import { keywords } from './keywords';
import { Literal, numberLiteral, textLiteral } from './literals';
import { binary } from './operators';
import { unify } from './coercion';
import { Expression } from './types';

/** How strongly operators bind, weakest first, as in PostgreSQL's grammar. */
const PRECEDENCE: Record<string, number> = {
  or: 1,
  and: 2,
  not: 3,
  is: 4,
  '=': 5,
  '<>': 5,
  '<': 5,
  '<=': 5,
  '>': 5,
  '>=': 5,
  '||': 6,
  '+': 7,
  '-': 7,
  '*': 8,
  '/': 8,
  '%': 8,
  negative: 9,
};

const ATOM = 10;

interface Printed {
  text: string;
  precedence: number;
}

/**
 * An expression as SQL text for people, in PostgreSQL's spelling. Parsing it
 * again yields the same expression, if it came from the parser. Never given to
 * an engine.
 *
 * @public
 */
export function printExpression(expression: Expression): string {
  return print(expression).text;
}

function atom(text: string): Printed {
  return { text, precedence: ATOM };
}

function within(expression: Expression, minimum: number): string {
  const { text, precedence } = print(expression);
  return precedence < minimum ? `(${text})` : text;
}

function print(expression: Expression): Printed {
  switch (expression.op) {
    case 'field':
      return atom(printName(expression.name));
    case 'literal':
      return atom(printLiteral(expression));
    case 'cast': {
      const verb = expression.onFailure === 'refuse' ? 'cast' : 'try_cast';
      const operand = printExpression(expression.operand);
      return atom(`${verb}(${operand} as ${formatFieldType(expression.type)})`);
    }
    case 'unary':
      return printUnary(expression);
    case 'binary':
      return printBinary(expression);
    case 'call':
      return atom(printCall(expression));
    default:
      return atom(printCase(expression));
  }
}

function printName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !keywords.has(name)
    ? name
    : `"${name.replace(/"/g, '""')}"`;
}

function printText(value: string): string {
  return `'${value.replace(/'/g, "''")}'`;
}

function printLiteral({ value, type }: Literal): string {
  if (typeof value === 'boolean') {
    return String(value);
  }
  const plainText = type.kind === 'string' && type.maxLength === undefined;
  if (plainText) {
    return value === null ? 'null' : printText(value);
  }
  if (value === null) {
    return `cast(null as ${formatFieldType(type)})`;
  }
  const natural = numberLiteral(value);
  return natural && sameType(natural.type, type)
    ? value
    : `cast(${printText(value)} as ${formatFieldType(type)})`;
}

function printUnary(expression: Extract<Expression, { op: 'unary' }>): Printed {
  const { operator, operand } = expression;
  switch (operator) {
    case 'not':
      return {
        text: `not ${within(operand, PRECEDENCE.not)}`,
        precedence: PRECEDENCE.not,
      };
    case '-': {
      const text = within(operand, PRECEDENCE.negative);
      // Two signs in a row would begin a comment.
      return {
        text: text.startsWith('-') ? `-(${text})` : `-${text}`,
        precedence: PRECEDENCE.negative,
      };
    }
    default:
      return {
        text: `${within(operand, PRECEDENCE.is + 1)} ${operator}`,
        precedence: PRECEDENCE.is,
      };
  }
}

function printBinary(
  expression: Extract<Expression, { op: 'binary' }>,
): Printed {
  const { operator } = expression;
  const precedence = PRECEDENCE[operator];
  const [left, right] = plainest(
    [expression.left, expression.right],
    ([a, b]) => binary(operator, a, b),
    expression,
  );
  // Comparisons do not associate; everything else does to the left.
  const leftMinimum =
    precedence === PRECEDENCE['='] ? precedence + 1 : precedence;
  const rightText = within(right, precedence + 1);
  return {
    text: `${within(left, leftMinimum)} ${operator} ${rightText}`,
    precedence,
  };
}

function printCall(expression: Extract<Expression, { op: 'call' }>): string {
  const name = expression.function;
  const args = plainest(
    expression.args,
    plain => call(name, plain),
    expression,
  );
  if (name === 'extract') {
    const [part, operand] = args;
    return `extract(${(part as Literal).value} from ${printExpression(
      operand,
    )})`;
  }
  return `${name}(${args.map(printExpression).join(', ')})`;
}

function printCase(expression: Extract<Expression, { op: 'case' }>): string {
  const results = [
    ...expression.branches.map(branch => branch.then),
    ...(expression.otherwise ? [expression.otherwise] : []),
  ];
  const plain = plainest(
    results,
    candidates => unify(candidates, 'CASE').expressions,
    results,
  );
  const branches = expression.branches.map(
    (branch, index) =>
      ` when ${printExpression(branch.when)} then ${printExpression(
        plain[index],
      )}`,
  );
  const otherwise = expression.otherwise
    ? ` else ${printExpression(plain[plain.length - 1])}`
    : '';
  return `case${branches.join('')}${otherwise} end`;
}

/**
 * Leaves out the casts that the parser would put in by itself: as many of the
 * operands without theirs as yield the same tree again.
 */
function plainest(
  operands: Expression[],
  rebuild: (operands: Expression[]) => unknown,
  wanted: unknown,
): Expression[] {
  const key = JSON.stringify(wanted);
  let best = operands;
  operands.forEach((operand, index) => {
    const plain = withoutCast(operand);
    if (plain === operand) {
      return;
    }
    const candidate = best.map((item, i) => (i === index ? plain : item));
    if (rebuilds(candidate)) {
      best = candidate;
    }
  });
  return best;

  function rebuilds(candidate: Expression[]): boolean {
    try {
      return JSON.stringify(rebuild(candidate)) === key;
    } catch {
      // Without its cast the operand does not fit at all.
      return false;
    }
  }
}

function withoutCast(expression: Expression): Expression {
  if (expression.op === 'cast' && expression.onFailure === 'refuse') {
    return expression.operand;
  }
  if (expression.op === 'literal' && typeof expression.value === 'string') {
    return numberLiteral(expression.value) ?? textLiteral(expression.value);
  }
  return expression;
}
