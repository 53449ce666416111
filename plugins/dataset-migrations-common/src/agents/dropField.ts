import { JsonValue } from '@backstage/types';
import { formatFieldType } from '../contracts/formatFieldType';
import { Field } from '../contracts/types';
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
  invert({ field: name }, before) {
    const dropped = requireField(before, name, 'field');
    const value = valueOfNewRows(dropped);
    return value === undefined
      ? {
          irreversible: `\`${name}\` is dropped, and rows inserted into the new version have no value for it`,
        }
      : [
          {
            agent: 'add-field',
            payload: {
              field: name,
              type: formatFieldType(dropped.type),
              default: value,
            },
          },
        ];
  },
};

/**
 * What a row that the new version inserted has in the dropped field; undefined
 * where no one value will do, as the field tells rows apart or needs one.
 */
function valueOfNewRows(dropped: Field): JsonValue | undefined {
  if (dropped.primaryKeyPosition !== undefined) {
    return undefined;
  }
  if (dropped.default !== undefined && !dropped.unique) {
    return dropped.default;
  }
  return dropped.required ? undefined : null;
}
