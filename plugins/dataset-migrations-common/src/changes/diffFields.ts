import { JsonValue } from '@backstage/types';
import { formatFieldType, sameType } from '../contracts/formatFieldType';
import { Field } from '../contracts/types';
import { FieldPair, matchFields } from './matchFields';
import { optionChanges } from './optionChanges';
import { typeEffect } from './typeEffect';
import { Change } from './types';

/**
 * The differences between the fields of two versions, nested fields included.
 *
 * @param prefix - path of the object that holds them, with its final dot
 */
export function diffFields(
  from: Field[],
  to: Field[],
  renames?: ReadonlyMap<string, string>,
  prefix: { from: string; to: string } = { from: '', to: '' },
): Change[] {
  const { pairs, gone, added } = matchFields(from, to, renames);
  return [
    ...gone.map(
      (field): Change => ({
        kind: 'field-dropped',
        from: `${prefix.from}${field.name}`,
        effect: 'breaking',
        summary: 'dropped',
        oldType: field.type,
      }),
    ),
    ...pairs.flatMap(pair => diffPair(pair, prefix)),
    ...added.map(
      (field): Change => ({
        kind: 'field-added',
        to: `${prefix.to}${field.name}`,
        effect: 'compatible',
        summary: `added as ${formatFieldType(field.type)}`,
        newType: field.type,
      }),
    ),
    ...orderChange(pairs, to, prefix),
  ];
}

/** Readers that go by names do not see the order; it is told all the same. */
function orderChange(
  pairs: FieldPair[],
  to: Field[],
  prefix: { from: string; to: string },
): Change[] {
  const positions = pairs.map(pair => to.indexOf(pair.to));
  const inOrder = positions.every(
    (position, index) => index === 0 || positions[index - 1] < position,
  );
  return inOrder
    ? []
    : [
        {
          kind: 'order-changed',
          ...(prefix.from
            ? { from: prefix.from.slice(0, -1), to: prefix.to.slice(0, -1) }
            : {}),
          effect: 'compatible',
          summary: 'fields are in another order',
        },
      ];
}

function diffPair(
  { from, to }: FieldPair,
  prefix: { from: string; to: string },
): Change[] {
  const names = {
    from: `${prefix.from}${from.name}`,
    to: `${prefix.to}${to.name}`,
  };
  return [
    ...nameChanges(from, to, names),
    ...typeChanges(from, to, names),
    ...promiseChanges(from, to).map(change => ({ ...names, ...change })),
  ];
}

function nameChanges(
  from: Field,
  to: Field,
  names: { from: string; to: string },
): Change[] {
  if (from.name !== to.name) {
    return [
      {
        kind: 'field-renamed',
        ...names,
        effect: 'breaking',
        summary: `renamed to \`${names.to}\``,
      },
    ];
  }
  const [oldName, newName] = [
    from.physicalName ?? from.name,
    to.physicalName ?? to.name,
  ];
  return oldName === newName
    ? []
    : [
        {
          kind: 'field-renamed',
          ...names,
          effect: 'breaking',
          summary: `called \`${newName}\` instead of \`${oldName}\` in the store`,
        },
      ];
}

function typeChanges(
  from: Field,
  to: Field,
  names: { from: string; to: string },
): Change[] {
  if (from.type.kind === 'object' && to.type.kind === 'object') {
    return diffFields(from.type.fields, to.type.fields, undefined, {
      from: `${names.from}.`,
      to: `${names.to}.`,
    });
  }
  if (sameType(from.type, to.type)) {
    return [];
  }
  const onlyLength = from.type.kind === 'string' && to.type.kind === 'string';
  return [
    {
      kind: onlyLength ? 'length-changed' : 'type-changed',
      ...names,
      effect: typeEffect(from.type, to.type),
      summary: `changed from ${formatFieldType(from.type)} to ${formatFieldType(
        to.type,
      )}`,
      oldType: from.type,
      newType: to.type,
    },
  ];
}

/** What a contract promises of the values, beyond their type. */
function promiseChanges(
  from: Field,
  to: Field,
): Array<Pick<Change, 'kind' | 'effect' | 'summary'>> {
  const changes: Array<Pick<Change, 'kind' | 'effect' | 'summary'>> = [];
  if (from.required !== to.required) {
    changes.push({
      kind: 'required-changed',
      effect: from.required ? 'breaking' : 'compatible',
      summary: from.required ? 'can now be NULL' : 'is never NULL any more',
    });
  }
  if (from.unique !== to.unique) {
    changes.push({
      kind: 'unique-changed',
      effect: from.unique ? 'breaking' : 'compatible',
      summary: from.unique ? 'is no longer unique' : 'is now unique',
    });
  }
  changes.push(...enumChanges(from.enum, to.enum));
  changes.push(...optionChanges(from.options ?? {}, to.options ?? {}));
  if (from.description !== to.description) {
    changes.push({
      kind: 'description-changed',
      effect: 'compatible',
      summary: 'described in other words',
    });
  }
  return changes;
}

/**
 * A reader may branch on every value that it knows: new ones surprise it, and
 * those that went leave it with nothing.
 */
function enumChanges(
  from: JsonValue[] | undefined,
  to: JsonValue[] | undefined,
): Array<Pick<Change, 'kind' | 'effect' | 'summary'>> {
  if (!from && !to) {
    return [];
  }
  if (!from || !to) {
    return [
      {
        kind: 'enum-changed',
        effect: from ? 'breaking' : 'compatible',
        summary: from
          ? 'is no longer limited to a list of values'
          : 'is now limited to a list of values',
      },
    ];
  }
  const missing = (values: JsonValue[], others: JsonValue[]) => {
    const known = new Set(others.map(value => JSON.stringify(value)));
    return values
      .map(value => JSON.stringify(value))
      .filter(value => !known.has(value));
  };
  const added = missing(to, from);
  const removed = missing(from, to);
  if (added.length + removed.length === 0) {
    return [];
  }
  const parts = [
    ...(added.length > 0 ? [`can now be ${added.join(', ')}`] : []),
    ...(removed.length > 0 ? [`can no longer be ${removed.join(', ')}`] : []),
  ];
  return [
    { kind: 'enum-changed', effect: 'breaking', summary: parts.join(' and ') },
  ];
}
