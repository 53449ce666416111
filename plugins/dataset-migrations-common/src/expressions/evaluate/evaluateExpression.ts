import { InputError } from '@backstage/errors';
import { FieldType } from '../../contracts/types';
import { Mapping } from '../../mapping/types';
import { Expression } from '../types';
import { castValue } from '../values/castValue';
import { compareValues } from '../values/compareValues';
import { Decimal, negateDecimal } from '../values/decimal';
import { readValue } from '../values/readValue';
import { isDecimal, Value } from '../values/types';
import { writeValue } from '../values/writeValue';
import { dateFunctions } from './dateFunctions';
import { evaluateOperator, inRange } from './evaluateOperator';
import { numberFunctions } from './numberFunctions';
import { textFunctions } from './textFunctions';

/**
 * A value as the literals of the tree spell it: booleans as booleans, NULL as
 * null, everything else as text. Numbers are decimal strings, dates
 * `2020-01-31`, times `13:45:00.5`, timestamps `2020-01-31T13:45:00.5`, those
 * with zone in UTC and with a final `Z`, bytes as lower-case hex, json, arrays
 * and objects as JSON text. Reading is lenient: a blank for the `T`, an offset
 * for the `Z`, trailing zeros.
 *
 * @public
 */
export type RowValue = string | boolean | null;

/** @public */
export type Row = Record<string, RowValue>;

/**
 * Computes an expression for one row, with PostgreSQL's semantics, exactly and
 * slowly. Shares no code with any engine: the independent check of a sample of
 * rows, and what the engines' emitters are tested against.
 *
 * @throws InputError where PostgreSQL would raise an error: a cast that fails,
 *   division by zero, a number out of range
 * @public
 */
export function evaluateExpression(expression: Expression, row: Row): RowValue {
  return writeValue(evaluate(expression, row), expression.type);
}

/**
 * The fields for which a mapping sets a row aside, each once and in the
 * mapping's order; none where it maps the row.
 *
 * @throws InputError as {@link evaluateExpression}, naming the field
 * @public
 */
export function evaluateSetAside(
  { setAside = [] }: Mapping,
  row: Row,
): string[] {
  const failed = setAside.filter(({ field, condition }) =>
    evaluateField(field, condition, row),
  );
  return [...new Set(failed.map(({ field }) => field))];
}

/**
 * Pushes one row through a mapping without imperative agents.
 *
 * @throws InputError as {@link evaluateExpression}, naming the field; for a row
 *   that the mapping sets aside; and for a mapping with an imperative agent
 * @public
 */
export function evaluateMapping(mapping: Mapping, row: Row): Row {
  const reasons = evaluateSetAside(mapping, row);
  if (reasons.length > 0) {
    throw new InputError(
      `the row is set aside for ${reasons
        .map(name => `\`${name}\``)
        .join(', ')}`,
    );
  }
  return mapping.segments.reduce<Row>((current, segment) => {
    if (segment.kind === 'agent') {
      throw new InputError(
        `the rows of the agent ${segment.agent} cannot be computed here`,
      );
    }
    return Object.fromEntries(
      segment.fields.map(({ field, expression }) => [
        field.name,
        evaluateField(field.name, expression, current),
      ]),
    );
  }, row);
}

function evaluateField(
  name: string,
  expression: Expression,
  row: Row,
): RowValue {
  try {
    return evaluateExpression(expression, row);
  } catch (error) {
    if (error instanceof InputError) {
      throw new InputError(`\`${name}\`: ${error.message}`);
    }
    throw error;
  }
}

/**
 * Whether two spellings are the same value of a type: `1.5` and `1.50` are the
 * same decimal.
 *
 * @public
 */
export function sameValue(a: RowValue, b: RowValue, type: FieldType): boolean {
  if (a === null || b === null) {
    return a === b;
  }
  return compareValues(readRowValue(a, type), readRowValue(b, type)) === 0;
}

function readRowValue(value: RowValue, type: FieldType): Value {
  if (value === null || typeof value === 'boolean') {
    return value;
  }
  // Text is what it is, even where it is longer than its contract says.
  return type.kind === 'string' ? value : readValue(value, type);
}

function evaluate(expression: Expression, row: Row): Value {
  switch (expression.op) {
    case 'field':
      if (!Object.hasOwn(row, expression.name)) {
        throw new InputError(`the row has no field \`${expression.name}\``);
      }
      return readRowValue(row[expression.name], expression.type);
    case 'literal':
      return readRowValue(expression.value, expression.type);
    case 'cast':
      return evaluateCast(expression, row);
    case 'unary':
      return evaluateUnary(expression, row);
    case 'binary':
      return evaluateBinary(expression, row);
    case 'call':
      return evaluateCall(expression, row);
    default: {
      const branch = expression.branches.find(
        item => evaluate(item.when, row) === true,
      );
      const result = branch ? branch.then : expression.otherwise;
      return result ? evaluate(result, row) : null;
    }
  }
}

type Node<T extends Expression['op']> = Extract<Expression, { op: T }>;

function evaluateCast(expression: Node<'cast'>, row: Row): Value {
  const { operand, type, onFailure } = expression;
  const value = evaluate(operand, row);
  try {
    return castValue(value, operand.type, type);
  } catch (error) {
    if (error instanceof InputError && onFailure !== 'refuse') {
      return null;
    }
    throw error;
  }
}

function evaluateUnary(expression: Node<'unary'>, row: Row): Value {
  const value = evaluate(expression.operand, row);
  switch (expression.operator) {
    case 'is null':
      return value === null;
    case 'is not null':
      return value !== null;
    case 'not':
      return value === null ? null : !value;
    default:
      return value === null ? null : negate(value, expression.type);
  }
}

function negate(value: Value, type: FieldType): Value {
  if (isDecimal(value)) {
    return negateDecimal(value as Decimal);
  }
  return typeof value === 'bigint' ? inRange(-value, type) : -(value as number);
}

function evaluateBinary(expression: Node<'binary'>, row: Row): Value {
  const { operator, left, right, type } = expression;
  if (operator === 'and' || operator === 'or') {
    const decides = operator === 'or';
    const first = evaluate(left, row);
    if (first === decides) {
      return decides;
    }
    const second = evaluate(right, row);
    return second === decides || first !== null ? second : null;
  }
  const [a, b] = [evaluate(left, row), evaluate(right, row)];
  return a === null || b === null
    ? null
    : evaluateOperator(operator, a, b, type);
}

type Implementation = (args: Value[], type: FieldType) => Value;

function evaluateCall(expression: Node<'call'>, row: Row): Value {
  const { function: name, args, type } = expression;
  if (name === 'coalesce') {
    for (const arg of args) {
      const value = evaluate(arg, row);
      if (value !== null) {
        return value;
      }
    }
    return null;
  }
  const values = args.map(arg => evaluate(arg, row));
  if (name === 'concat') {
    return values.map(value => value ?? '').join('');
  }
  if (name === 'nullif') {
    const [value, other] = values;
    return value !== null && other !== null && compareValues(value, other) === 0
      ? null
      : value;
  }
  if (values.includes(null)) {
    return null;
  }
  const implementation: Implementation | undefined =
    textFunctions[name] ?? numberFunctions[name] ?? dateFunctions[name];
  if (!implementation) {
    throw new InputError(`there is no function ${name}`);
  }
  return implementation(values, type);
}
