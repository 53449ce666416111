import { readFileSync } from 'fs';
import { resolve } from 'path';
import { JsonObject, JsonValue } from '@backstage/types';
import { parse } from 'yaml';
import { contractText } from '../__testUtils__/contractText';
import { parseContract } from '../contracts/parseContract';
import { readComparableContract } from '../contracts/readComparableContract';
import { initPlanning } from '../expressions/parser/sqlParser';
import { createPlan } from '../plan/createPlan';
import { MigrationStep } from '../plan/types';
import { diffContracts } from './diffContracts';
import { compatibilityRules, CompatibilityRuleId } from './rules';
import { Change } from './types';

interface Example {
  old: JsonValue;
  new: JsonValue;
  steps?: MigrationStep[];
}

const page = readFileSync(
  resolve(__dirname, '../../../../docs/compatibility.md'),
  'utf8',
);

/** What the page says of each rule. */
const documented = [
  ...page.matchAll(/^### `([a-z-]+)`: (\w+)\n(.*?)```yaml\n(.*?)```/gms),
].map(([, rule, effect, text, yaml]) => ({
  rule: rule as CompatibilityRuleId,
  effect,
  text: text.replace(/\s+/g, ' ').trim(),
  example: parse(yaml) as Example,
}));

/** Properties of one object, one property, or parts of a contract. */
function textOf(version: string, side: JsonValue): string {
  if (Array.isArray(side)) {
    return contractText(version, side as JsonObject[]);
  }
  const parts = side as JsonObject;
  return parts.name !== undefined
    ? contractText(version, [parts])
    : contractText(version, [{ name: 'id', logicalType: 'integer' }], parts);
}

function changesOf({ old, new: next, steps }: Example): Change[] {
  const [from, to] = [textOf('1.0.0', old), textOf('2.0.0', next)];
  if (!steps) {
    return diffContracts(
      readComparableContract(from),
      readComparableContract(to),
    );
  }
  return createPlan({
    from: parseContract(from),
    to: parseContract(to),
    document: { kind: 'DatasetMigration', from: '1.0.0', to: '2.0.0', steps },
  }).changes;
}

beforeAll(() => initPlanning());

describe('compatibilityRules', () => {
  it('are those that docs/compatibility.md explains', () => {
    expect(documented.map(({ rule }) => rule).sort()).toEqual(
      Object.keys(compatibilityRules).sort(),
    );
  });

  it.each(documented.map(item => [item.rule, item] as const))(
    '%s is as its example says',
    (rule, { effect, text, example }) => {
      expect(effect).toBe(compatibilityRules[rule].effect);
      expect(text).toContain(compatibilityRules[rule].sentence);
      expect(changesOf(example)).toContainEqual(
        expect.objectContaining({
          rule,
          effect,
          kind: compatibilityRules[rule].kind,
        }),
      );
    },
  );

  it.each(documented.map(item => [item.rule, item] as const))(
    '%s is the gravest in its example, and no change is none',
    (_, { effect, example }) => {
      const grades = ['breaking', 'risky', 'compatible'];
      const others = changesOf(example).map(change => change.effect);
      expect(
        others.filter(other => grades.indexOf(other) < grades.indexOf(effect)),
      ).toEqual([]);
      expect(changesOf({ old: example.old, new: example.old })).toEqual([]);
    },
  );
});
