import assert from 'node:assert/strict';
import { evaluate } from './evaluate.mjs';
import { parse, seconds } from './parse.mjs';
import { readSeries } from './series.mjs';
import { fill } from './template.mjs';

/**
 * What a rule alerts at a moment: the rule is evaluated from the beginning on,
 * and what has been true for as long as it wants is firing.
 *
 * @returns {{ labels: object, annotations: object }[]}
 */
function firing(rule, { series, at, interval }) {
  const expression = parse(rule.expr);
  const patience = rule.for ? seconds(rule.for) : 0;
  const keyOf = ({ labels: { __name__, ...labels } }) => JSON.stringify(labels);
  let since = new Map();
  let samples = [];
  for (let now = 0; now <= at; now += interval) {
    samples = evaluate(expression, { series, at: now });
    since = new Map(
      samples.map(keyOf).map(key => [key, since.get(key) ?? now]),
    );
  }
  return samples
    .filter(sample => at - since.get(keyOf(sample)) >= patience)
    .map(({ labels: { __name__, ...labels }, value }) => ({
      labels: { ...labels, ...rule.labels },
      annotations: Object.fromEntries(
        Object.entries(rule.annotations).map(([name, text]) => [
          name,
          fill(text, value),
        ]),
      ),
    }));
}

/**
 * Runs one test of a file for `promtool test rules`.
 *
 * @param {any} test - An entry of `tests`.
 * @param {object} options
 * @param {any[]} options.rules
 * @param {string} options.interval - `evaluation_interval` of the file.
 * @throws AssertionError for what does not come out as the test says
 */
export function runRuleTest(test, { rules, interval }) {
  const series = test.input_series.map(input =>
    readSeries(input, seconds(test.interval)),
  );
  for (const { eval_time, alertname, exp_alerts } of test.alert_rule_test) {
    const rule = rules.find(({ alert }) => alert === alertname);
    assert.ok(rule, `there is no rule ${alertname}`);
    assert.deepEqual(
      firing(rule, {
        series,
        at: seconds(eval_time),
        interval: seconds(interval),
      }),
      exp_alerts.map(({ exp_labels, exp_annotations }) => ({
        labels: exp_labels,
        annotations: exp_annotations,
      })),
      `${alertname} at ${eval_time}`,
    );
  }
}
