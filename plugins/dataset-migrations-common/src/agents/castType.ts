import { InputError } from '@backstage/errors';
import { formatFieldType, sameType } from '../contracts/formatFieldType';
import { Field, FieldType } from '../contracts/types';
import { castRule } from '../expressions/castRule';
import {
  fieldNameSchema,
  fieldReference,
  keep,
  parseType,
  requireField,
} from './fields';
import { DeclarativeAgent, PlanningState } from './types';

type Payload = { field: string; to?: string; onFailure?: 'refuse' | 'null' };

function targetType({ field, to }: Payload, state: PlanningState): FieldType {
  if (to !== undefined) {
    return parseType(to, 'to');
  }
  const target = state.targetField(field);
  if (!target) {
    throw new InputError(
      `field: the new version has no field \`${field}\` to take the type from; give the type in "to"`,
    );
  }
  return target.type;
}

function sentence(field: Field, type: FieldType, why: string): string {
  return `\`${field.name}\` is cast from ${formatFieldType(
    field.type,
  )} to ${formatFieldType(type)}, ${why}`;
}

/** Gives a field another type. */
export const castType: DeclarativeAgent<Payload> = {
  kind: 'declarative',
  id: 'cast-type',
  description:
    'Gives a field another type, by default that of the new contract. A value that cannot be cast stops the migration, or becomes NULL with onFailure: null.',
  payloadSchema: {
    type: 'object',
    required: ['field'],
    additionalProperties: false,
    properties: {
      field: fieldNameSchema,
      to: { type: 'string', minLength: 1, maxLength: 200 },
      onFailure: { enum: ['refuse', 'null'] },
    },
  },
  plan(payload, state) {
    const source = requireField(state, payload.field, 'field');
    const type = targetType(payload, state);
    if (sameType(source.type, type)) {
      throw new InputError(
        `field: \`${source.name}\` is of type ${formatFieldType(type)} already`,
      );
    }
    const rule = castRule(source.type, type);
    if (!rule.possible) {
      throw new InputError(`field: \`${source.name}\`: ${rule.reason}`);
    }
    const { onFailure = 'refuse' } = payload;
    return state.fields.map(({ field }) =>
      field === source
        ? {
            field: { ...field, type },
            expression: {
              op: 'cast',
              operand: fieldReference(field),
              type,
              onFailure,
            },
          }
        : keep(field),
    );
  },
  invert(payload, before) {
    const source = requireField(before, payload.field, 'field');
    const type = targetType(payload, before);
    const rule = castRule(source.type, type);
    if (!rule.possible || !rule.exact) {
      return {
        irreversible: sentence(source, type, 'which does not keep every value'),
      };
    }
    if (rule.canFail && payload.onFailure === 'null') {
      return {
        irreversible: sentence(
          source,
          type,
          'and values that do not fit become NULL',
        ),
      };
    }
    return [
      {
        agent: 'cast-type',
        payload: { field: source.name, to: formatFieldType(source.type) },
      },
    ];
  },
};
