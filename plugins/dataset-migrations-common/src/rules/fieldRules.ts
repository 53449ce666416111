import { InputError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import { Field } from '../contracts/types';
import { isNumeric } from '../expressions/coercion';
import { call } from '../expressions/functions/registry';
import {
  BOOLEAN,
  castLiteral,
  Literal,
  numberLiteral,
  textLiteral,
} from '../expressions/literals';
import { binary, unary } from '../expressions/operators';
import { Expression } from '../expressions/types';
import { portablePattern } from './portablePattern';
import { ContractRule, RuleMeasure } from './types';

const bounds = [
  ['minimum', '<'],
  ['maximum', '>'],
  ['exclusiveMinimum', '<='],
  ['exclusiveMaximum', '>='],
] as const;

/** Fields whose values are in an order. */
const ordered = new Set([
  'integer',
  'decimal',
  'float',
  'date',
  'time',
  'timestamp',
]);

/**
 * What a field promises of each of its values, apart from its type, from being
 * there and from being unique: enumeration, lengths, range, pattern.
 *
 * @throws InputError naming the option that cannot be checked
 */
export function fieldRules(field: Field): ContractRule[] {
  const { type, options = {} } = field;
  const rules: ContractRule[] = [];
  const never = (rule: string, measure: () => RuleMeasure) => {
    try {
      rules.push({
        rule,
        field: field.name,
        kind: 'field',
        measure: measure(),
        unit: 'rows',
        limit: { from: 0, to: 0 },
      });
    } catch (error) {
      throw error instanceof InputError
        ? new InputError(`${rule} of \`${field.name}\`: ${error.message}`)
        : error;
    }
  };
  const neverWhere = (rule: string, where: () => Expression) =>
    never(rule, () => ({ kind: 'rows', where: where() }));

  if (field.enum) {
    const values = field.enum;
    neverWhere('enum', () => unary('not', isOneOf(field, values)));
  }
  if (type.kind === 'string') {
    const { minLength, pattern } = options;
    const { maxLength } = type;
    if (maxLength !== undefined) {
      neverWhere('maxLength', () => lengthIs(field, '>', maxLength));
    }
    if (typeof minLength === 'number') {
      neverWhere('minLength', () => lengthIs(field, '<', minLength));
    }
    if (typeof pattern === 'string') {
      never('pattern', () => ({
        kind: 'unmatched',
        field: field.name,
        pattern: portablePattern(pattern),
      }));
    }
  }
  for (const [option, operator] of bounds) {
    const bound = options[option];
    if (ordered.has(type.kind) && isBound(bound)) {
      neverWhere(option, () =>
        binary(operator, valueOf(field), constantFor(field, bound)),
      );
    }
  }
  return rules;
}

/** The value of a field as an expression. */
export function valueOf({ name, type }: Field): Expression {
  return { op: 'field', name, type };
}

/**
 * True where the value is one of these, NULL where it is NULL. What is no value
 * of the field's type cannot occur and is left out.
 */
export function isOneOf(field: Field, values: JsonValue[]): Expression {
  const comparisons = values
    .flatMap(value => {
      try {
        return [constantFor(field, value)];
      } catch (error) {
        if (error instanceof InputError) {
          return [];
        }
        throw error;
      }
    })
    .map(constant => binary('=', valueOf(field), constant));
  // A search tree's shape, so that a thousand values are not a thousand levels.
  const any = balanced(comparisons, (a, b) => binary('or', a, b));
  return (
    any ?? {
      op: 'case',
      branches: [
        {
          when: unary('is not null', valueOf(field)),
          then: { op: 'literal', value: false, type: BOOLEAN },
        },
      ],
      type: BOOLEAN,
    }
  );
}

function balanced<T>(items: T[], join: (a: T, b: T) => T): T | undefined {
  if (items.length <= 1) {
    return items[0];
  }
  const half = Math.ceil(items.length / 2);
  return join(
    balanced(items.slice(0, half), join)!,
    balanced(items.slice(half), join)!,
  );
}

function lengthIs(field: Field, operator: '<' | '>', n: number): Expression {
  return binary(operator, call('length', [valueOf(field)]), numberOf(n));
}

function isBound(bound: JsonValue | undefined): bound is string | number {
  return typeof bound === 'number' || typeof bound === 'string';
}

/** A constant to compare with; one may have more digits than the field. */
function constantFor({ type }: Field, value: JsonValue): Literal {
  if (isNumeric(type)) {
    return numberOf(value);
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return castLiteral(
    textLiteral(text),
    type.kind === 'string' ? { kind: 'string' } : type,
  );
}

function numberOf(value: JsonValue): Literal {
  const literal = numberLiteral(plainDigits(value));
  if (!literal) {
    throw new InputError('is no number that can be compared exactly');
  }
  return literal;
}

/** JSON's `1e+21` without its exponent. */
function plainDigits(value: JsonValue): string {
  return typeof value === 'number' && Number.isInteger(value)
    ? BigInt(value).toString()
    : String(value);
}
