import assert from 'node:assert/strict';
import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { assertLive } from '../assertions';
import { copyWhole } from '../lifecycle';
import { flightsScenario } from '../scenario';
import { setStage } from '../stage';
import { Corruption, EngineCheck } from '../types';

interface Case {
  what: string;
  corruption: Corruption;
  /** Absent where the number of rows differs. */
  column?: string;
  keys: number[];
}

// Rows 41 and 62 have different delays and notes; the note of row 49 is NULL.
const cases: Case[] = [
  {
    what: 'a value was altered',
    corruption: { kind: 'alter', key: 41, column: 'arrival_delay', value: 7 },
    column: 'arrival_delay',
    keys: [41],
  },
  {
    what: 'a row is missing',
    corruption: { kind: 'drop', key: 41 },
    keys: [41],
  },
  {
    what: 'a row is there twice',
    corruption: { kind: 'double', key: 41 },
    keys: [41],
  },
  {
    what: "two rows exchanged one column's values",
    corruption: { kind: 'exchange', keys: [41, 62], column: 'arrival_delay' },
    column: 'arrival_delay',
    keys: [41, 62],
  },
  {
    what: 'NULL became an empty text',
    corruption: { kind: 'null-to-empty', key: 49, column: 'note' },
    column: 'note',
    keys: [49],
  },
];

/** Whether some range, `id 1200..1299`, holds the key. */
function holds(ranges: string[], key: number): boolean {
  return ranges.some(range => {
    const match = /^id (-?\d+)\.\.(-?\d+)$/.exec(range);
    return match && Number(match[1]) <= key && key <= Number(match[2]);
  });
}

/** Ranges must help: one that spans the dataset names nothing. */
function width(ranges: string[]): number {
  return ranges
    .map(range => /^id (-?\d+)\.\.(-?\d+)$/.exec(range))
    .reduce(
      (sum, match) =>
        sum + (match ? Number(match[2]) - Number(match[1]) + 1 : 0),
      0,
    );
}

function assertNamed(report: VerificationReport, expected: Case): void {
  assert.equal(report.ok, false, 'the verification fails');
  const mismatches = report.mismatches.filter(
    ({ column }) => column === expected.column,
  );
  assert.ok(
    mismatches.length > 0,
    `${expected.column ?? 'the number of rows'} is named: ${JSON.stringify(
      report.mismatches,
    )}`,
  );
  const ranges = mismatches.flatMap(mismatch => mismatch.ranges);
  for (const key of expected.keys) {
    assert.ok(holds(ranges, key), `${ranges} hold the key ${key}`);
  }
  assert.ok(width(ranges) <= 50, `${ranges} are narrow`);
  if (expected.column) {
    const wrong = report.columns.filter(({ ok }) => !ok);
    assert.deepEqual(
      wrong.map(({ name }) => name),
      [expected.column],
      'columns marked as wrong',
    );
  } else {
    assert.notEqual(report.sourceRows, report.targetRows);
  }
}

export const verifyingChecks: EngineCheck[] = cases.map(expected => ({
  name: `G5: notices that ${expected.what}, and names where`,
  async run(harness) {
    const stage = await setStage(harness, flightsScenario());
    const run = await stage.run();
    await copyWhole(harness.engine, run);
    await harness.corrupt(run, expected.corruption);
    assertNamed(await harness.engine.verify(run), expected);
    await assertLive(
      harness,
      stage.dataset,
      stage.scenario.from.rows,
      'after a failed verification',
    );
  },
}));
