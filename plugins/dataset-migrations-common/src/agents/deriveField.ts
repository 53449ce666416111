import {
  currentFields,
  expressionSchema,
  fieldNameSchema,
  keep,
  requireField,
  requireFree,
  yieldField,
} from './fields';
import { DeclarativeAgent } from './types';

type Payload = { field: string; expression: string; replace?: boolean };

/** Computes a field from the others. */
export const deriveField: DeclarativeAgent<Payload> = {
  kind: 'declarative',
  id: 'derive-field',
  description:
    'Computes a field from others. With replace: true it rewrites a field that is there.',
  payloadSchema: {
    type: 'object',
    required: ['field', 'expression'],
    additionalProperties: false,
    properties: {
      field: fieldNameSchema,
      expression: expressionSchema,
      replace: { type: 'boolean' },
    },
  },
  plan({ field: name, expression, replace }, state) {
    const computed = yieldField(
      state,
      name,
      state.parseExpression(expression),
      'expression',
    );
    if (!replace) {
      requireFree(state, name, 'field');
      return [...currentFields(state).map(keep), computed];
    }
    const replaced = requireField(state, name, 'field');
    return currentFields(state).map(field =>
      field === replaced ? computed : keep(field),
    );
  },
  invert: ({ field, replace }) =>
    replace
      ? {
          irreversible: `\`${field}\` is rewritten, and the values before cannot be computed back`,
        }
      : [{ agent: 'drop-field', payload: { field } }],
};
