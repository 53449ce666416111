import { InputError } from '@backstage/errors';
import { JsonObject, JsonValue } from '@backstage/types';
import { formatFieldType, sameType } from '../contracts/formatFieldType';
import { parsePhysicalType } from '../contracts/physicalTypes';
import { Field, FieldType } from '../contracts/types';
import { castRule } from '../expressions/castRule';
import { coerce, isUntyped } from '../expressions/coercion';
import { castLiteral, nullLiteral, textLiteral } from '../expressions/literals';
import { Expression } from '../expressions/types';
import { ProjectedField } from '../mapping/types';
import { PlanningState } from './types';

/** JSON Schema of the name of a field in a payload. */
export const fieldNameSchema: JsonObject = {
  type: 'string',
  minLength: 1,
  maxLength: 63,
};

/** JSON Schema of an expression in a payload; the parser has the last word. */
export const expressionSchema: JsonObject = {
  type: 'string',
  minLength: 1,
  maxLength: 4_000,
};

export function fieldReference(field: Field): Expression {
  return { op: 'field', name: field.name, type: field.type };
}

/** The field goes on as it is. */
export function keep(field: Field): ProjectedField {
  return { field, expression: fieldReference(field) };
}

export function currentFields(state: PlanningState): Field[] {
  return state.fields.map(projected => projected.field);
}

/** @throws InputError when there is no such field at this step */
export function requireField(
  state: PlanningState,
  name: string,
  key: string,
): Field {
  const fields = currentFields(state);
  const field = fields.find(item => item.name === name);
  if (!field) {
    throw new InputError(
      `${key}: there is no field \`${name}\`; there are ${fields
        .slice(0, 20)
        .map(item => `\`${item.name}\``)
        .join(', ')}`,
    );
  }
  return field;
}

/** @throws InputError when the name is taken at this step */
export function requireFree(
  state: PlanningState,
  name: string,
  key: string,
): void {
  if (currentFields(state).some(field => field.name === name)) {
    throw new InputError(`${key}: there is a field \`${name}\` already`);
  }
}

/**
 * A new field that holds the value of an expression, with the type that the
 * target's contract gives it. An expression of another type is cast where that
 * loses nothing; otherwise the owner must write the cast.
 *
 * @throws InputError when the types do not fit
 */
export function yieldField(
  state: PlanningState,
  name: string,
  expression: Expression,
  key: string,
): ProjectedField {
  const target = state.targetField(name);
  const type = target?.type ?? expression.type;
  const field: Field = target ?? { name, type, required: false, unique: false };
  return { field, expression: assign(expression, type, key) };
}

function assign(expression: Expression, type: FieldType, key: string) {
  if (isUntyped(expression) || sameType(expression.type, type)) {
    return coerce(expression, type);
  }
  const rule = castRule(expression.type, type);
  if (!rule.possible || !rule.exact) {
    throw new InputError(
      `${key}: yields ${formatFieldType(
        expression.type,
      )}, but the contract says ${formatFieldType(type)}; ${
        rule.possible ? 'write the cast' : rule.reason
      }`,
    );
  }
  return coerce(expression, type);
}

/**
 * A constant of a payload or a contract as a literal.
 *
 * @throws InputError when it is no value of the type
 */
export function constant(
  value: JsonValue,
  type: FieldType,
  key: string,
): Expression {
  if (value === null) {
    return nullLiteral(type);
  }
  const text =
    typeof value === 'string' && type.kind !== 'json'
      ? value
      : JSON.stringify(value);
  try {
    return castLiteral(textLiteral(text), type);
  } catch (error) {
    throw new InputError(`${key}: ${(error as Error).message}`);
  }
}

/** @throws InputError when the spelling is not known */
export function parseType(spelling: string, key: string): FieldType {
  const type = parsePhysicalType(spelling);
  if (!type) {
    throw new InputError(
      `${key}: ${JSON.stringify(spelling)} is not a type that is understood`,
    );
  }
  return type;
}
