import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { exportedMetrics } from './exportedMetrics.mjs';
import { manifestOf, readYaml } from './manifests.mjs';
import { nodesOf, parse } from './promql/parse.mjs';
import { matchersOf } from './promql/series.mjs';

/** Labels that Prometheus itself gives to what it scrapes. */
const TARGET_LABELS = ['namespace', 'pod'];

let exported;

/** What an expression asks for that no replica exports. */
function unknownIn(expression) {
  const root = parse(expression.replaceAll('$__rate_interval', '5m'));
  const selectors = nodesOf(root, 'VectorSelector').map(matchersOf);
  const asked = selectors.flatMap(matchers => {
    const name = matchers.find(({ label }) => label === '__name__')?.value;
    return matchers.map(({ label }) => ({ name, label }));
  });
  const unknown = asked.filter(
    ({ name, label }) =>
      !exported.has(name) ||
      !['__name__', ...TARGET_LABELS, ...exported.get(name).labels].includes(
        label,
      ),
  );
  assert.ok(selectors.length > 0, `${expression} asks for nothing`);
  return unknown.map(({ name, label }) => `${name}.${label}`);
}

/** Labels that an expression groups by, with the metrics in it. */
function groupedBy(expression) {
  const root = parse(expression.replaceAll('$__rate_interval', '5m'));
  return nodesOf(root, 'AggregateModifier')
    .flatMap(modifier => nodesOf(modifier, 'LabelName'))
    .map(({ text }) => text);
}

describe('what is watched', () => {
  before(async () => {
    exported = await exportedMetrics();
  });

  const dashboard = JSON.parse(
    readFileSync(join(ROOT, 'deploy/monitoring/dashboard.json'), 'utf8'),
  );
  const shown = dashboard.panels.flatMap(panel =>
    panel.targets.map(({ expr }) => ({ title: panel.title, expr })),
  );

  for (const { title, expr } of shown) {
    it(`the panel '${title}' shows what is exported: ${expr}`, () => {
      assert.deepEqual(unknownIn(expr), []);
      const [name] = matchersOf(
        nodesOf(
          parse(expr.replaceAll('$__rate_interval', '5m')),
          'VectorSelector',
        )[0],
      ).map(({ value }) => value);
      for (const label of groupedBy(expr)) {
        assert.ok(exported.get(name).labels.has(label), label);
      }
    });
  }

  it('the dashboard shows every metric', () => {
    const text = shown.map(({ expr }) => expr).join(' ');
    const missing = [...exported.keys()]
      .filter(name => name.startsWith('dataset_migrations_'))
      .map(name => name.replace(/_(bucket|sum|count)$/, ''))
      .filter(name => !text.includes(name));
    assert.deepEqual(missing, []);
  });

  it('panels have ids of their own, and do not overlap', () => {
    const { panels } = dashboard;
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from(
        { length: w * h },
        (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`,
      ),
    );
    assert.equal(new Set(cells).size, cells.length);
  });

  for (const { alert, expr } of readYaml(
    'monitoring/alerts.yaml',
  ).groups.flatMap(({ rules }) => rules)) {
    it(`the alert ${alert} watches what is exported`, () => {
      assert.deepEqual(unknownIn(expr), []);
    });
  }

  it('would notice a metric, and a label, that nobody exports', () => {
    assert.deepEqual(unknownIn('max(dataset_migrations_backlog)'), [
      'dataset_migrations_backlog.__name__',
    ]);
    assert.deepEqual(
      unknownIn('dataset_migrations_migrations_total{dataset="x"}'),
      ['dataset_migrations_migrations_total.dataset'],
    );
  });

  it('global gauges are never summed over replicas', () => {
    const expressions = [
      ...shown.map(({ expr }) => expr),
      ...readYaml('monitoring/alerts.yaml').groups.flatMap(({ rules }) =>
        rules.map(({ expr }) => expr),
      ),
    ];
    for (const expression of expressions) {
      const root = parse(expression.replaceAll('$__rate_interval', '5m'));
      for (const { children, text } of nodesOf(root, 'AggregateExpr')) {
        const gauges = nodesOf({ children }, 'VectorSelector')
          .flatMap(matchersOf)
          .filter(({ value }) => exported.get(value)?.type === 'gauge');
        if (gauges.length > 0) assert.equal(children[0].text, 'max', text);
      }
    }
  });

  it('Prometheus scrapes the port that both Services call metrics', () => {
    const [{ port }] = manifestOf('ServiceMonitor', 'skein').spec.endpoints;
    for (const name of ['skein-backend', 'skein-worker']) {
      const [container] = manifestOf('Deployment', name).spec.template.spec
        .containers;
      const service = manifestOf('Service', name).spec.ports.find(
        one => one.name === port,
      );
      assert.equal(service.targetPort, 'metrics');
      assert.deepEqual(
        container.ports.find(one => one.name === 'metrics'),
        { name: 'metrics', containerPort: 9464 },
      );
    }
  });
});
