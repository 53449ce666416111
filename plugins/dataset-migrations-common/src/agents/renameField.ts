import { DeclarativeAgent } from './types';
import {
  fieldNameSchema,
  fieldReference,
  keep,
  requireField,
  requireFree,
} from './fields';

type Payload = { from: string; to: string };

/** Gives a field another name; its values stay. */
export const renameField: DeclarativeAgent<Payload> = {
  kind: 'declarative',
  id: 'rename-field',
  description: 'Gives a field another name; its values stay as they are.',
  payloadSchema: {
    type: 'object',
    required: ['from', 'to'],
    additionalProperties: false,
    properties: { from: fieldNameSchema, to: fieldNameSchema },
  },
  plan({ from, to }, state) {
    const source = requireField(state, from, 'from');
    requireFree(state, to, 'to');
    return state.fields.map(({ field }) =>
      field === source
        ? { field: { ...field, name: to }, expression: fieldReference(field) }
        : keep(field),
    );
  },
  invert: ({ from, to }) => [
    { agent: 'rename-field', payload: { from: to, to: from } },
  ],
};
