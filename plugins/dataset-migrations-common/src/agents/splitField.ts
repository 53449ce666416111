import { InputError } from '@backstage/errors';
import { call } from '../expressions/functions/registry';
import { numberLiteral, textLiteral } from '../expressions/literals';
import { Expression } from '../expressions/types';
import {
  currentFields,
  expressionSchema,
  fieldNameSchema,
  fieldReference,
  keep,
  requireField,
  yieldField,
} from './fields';
import { DeclarativeAgent, PlanningState } from './types';

type Part = { field: string; expression?: string };

type Payload = {
  field: string;
  into: Part[];
  separator?: string;
  keep?: boolean;
};

function partOf(
  payload: Payload,
  index: number,
  state: PlanningState,
): Expression {
  const { expression } = payload.into[index];
  if (expression !== undefined) {
    return state.parseExpression(expression);
  }
  if (payload.separator === undefined) {
    throw new InputError(
      `into[${index}]: needs an expression, as there is no separator`,
    );
  }
  const source = requireField(state, payload.field, 'field');
  return call('split_part', [
    fieldReference(source),
    textLiteral(payload.separator),
    numberLiteral(String(index + 1))!,
  ]);
}

/** Makes several fields of one. */
export const splitField: DeclarativeAgent<Payload> = {
  kind: 'declarative',
  id: 'split-field',
  description:
    'Makes several fields of one, by a separator or an expression each, and leaves the source out unless keep is true. With a separator, parts beyond the last field are left out, and missing ones are empty.',
  payloadSchema: {
    type: 'object',
    required: ['field', 'into'],
    additionalProperties: false,
    properties: {
      field: fieldNameSchema,
      into: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: {
          type: 'object',
          required: ['field'],
          additionalProperties: false,
          properties: { field: fieldNameSchema, expression: expressionSchema },
        },
      },
      separator: { type: 'string', minLength: 1, maxLength: 100 },
      keep: { type: 'boolean' },
    },
  },
  plan(payload, state) {
    const source = requireField(state, payload.field, 'field');
    const parts = payload.into.map((part, index) =>
      yieldField(
        state,
        part.field,
        partOf(payload, index, state),
        `into[${index}]`,
      ),
    );
    const kept = currentFields(state)
      .filter(field => payload.keep || field !== source)
      .map(keep);
    return [...kept, ...parts];
  },
  invert: payload =>
    payload.keep
      ? payload.into.map(({ field }) => ({
          agent: 'drop-field',
          payload: { field },
        }))
      : {
          irreversible: `\`${payload.field}\` is split, and what is written to the parts cannot be put together again for certain`,
        },
};
