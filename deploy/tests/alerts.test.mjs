import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { manifestOf, readYaml } from './manifests.mjs';
import { runRuleTest } from './promql/ruleTests.mjs';

const alerts = readYaml('monitoring/alerts.yaml');
const rules = alerts.groups.flatMap(group => group.rules);
const file = readYaml('monitoring/alerts.test.yaml');
const interval = file.evaluation_interval;

describe('alert rules', () => {
  for (const test of file.tests) {
    it(test.name, () => runRuleTest(test, { rules, interval }));
  }

  it('each fire in one of these tests and keep silent in another', () => {
    const moments = file.tests.flatMap(test => test.alert_rule_test);
    for (const { alert } of rules) {
      const own = moments.filter(({ alertname }) => alertname === alert);
      assert.ok(own.some(({ exp_alerts }) => exp_alerts.length > 0));
      assert.ok(own.some(({ exp_alerts }) => exp_alerts.length === 0));
    }
  });

  // The evaluator must be able to find a rule wrong.
  const SPOILT = [
    ['another limit', rule => rule.expr.replace('> 600', '> 60')],
    ['another aggregation', rule => rule.expr.replace('max(', 'sum(')],
  ];
  for (const [what, change] of SPOILT) {
    it(`would fail with ${what}`, () => {
      const spoilt = rules.map(rule =>
        rule.alert === 'SkeinQueueOld' ? { ...rule, expr: change(rule) } : rule,
      );
      assert.throws(
        () => runRuleTest(file.tests[0], { rules: spoilt, interval }),
        /SkeinQueueOld at 15m/,
      );
    });
  }

  it('refuse what the evaluator does not know, rather than pass', () => {
    const unknown = rules.map(rule => ({ ...rule, expr: 'deriv(x[5m])' }));
    assert.throws(
      () => runRuleTest(file.tests[0], { rules: unknown, interval }),
      /does not know FunctionCall: deriv/,
    );
  });

  it('are the same for the operator of Prometheus', () => {
    const { spec } = manifestOf('PrometheusRule', 'skein');
    assert.deepEqual(
      spec,
      alerts,
      'copy the groups of alerts.yaml below spec of prometheus-rule.yaml',
    );
  });

  for (const { alert, annotations, labels } of rules) {
    it(`${alert} has a severity and a runbook page`, () => {
      assert.match(labels.severity, /^(warning|critical)$/);
      const page = `docs/runbooks/${alert}.md`;
      assert.ok(annotations.runbook_url.endsWith(`/${page}`));
      assert.ok(existsSync(join(ROOT, page)), `${page} is missing`);
    });
  }
});
