import { currentFields, fieldNameSchema, keep, requireField } from './fields';
import { DeclarativeAgent } from './types';

type Payload = { field: string };

/** Leaves a field out. */
export const dropField: DeclarativeAgent<Payload> = {
  kind: 'declarative',
  id: 'drop-field',
  description: 'Leaves a field out; its values are not in the new version.',
  payloadSchema: {
    type: 'object',
    required: ['field'],
    additionalProperties: false,
    properties: { field: fieldNameSchema },
  },
  plan({ field: name }, state) {
    const dropped = requireField(state, name, 'field');
    return currentFields(state)
      .filter(field => field !== dropped)
      .map(keep);
  },
  invert: ({ field }) => ({
    irreversible: `\`${field}\` is dropped, so its values are only in the old version`,
  }),
};
