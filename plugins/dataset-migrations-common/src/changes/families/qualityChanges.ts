import { InputError } from '@backstage/errors';
import { QualityLimit, SchemaObject } from '../../contracts/types';
import { readLimit } from '../../rules/limits';
import { isWithinLimit } from '../../rules/isWithinLimit';
import { changeBy, FieldNames } from '../changeBy';
import { inShort } from '../inShort';
import { matchBy, MatchRule } from '../matchBy';
import { CompatibilityRuleId } from '../rules';
import { Change } from '../types';

/** A rule of any kind, reduced to what two versions of it are compared by. */
interface Compared {
  field?: string;
  name?: string;
  /** What it measures, or says; two rules that agree in it are one rule. */
  measures: string;
  /** How it is called in sentences. */
  title: string;
  unit?: string;
  limit?: QualityLimit;
}

/** The rules that the rows keep. Lists of valid values are judged with fields. */
export function qualityChanges(
  from: SchemaObject,
  to: SchemaObject,
  newNames: ReadonlyMap<string, string>,
  prefix: FieldNames,
): Change[] {
  const nameNow = (field?: string) => {
    const [name, ...inside] = field?.split('.') ?? [];
    return field && [newNames.get(name) ?? name, ...inside].join('.');
  };
  // Of both versions by the new name of the field that a rule stands under.
  const ofField = (
    keyOf: (rule: Compared) => string | undefined,
  ): MatchRule<Compared> => {
    const key = (rule: Compared, field: string | undefined) => {
      const own = keyOf(rule);
      return own === undefined ? undefined : JSON.stringify([field ?? 0, own]);
    };
    return {
      from: rule => key(rule, nameNow(rule.field)),
      to: rule => key(rule, rule.field),
    };
  };
  const { pairs, gone, added } = matchBy(rulesOf(from), rulesOf(to), [
    ofField(rule => `${rule.measures} ${limitOf(rule)}`),
    ofField(({ measures }) => measures),
    ofField(({ name }) => name),
  ]);
  const change = (
    rule: CompatibilityRuleId,
    summary: string,
    fields: { from?: string; to?: string },
  ) =>
    changeBy(rule, {
      ...(fields.from && { from: `${prefix.from}${fields.from}` }),
      ...(fields.to && { to: `${prefix.to}${fields.to}` }),
      summary,
    });
  const newFields = new Set(newNames.values());
  return [
    // Of fields that only one version has, their own change says enough.
    ...gone
      .filter(({ field }) => !field || newNames.has(rootOf(field)))
      .map(rule =>
        change('quality-removed', `no longer has ${identify(rule)}`, {
          from: rule.field,
          to: nameNow(rule.field),
        }),
      ),
    ...pairs.flatMap(pair => {
      const rule = pairRule(pair.from, pair.to);
      return rule
        ? [
            change(rule, pairSummary(pair.from, pair.to), {
              from: pair.from.field,
              to: pair.to.field,
            }),
          ]
        : [];
    }),
    ...added
      .filter(({ field }) => !field || newFields.has(rootOf(field)))
      .map(({ field, title }) =>
        change('quality-added', `now has ${title}`, { to: field }),
      ),
  ];
}

/** The field of the object that a field stands in, or is. */
function rootOf(field: string): string {
  return field.split('.', 1)[0];
}

function rulesOf({
  quality = [],
  otherQuality = [],
}: SchemaObject): Compared[] {
  return [
    ...quality.map(
      (rule): Compared => ({
        field: rule.field,
        name: rule.name,
        measures:
          rule.kind === 'sql'
            ? `sql ${rule.query.replace(/\s+/g, ' ').trim()}`
            : `${rule.metric} ${JSON.stringify(rule.arguments ?? {})}`,
        title: titleOf(rule.name, rule.kind === 'sql' ? 'SQL' : rule.metric),
        unit: rule.unit,
        limit: rule.limit,
      }),
    ),
    ...otherQuality.map(
      ({ field, name, unit, limit, content }): Compared => ({
        field,
        name,
        unit,
        limit,
        measures: content,
        title: titleOf(name, 'text'),
      }),
    ),
  ];
}

function titleOf(name: string | undefined, kind: string): string {
  return name === undefined
    ? `a quality rule (${kind})`
    : `the quality rule "${name}"`;
}

/** Which rule it is, among those that are called alike. */
function identify({ name, title, measures }: Compared): string {
  return name === undefined ? `${title}: ${inShort(measures)}` : title;
}

function pairRule(
  from: Compared,
  to: Compared,
): CompatibilityRuleId | undefined {
  if (from.measures !== to.measures) {
    return 'quality-changed';
  }
  const tighter = limited(from, to);
  if (tighter === 0) {
    return undefined;
  }
  return tighter === 1 ? 'quality-tightened' : 'quality-loosened';
}

function pairSummary(from: Compared, to: Compared): string {
  return from.measures === to.measures
    ? `${limitOf(to)} instead of ${limitOf(from)} in ${identify(from)}`
    : `has another rule as ${from.title}: ${inShort(
        `${to.measures}, ${limitOf(to)}`,
      )}`;
}

function limitOf({ limit, unit }: Compared): string {
  return limit
    ? `${limit.operator} ${JSON.stringify(limit.value)}${
        unit === undefined ? '' : ` ${unit}`
      }`
    : 'no limit';
}

/**
 * 1 where the second limit allows nothing that the first does not, 0 where both
 * allow the same, undefined where that cannot be said or the second allows more.
 */
function limited(from: Compared, to: Compared): 0 | 1 | undefined {
  if (limitOf(from) === limitOf(to)) {
    return 0;
  }
  if (!from.limit || !to.limit) {
    return to.limit && 1;
  }
  if ((from.unit ?? 'rows') !== (to.unit ?? 'rows')) {
    return undefined;
  }
  try {
    const [before, after] = [from.limit, to.limit].map(readLimit);
    if (!isWithinLimit(after, before)) {
      return undefined;
    }
    return isWithinLimit(before, after) ? 0 : 1;
  } catch (error) {
    if (error instanceof InputError) {
      return undefined;
    }
    throw error;
  }
}
