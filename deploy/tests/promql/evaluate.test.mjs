import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluate } from './evaluate.mjs';
import { parse } from './parse.mjs';
import { readSeries } from './series.mjs';

const series = [
  ['x{pod="1"}', '0x10 0+0.5x5 0+2x50'],
  ['x{pod="2"}', '_x20 0+0.5x40'],
  ['x{pod="3"}', '_x7 3+0.7x3 1+0.1x5 stale'],
].map(([name, values]) => readSeries({ series: name, values }, 60));

/** Values by pod. */
function at(minutes, expression) {
  const samples = evaluate(parse(expression), { series, at: minutes * 60 });
  return Object.fromEntries(
    samples.map(({ labels, value }) => [
      labels.pod ?? '',
      Number(value.toFixed(9)),
    ]),
  );
}

describe('the evaluator of PromQL', () => {
  // What promtool of Prometheus 3 says to the same series.
  const INCREASES = [
    [12, { 1: 0.5, 3: 3.52 }],
    [16, { 1: 2.5, 3: 3.8 }],
    [35, { 1: 38.5, 2: 7.5, 3: 4 }],
    [50, { 1: 60, 2: 15 }],
  ];
  for (const [minutes, expected] of INCREASES) {
    it(`extrapolates increases as Prometheus does, after ${minutes} minutes`, () => {
      assert.deepEqual(at(minutes, 'increase(x[30m])'), expected);
    });
  }

  it('forgets what is stale or five minutes old', () => {
    assert.deepEqual(at(16, 'x{pod=~"[23]"}'), { 3: 1.5 });
    assert.deepEqual(at(17, 'x{pod=~"[23]"}'), {});
    assert.deepEqual(at(64, 'x{pod="2"}'), { 2: 20 });
    assert.deepEqual(at(65, 'x{pod="2"}'), {});
  });

  it('aggregates, compares, and matches by labels', () => {
    assert.deepEqual(at(40, 'sum by (pod) (x) > 10'), { 1: 46 });
    assert.deepEqual(at(40, 'x{pod!="1"} * 2 or vector(7)'), { 2: 20, '': 7 });
    assert.deepEqual(at(40, 'x and (x offset 25m)'), { 1: 46 });
    assert.deepEqual(at(40, 'absent(x{pod="3"})'), { 3: 1 });
  });

  for (const nonsense of ['x >', 'x{', 'max(']) {
    it(`refuses ${nonsense}`, () => {
      assert.throws(() => parse(nonsense), /no PromQL at character/);
    });
  }
});
