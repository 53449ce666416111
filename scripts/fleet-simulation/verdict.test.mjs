import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failuresOf } from './verdict.mjs';

const expected = { enqueued: 100, minReplicas: 2, maxReplicas: 20, kill: 2 };

const samplesOf = (...counts) =>
  counts.map((count, second) => ({
    second,
    backlog: 0,
    wanted: count,
    replicas: count,
    ready: count,
  }));

const good = {
  samples: samplesOf(2, 4, 8, 20, 20, 11, 2),
  jobs: 100,
  lost: 0,
  doubled: 0,
  runAgainAfterKill: 3,
  workersKilled: 2,
};

describe('the verdict over a simulation', () => {
  it('is well where the fleet rose and fell, and every job was done once', () => {
    assert.deepEqual(failuresOf(good, expected), []);
  });

  const CASES = [
    [{ lost: 1 }, '1 jobs were lost'],
    [{ doubled: 2 }, '2 jobs were done twice'],
    [{ jobs: 99 }, '100 jobs were enqueued, 99 are known'],
    [{ workersKilled: 1 }, '1 workers were killed, not 2'],
    [{ runAgainAfterKill: 0 }, 'no job of a killed worker was run again'],
    [
      { samples: samplesOf(2, 8, 19, 2) },
      'the fleet grew to 19 workers, not to 20',
    ],
    [
      { samples: samplesOf(2, 20, 9, 3) },
      'the fleet fell to 3 workers after its peak, not to 2',
    ],
    [
      { samples: samplesOf(20, 20, 2) },
      'the fleet grew to 2 workers, not to 20',
    ],
    [
      { samples: samplesOf(4, 20) },
      'the fleet never had its 2 workers to begin with',
    ],
    [{ samples: [] }, 'the fleet never had its 2 workers to begin with'],
  ];
  for (const [change, failure] of CASES) {
    it(`says: ${failure} (${Object.keys(change)})`, () => {
      assert.deepEqual(failuresOf({ ...good, ...change }, expected), [failure]);
    });
  }

  it('takes workers for there when they take jobs, not when they are decided', () => {
    const samples = good.samples.map(sample => ({
      ...sample,
      ready: Math.min(sample.ready, 12),
    }));
    assert.deepEqual(failuresOf({ ...good, samples }, expected), [
      'the fleet grew to 12 workers, not to 20',
    ]);
  });

  it('does not ask for jobs that were run again where nobody was to be killed', () => {
    const calm = { ...good, workersKilled: 0, runAgainAfterKill: 0 };
    assert.deepEqual(failuresOf(calm, { ...expected, kill: 0 }), []);
  });
});
