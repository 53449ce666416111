import { ServiceLevel } from '../../contracts/types';
import { changeBy } from '../changeBy';
import { matchBy } from '../matchBy';
import { CompatibilityRuleId } from '../rules';
import { readAmount } from '../serviceLevelAmount';
import { Change } from '../types';

/**
 * Promises where more is better. Of all others that can be compared, such as
 * latency, frequency or time to repair, less is.
 */
const MORE_IS_BETTER = new Set([
  'availability',
  'retention',
  'throughput',
  'endofsupport',
  'endoflife',
  'completeness',
]);

/** What is promised of the service that delivers the data. */
export function serviceLevelChanges(
  from: ServiceLevel[],
  to: ServiceLevel[],
): Change[] {
  const promised = ({ property, element }: ServiceLevel) => [
    wordOf(property),
    element ?? null,
  ];
  const { pairs, gone, added } = matchBy(from, to, [
    level => JSON.stringify([...promised(level), level.driver ?? null]),
    level => JSON.stringify(promised(level)),
  ]);
  return [
    ...gone.map(level =>
      changeBy('service-level-removed', {
        summary: `no longer promises ${describe(level)}`,
      }),
    ),
    ...pairs.flatMap(pair => {
      const rule = pairRule(pair.from, pair.to);
      return rule
        ? [
            changeBy(rule, {
              summary: `promises ${describe(pair.to)} instead of ${amountOf(
                pair.from,
              )}`,
            }),
          ]
        : [];
    }),
    ...added.map(level =>
      changeBy('service-level-added', {
        summary: `now promises ${describe(level)}`,
      }),
    ),
  ];
}

function pairRule(
  from: ServiceLevel,
  to: ServiceLevel,
): CompatibilityRuleId | undefined {
  if (amountOf(from) === amountOf(to)) {
    return undefined;
  }
  const [before, after] = [from, to].map(readAmount);
  if (!before || !after || before.of !== after.of) {
    return 'service-level-loosened';
  }
  if (before.amount === after.amount) {
    return undefined;
  }
  const isMore = after.amount > before.amount;
  return isMore === MORE_IS_BETTER.has(wordOf(from.property))
    ? 'service-level-tightened'
    : 'service-level-loosened';
}

function wordOf(property: string): string {
  return property.toLocaleLowerCase('en-US').replace(/[^a-z]/g, '');
}

function amountOf({ value, unit }: ServiceLevel): string {
  return unit === undefined ? String(value) : `${value} ${unit}`;
}

function describe(level: ServiceLevel): string {
  const of = level.element === undefined ? '' : ` of \`${level.element}\``;
  return `${level.property}${of} ${amountOf(level)}`;
}
