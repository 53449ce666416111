import { InputError } from '@backstage/errors';
import { isWidening } from '../changes/isWidening';
import { formatFieldType, sameType } from '../contracts/formatFieldType';
import { Field, FieldType } from '../contracts/types';
import { castRule } from '../expressions/castRule';
import { CastFailure } from '../expressions/types';
import {
  fieldNameSchema,
  fieldReference,
  keep,
  parseType,
  requireField,
} from './fields';
import { DeclarativeAgent, PlanningState } from './types';

type Payload = { field: string; to?: string; onFailure?: CastFailure };

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

/**
 * Why no value of the new type could be brought back for certain; undefined
 * where every one either comes back to itself or fails.
 */
function whyOneWay(
  payload: Payload,
  source: Field,
  type: FieldType,
): string | undefined {
  const back = castRule(type, source.type);
  const old = formatFieldType(source.type);
  if (!back.possible) {
    return back.reason;
  }
  if (!back.exact) {
    return `a ${formatFieldType(
      type,
    )} brought back as ${old} can lose something`;
  }
  if (payload.onFailure === 'null' && source.required) {
    return 'values that do not fit become NULL, which the old version does not allow';
  }
  return undefined;
}

/** Whether each value has its counterpart, so that no row could be set aside. */
function cannotFail(from: FieldType, to: FieldType): boolean {
  return (
    isWidening(from, to) || (to.kind === 'string' && to.maxLength === undefined)
  );
}

/** Gives a field another type. */
export const castType: DeclarativeAgent<Payload> = {
  kind: 'declarative',
  id: 'cast-type',
  description:
    'Gives a field another type, by default that of the new contract. A value that cannot be cast stops the migration; with onFailure: null it becomes NULL, with onFailure: quarantine its row is set aside, whole, beside the new version.',
  payloadSchema: {
    type: 'object',
    required: ['field'],
    additionalProperties: false,
    properties: {
      field: fieldNameSchema,
      to: { type: 'string', minLength: 1, maxLength: 200 },
      onFailure: { enum: ['refuse', 'null', 'quarantine'] },
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
    if (onFailure === 'quarantine' && cannotFail(source.type, type)) {
      throw new InputError(
        `onFailure: every ${formatFieldType(
          source.type,
        )} can be cast to ${formatFieldType(type)}, so that no row of \`${
          source.name
        }\` could go to quarantine; leave it out`,
      );
    }
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
    const why = whyOneWay(payload, source, type);
    const old = formatFieldType(source.type);
    return why === undefined
      ? [{ agent: 'cast-type', payload: { field: source.name, to: old } }]
      : {
          irreversible: `\`${
            source.name
          }\` is cast from ${old} to ${formatFieldType(type)}, and ${why}`,
        };
  },
};
