import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportedMetrics } from './exportedMetrics.mjs';
import { manifestOf, readYaml } from './manifests.mjs';
import { nodesOf, parse } from './promql/parse.mjs';

const autoscaler = manifestOf('HorizontalPodAutoscaler', 'skein-worker').spec;
const scaledObject = manifestOf('ScaledObject', 'skein-worker').spec;
const trigger = wanted =>
  scaledObject.triggers.find(({ name }) => name === wanted).metadata;
const worker = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  name: 'skein-worker',
};

describe('scaling of the workers', () => {
  it('is between 2 and 20, a worker for each 100 jobs that could run', () => {
    assert.equal(autoscaler.minReplicas, 2);
    assert.equal(autoscaler.maxReplicas, 20);
    const [{ external, type }, ...others] = autoscaler.metrics;
    assert.equal(type, 'External');
    assert.deepEqual(external.target, {
      type: 'AverageValue',
      averageValue: '100',
    });
    assert.deepEqual(others, []);
  });

  it('is of the Deployment of the workers, which says no number itself', () => {
    assert.deepEqual(autoscaler.scaleTargetRef, worker);
    assert.deepEqual(scaledObject.scaleTargetRef, worker);
    const { spec } = manifestOf('Deployment', 'skein-worker');
    assert.ok(!('replicas' in spec));
  });

  it('is by a metric that is exported, and that the adapter serves, with max', async () => {
    const { name } = autoscaler.metrics[0].external.metric;
    assert.equal((await exportedMetrics()).get(name)?.type, 'gauge');

    const [rule] = readYaml('monitoring/prometheus-adapter.yaml').rules
      .external;
    assert.equal(rule.seriesQuery, `${name}{namespace!=""}`);
    const query = rule.metricsQuery
      .replace('<<.Series>>', name)
      .replace('<<.LabelMatchers>>', 'namespace="skein"');
    const root = parse(query);
    assert.equal(root.name, 'AggregateExpr');
    assert.equal(root.children[0].text, 'max');
    assert.equal(nodesOf(root, 'VectorSelector').length, 1);
  });

  it('goes down slowly, and the same with KEDA', () => {
    const { scaleDown, scaleUp } = autoscaler.behavior;
    assert.equal(scaleDown.stabilizationWindowSeconds, 300);
    assert.equal(scaleUp.stabilizationWindowSeconds, 0);
    assert.deepEqual(
      scaledObject.advanced.horizontalPodAutoscalerConfig.behavior,
      autoscaler.behavior,
    );
    assert.equal(scaledObject.maxReplicaCount, autoscaler.maxReplicas);
  });

  it('with KEDA asks the backlog of the database, and goes to zero', () => {
    assert.equal(scaledObject.minReplicaCount, 0);
    const backlog = trigger('eligible-backlog');
    assert.equal(backlog.query, 'SELECT dataset_migrations_eligible_backlog()');
    const { averageValue } = autoscaler.metrics[0].external.target;
    assert.equal(backlog.targetQueryValue, averageValue);
    for (const { type, metadata } of scaledObject.triggers) {
      if (type !== 'postgresql') continue;
      assert.equal(metadata.activationTargetQueryValue, '0');
    }
  });

  it('with KEDA keeps the workers of the migrations that run, by their slots', () => {
    const { queue } = readYaml(
      'kubernetes/base/app-config.kubernetes.worker.yaml',
    ).datasetMigrations;
    assert.equal(
      trigger('running-migrations').targetQueryValue,
      String(queue.slots),
    );
  });

  it('with KEDA keeps one worker for whatever else runs, and no more', () => {
    const { query, targetQueryValue } = trigger('anything-running');
    assert.match(query, /^SELECT least\(count\(\*\), 1\) FROM /);
    assert.equal(targetQueryValue, '1');
  });

  it('finds the secret that the pods use', () => {
    const { secretTargetRef } = manifestOf(
      'TriggerAuthentication',
      'skein-postgres',
    ).spec;
    const [{ env }] = manifestOf('Deployment', 'skein-worker').spec.template
      .spec.containers;
    const secrets = env.map(({ valueFrom }) => valueFrom?.secretKeyRef);
    for (const { name, key } of secretTargetRef) {
      assert.ok(
        secrets.some(secret => secret?.name === name && secret.key === key),
      );
    }
  });
});
