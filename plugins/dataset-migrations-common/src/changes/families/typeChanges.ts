import { formatFieldType, sameType } from '../../contracts/formatFieldType';
import { parseAnyPhysicalType } from '../../contracts/otherStoresTypes';
import { Field, FieldType } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { CompatibilityRuleId } from '../rules';
import { isWidening } from '../isWidening';
import { Change } from '../types';

/** What values the field can hold. Objects are compared field by field. */
export function typeChanges(
  from: Field,
  to: Field,
  names: FieldNames,
): Change[] {
  const [before, after] = [from, to].map(typeInStore);
  if (sameType(before, after)) {
    return spellingChanges(from, to, names);
  }
  return [
    changeBy(typeRule(before, after), {
      ...names,
      summary: `changed from ${formatFieldType(before)} to ${formatFieldType(
        after,
      )}`,
      oldType: before,
      newType: after,
    }),
  ];
}

/** What a store calls a type may say more than what engines work with. */
function typeInStore({ physicalType, type }: Field): FieldType {
  return (physicalType && parseAnyPhysicalType(physicalType)) || type;
}

function typeRule(from: FieldType, to: FieldType): CompatibilityRuleId {
  if (from.kind === 'unknown' || to.kind === 'unknown') {
    return ruleOfUnknown(from, to);
  }
  if (from.kind === 'string' && to.kind === 'string') {
    return lengthRule(from.maxLength, to.maxLength);
  }
  if (from.kind === 'decimal' && to.kind === 'decimal') {
    return precisionRule(from, to);
  }
  if (from.kind === 'array' && to.kind === 'array') {
    return typeRule(from.items, to.items);
  }
  if (isWidening(from, to)) {
    return 'type-widened';
  }
  if (from.kind === 'string' && to.kind === 'uuid') {
    return 'text-to-uuid';
  }
  return from.kind === to.kind && from.kind !== 'timestamp'
    ? 'type-narrowed'
    : 'type-replaced';
}

/** What is not said at all could be anything; what is spelled is something. */
function ruleOfUnknown(from: FieldType, to: FieldType): CompatibilityRuleId {
  const isSaid = (type: FieldType) =>
    type.kind !== 'unknown' || type.spelling !== undefined;
  if (isSaid(from) && isSaid(to)) {
    return 'type-replaced';
  }
  return isSaid(to) ? 'type-stated' : 'type-unstated';
}

/** The rule for texts of another greatest length, in characters. */
export function lengthRule(
  from: number | undefined,
  to: number | undefined,
): 'length-raised' | 'length-lowered' | 'length-limited' {
  if (from === undefined) {
    return 'length-limited';
  }
  return (to ?? Infinity) >= from ? 'length-raised' : 'length-lowered';
}

function precisionRule(
  from: Extract<FieldType, { kind: 'decimal' }>,
  to: Extract<FieldType, { kind: 'decimal' }>,
): CompatibilityRuleId {
  if (from.precision === undefined) {
    return 'precision-limited';
  }
  return isWidening(from, to) ? 'precision-raised' : 'precision-lowered';
}

/** The same type, as far as it is understood, in other words of the contract. */
function spellingChanges(from: Field, to: Field, names: FieldNames): Change[] {
  const [before, after] = [from.physicalType, to.physicalType].map(normalized);
  if (before === undefined || after === undefined) {
    return [];
  }
  if (before !== after && ![before, after].every(parseAnyPhysicalType)) {
    return [
      changeBy('physical-type-changed', {
        ...names,
        summary: `is ${after} instead of ${before} in the store`,
      }),
    ];
  }
  const isOther =
    from.logicalType !== undefined &&
    to.logicalType !== undefined &&
    from.logicalType !== to.logicalType &&
    !(isOfTime(from.logicalType) && isOfTime(to.logicalType));
  return isOther
    ? [
        changeBy('logical-type-changed', {
          ...names,
          summary: `means ${to.logicalType} instead of ${from.logicalType}`,
        }),
      ]
    : [];
}

function normalized(spelling: string | undefined): string | undefined {
  return spelling
    ?.toLocaleLowerCase('en-US')
    .replace(/\s*([(),<>:])\s*/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Version 3.0 of the standard calls moments and times of day dates. */
function isOfTime(logicalType: string): boolean {
  return ['date', 'timestamp', 'time'].includes(logicalType);
}
