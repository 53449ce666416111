import {
  ComparedType,
  formatComparedType,
} from '../../contracts/comparedTypes';
import { Stores } from '../../contracts/otherStoresTypes';
import { Field } from '../../contracts/types';
import { changeBy, FieldNames } from '../changeBy';
import { CompatibilityRuleId } from '../rules';
import { StatedType, statedType } from '../statedType';
import { typeRule } from '../typeRule';
import { Change } from '../types';

/** What is said of a type in both versions, and the rule for the difference. */
interface Judged {
  rule: CompatibilityRuleId | undefined;
  before?: ComparedType;
  after?: ComparedType;
}

/**
 * What values the field can hold. Objects are compared field by field. Physical
 * types are compared with physical types, and logical with logical ones; where
 * only one version has a physical type, that it says more, or less, is no other
 * type.
 *
 * @param stores - what the servers of the contracts are
 */
export function typeChanges(
  from: Field,
  to: Field,
  names: FieldNames,
  stores: Stores = new Set(),
): Change[] {
  const [before, after] = [from, to].map(field => statedType(field, stores));
  const judged = judge(before, after);
  if (!judged.rule) {
    return meaningChanges(from, to, names);
  }
  return [
    changeBy(judged.rule, {
      ...names,
      summary: `changed from ${shown(judged.before, before)} to ${shown(
        judged.after,
        after,
      )}`,
      oldType: from.type,
      newType: to.type,
    }),
  ];
}

function judge(from: StatedType, to: StatedType): Judged {
  const isSpelledInBoth =
    from.spelling !== undefined && to.spelling !== undefined;
  if (isSpelledInBoth) {
    return bySpelling(from, to);
  }
  if (from.spelling === undefined && to.spelling === undefined) {
    return byLogicalType(from, to);
  }
  return from.spelling === undefined
    ? byOnePhysicalType(from, to, 'type-stated')
    : byOnePhysicalType(from, to, 'type-unstated');
}

function compared(
  before: ComparedType | undefined,
  after: ComparedType | undefined,
): Judged {
  return {
    rule: typeRule(before ?? { kind: 'unknown' }, after ?? { kind: 'unknown' }),
    before,
    after,
  };
}

function bySpelling(from: StatedType, to: StatedType): Judged {
  if (from.physical && to.physical) {
    return compared(from.physical, to.physical);
  }
  const isSame = from.spelling === to.spelling;
  const logical =
    from.logical && to.logical
      ? compared(from.logical, to.logical)
      : { rule: undefined };
  if (isSame) {
    // Of what is not understood, only lengths can be told from its options.
    const isOfText =
      from.logical?.kind === 'string' && to.logical?.kind === 'string';
    return isOfText ? logical : { rule: undefined };
  }
  if (logical.rule) {
    return logical;
  }
  return {
    rule:
      from.logical && to.logical ? 'physical-type-changed' : 'type-replaced',
  };
}

/** As wide as the standard has it, where a version does not say. */
function byLogicalType(from: StatedType, to: StatedType): Judged {
  const judged = compared(from.logical, to.logical);
  const kinds = [from, to].map(({ logical }) => logical?.kind).join();
  // A number without a format is a decimal only as nothing more is said.
  const stated: Record<string, CompatibilityRuleId> = {
    'decimal,float': 'type-stated',
    'float,decimal': 'type-unstated',
  };
  return { ...judged, rule: stated[kinds] ?? judged.rule };
}

/**
 * @param moreOrLess - the rule for saying a physical type in one version only
 */
function byOnePhysicalType(
  from: StatedType,
  to: StatedType,
  moreOrLess: 'type-stated' | 'type-unstated',
): Judged {
  const [spelled, other] =
    moreOrLess === 'type-stated' ? [to, from] : [from, to];
  if (other.logical === undefined || other.logical.kind === 'unknown') {
    return compared(
      from.physical ?? from.logical ?? unknownOf(from),
      to.physical ?? to.logical ?? unknownOf(to),
    );
  }
  const physical = compared(
    from.physical ?? from.logical,
    to.physical ?? to.logical,
  );
  if (spelled.physical?.kind === other.logical.kind) {
    return physical.rule && !other.isExact && !hasOwnLimits(other.logical)
      ? { ...physical, rule: moreOrLess }
      : physical;
  }
  const logical = compared(from.logical, to.logical);
  if (spelled.logical && !logical.rule) {
    return { rule: moreOrLess };
  }
  if (spelled.logical && !(other.isExact && spelled.physical)) {
    return byLogicalType(from, to);
  }
  return isNearerWord(spelled.physical, other.logical)
    ? { ...physical, rule: moreOrLess }
    : { ...physical, rule: physical.rule ?? 'type-replaced' };
}

function unknownOf({ spelling }: StatedType): ComparedType {
  return { kind: 'unknown', ...(spelling !== undefined && { spelling }) };
}

/** Decimals and texts without limits say that there are none. */
function hasOwnLimits({ kind }: ComparedType): boolean {
  return kind === 'decimal' || kind === 'string';
}

/** Version 3.0 of the standard calls moments and times of day dates. */
const times = new Set(['date', 'timestamp', 'time']);

/** Whether a physical type is a nearer word for a logical one. */
function isNearerWord(
  physical: ComparedType | undefined,
  logical: ComparedType,
): boolean {
  switch (logical.kind) {
    case 'decimal':
      return physical?.kind === 'integer' || physical?.kind === 'float';
    case 'integer':
      return physical?.kind === 'decimal' && physical.scale === 0;
    case 'date':
      return physical !== undefined && times.has(physical.kind);
    default:
      return false;
  }
}

function shown(type: ComparedType | undefined, stated: StatedType): string {
  if (type) {
    return formatComparedType(type);
  }
  const said = stated.physical ?? stated.logical;
  return (
    stated.spelling ?? (said ? formatComparedType(said) : 'an unknown type')
  );
}

/** The same type in the store, which may mean another thing. */
function meaningChanges(from: Field, to: Field, names: FieldNames): Change[] {
  const isOther =
    from.physicalType !== undefined &&
    to.physicalType !== undefined &&
    from.logicalType !== undefined &&
    to.logicalType !== undefined &&
    from.logicalType !== to.logicalType &&
    !(times.has(from.logicalType) && times.has(to.logicalType));
  return isOther
    ? [
        changeBy('logical-type-changed', {
          ...names,
          summary: `means ${to.logicalType} instead of ${from.logicalType}`,
        }),
      ]
    : [];
}
