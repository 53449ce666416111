import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import { ROOT } from '../lib/paths.mjs';
import {
  Autoscaler,
  hasten,
  readAutoscaler,
  wantedReplicas,
} from './autoscaler.mjs';

const ours = readAutoscaler(
  parse(
    readFileSync(
      join(
        ROOT,
        'deploy/kubernetes/components/hpa/horizontal-pod-autoscaler.yaml',
      ),
      'utf8',
    ),
  ),
);

const atOnce = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [{ type: 'Percent', value: 1000, periodSeconds: 15 }],
};

/** Replicas after each of these decisions, `every` seconds apart. */
function run(settings, { replicas, metrics, every = 15 }) {
  const autoscaler = new Autoscaler(settings);
  let current = replicas;
  return metrics.map((metric, index) => {
    current = autoscaler.decide({
      now: index * every,
      replicas: current,
      metric,
    }).replicas;
    return current;
  });
}

describe('the formula of a HorizontalPodAutoscaler', () => {
  const settings = { averageValue: 100, tolerance: 0.1 };
  // The page of Kubernetes about it: twice the desired value doubles the
  // replicas, half of it halves them, and a ratio near 1 changes nothing.
  const CASES = [
    { replicas: 4, metric: 800, wanted: 8, why: 'doubles at twice the value' },
    { replicas: 4, metric: 200, wanted: 2, why: 'halves at half the value' },
    { replicas: 10, metric: 1099, wanted: 10, why: 'stays within a tenth' },
    { replicas: 10, metric: 901, wanted: 10, why: 'stays within a tenth' },
    { replicas: 10, metric: 1110, wanted: 12, why: 'rounds up beyond it' },
    { replicas: 10, metric: 890, wanted: 9, why: 'rounds up below it' },
    { replicas: 2, metric: 0, wanted: 0, why: 'wants none for nothing' },
  ];
  for (const { replicas, metric, wanted, why } of CASES) {
    it(`${why}: ${replicas} replicas, a metric of ${metric}`, () => {
      assert.equal(wantedReplicas({ replicas, metric }, settings), wanted);
    });
  }
});

describe('a HorizontalPodAutoscaler', () => {
  it('takes away a tenth or four pods, whichever is more, as in the example of its page', () => {
    const settings = {
      minReplicas: 1,
      maxReplicas: 100,
      averageValue: 100,
      tolerance: 0.1,
      scaleUp: atOnce,
      scaleDown: {
        stabilizationWindowSeconds: 0,
        selectPolicy: 'Max',
        policies: [
          { type: 'Pods', value: 4, periodSeconds: 60 },
          { type: 'Percent', value: 10, periodSeconds: 60 },
        ],
      },
    };
    const metrics = Array(16).fill(1000);
    assert.deepEqual(
      run(settings, { replicas: 80, metrics, every: 60 }),
      [72, 64, 57, 51, 45, 40, 36, 32, 28, 24, 20, 16, 12, 10, 10, 10],
    );
  });

  it('does not exceed a policy by deciding more often', () => {
    const settings = {
      ...ours,
      scaleDown: { ...ours.scaleDown, stabilizationWindowSeconds: 0 },
    };
    // Two pods a minute, decided every fifteen seconds.
    assert.deepEqual(
      run(settings, { replicas: 10, metrics: Array(9).fill(0) }),
      [8, 8, 8, 8, 6, 6, 6, 6, 4],
    );
  });

  it('goes up by four or to twice as many every half minute, with ours', () => {
    assert.deepEqual(
      run(ours, { replicas: 2, metrics: Array(7).fill(5000) }),
      [6, 6, 12, 12, 20, 20, 20],
    );
  });

  it('goes down only when five minutes agree, with ours', () => {
    const metrics = [2000, ...Array(24).fill(0)];
    const replicas = run(ours, { replicas: 20, metrics });
    // At 300 s the 2000 is forgotten.
    assert.deepEqual(replicas.slice(0, 20), Array(20).fill(20));
    assert.deepEqual(replicas.slice(20), [18, 18, 18, 18, 16]);
  });

  it('stays between minimum and maximum whatever it reads', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 20 }),
        (metrics, replicas) => {
          for (const count of run(ours, { replicas, metrics })) {
            assert.ok(count >= 2 && count <= 20);
          }
        },
      ),
    );
  });

  it('decides the same at another pace of time', () => {
    const metrics = [0, 5000, 5000, 3000, 900, 0, ...Array(40).fill(0)];
    assert.deepEqual(
      run(hasten(ours, 10), { replicas: 2, metrics, every: 1.5 }),
      run(ours, { replicas: 2, metrics }),
    );
  });
});
