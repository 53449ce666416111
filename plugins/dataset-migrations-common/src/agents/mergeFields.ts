import { InputError } from '@backstage/errors';
import { Field } from '../contracts/types';
import { coerce } from '../expressions/coercion';
import { call } from '../expressions/functions/registry';
import { nullLiteral, TEXT, textLiteral } from '../expressions/literals';
import { binary, unary } from '../expressions/operators';
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

type Payload = {
  fields: string[];
  into: string;
  separator?: string;
  expression?: string;
  keep?: boolean;
};

/**
 * The texts joined by the separator. NULL counts as an empty text, so that no
 * other value is lost with it; NULL throughout stays NULL.
 */
function joined(sources: Field[], separator: string): Expression {
  const texts = sources.map(field => coerce(fieldReference(field), TEXT));
  const parts = texts.flatMap((text, index) =>
    index > 0 && separator !== '' ? [textLiteral(separator), text] : [text],
  );
  if (sources.every(field => field.required)) {
    return parts.reduce((left, right) => binary('||', left, right));
  }
  const allNull = sources
    .map(field => unary('is null', fieldReference(field)))
    .reduce((left, right) => binary('and', left, right));
  return {
    op: 'case',
    branches: [{ when: allNull, then: nullLiteral() }],
    otherwise: call('concat', parts),
    type: TEXT,
  };
}

function merged(payload: Payload, state: PlanningState): Expression {
  if (payload.expression !== undefined) {
    return state.parseExpression(payload.expression);
  }
  if (payload.separator === undefined) {
    throw new InputError('separator: needs a separator or an expression');
  }
  return joined(
    payload.fields.map((name, index) =>
      requireField(state, name, `fields[${index}]`),
    ),
    payload.separator,
  );
}

/** Makes one field of several. */
export const mergeFields: DeclarativeAgent<Payload> = {
  kind: 'declarative',
  id: 'merge-fields',
  description:
    'Makes one field of several, by a separator or an expression, and leaves the sources out unless keep is true. With a separator, NULL counts as an empty text.',
  payloadSchema: {
    type: 'object',
    required: ['fields', 'into'],
    additionalProperties: false,
    not: { required: ['separator', 'expression'] },
    properties: {
      fields: {
        type: 'array',
        minItems: 2,
        maxItems: 50,
        uniqueItems: true,
        items: fieldNameSchema,
      },
      into: fieldNameSchema,
      separator: { type: 'string', maxLength: 100 },
      expression: expressionSchema,
      keep: { type: 'boolean' },
    },
  },
  plan(payload, state) {
    const sources = payload.fields.map((name, index) =>
      requireField(state, name, `fields[${index}]`),
    );
    const kept = currentFields(state)
      .filter(field => payload.keep || !sources.includes(field))
      .map(keep);
    return [
      ...kept,
      yieldField(state, payload.into, merged(payload, state), 'expression'),
    ];
  },
  invert: payload =>
    payload.keep
      ? [{ agent: 'drop-field', payload: { field: payload.into } }]
      : {
          irreversible: `${payload.fields
            .map(name => `\`${name}\``)
            .join(', ')} are merged into \`${
            payload.into
          }\`, and what is written there cannot be taken apart again for certain`,
        },
};
