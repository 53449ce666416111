import { InputError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import { Field } from '../contracts/types';
import {
  constant,
  currentFields,
  expressionSchema,
  fieldNameSchema,
  keep,
  parseType,
  requireFree,
  yieldField,
} from './fields';
import { DeclarativeAgent, PlanningState } from './types';

type Payload = {
  field: string;
  default?: JsonValue;
  expression?: string;
  type?: string;
};

function newField({ field: name, type }: Payload, state: PlanningState): Field {
  const target = state.targetField(name);
  if (target) {
    return target;
  }
  if (type === undefined) {
    throw new InputError(
      `field: the new version has no field \`${name}\` to take the type from; give the type in "type"`,
    );
  }
  return {
    name,
    type: parseType(type, 'type'),
    required: false,
    unique: false,
  };
}

/** Adds a field with a constant or a computed value. */
export const addField: DeclarativeAgent<Payload> = {
  kind: 'declarative',
  id: 'add-field',
  description:
    'Adds a field. Rows get the constant in default, else the value of the expression, else the default of the new contract, else NULL.',
  payloadSchema: {
    type: 'object',
    required: ['field'],
    additionalProperties: false,
    not: { required: ['default', 'expression'] },
    properties: {
      field: fieldNameSchema,
      default: {},
      expression: expressionSchema,
      type: { type: 'string', minLength: 1, maxLength: 200 },
    },
  },
  plan(payload, state) {
    requireFree(state, payload.field, 'field');
    const kept = currentFields(state).map(keep);
    if (payload.expression !== undefined) {
      const expression = state.parseExpression(payload.expression);
      return [
        ...kept,
        yieldField(state, payload.field, expression, 'expression'),
      ];
    }
    const field = newField(payload, state);
    const value = payload.default ?? field.default ?? null;
    if (value === null && field.required) {
      throw new InputError(
        `default: \`${field.name}\` is required, so its rows need a value; give a default or an expression`,
      );
    }
    return [
      ...kept,
      { field, expression: constant(value, field.type, 'default') },
    ];
  },
  invert: ({ field }) => [{ agent: 'drop-field', payload: { field } }],
};
