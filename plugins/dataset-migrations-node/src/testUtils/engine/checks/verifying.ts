import assert from 'node:assert/strict';
import {
  Field,
  QualityRule,
  VerificationReport,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { assertLive } from '../assertions';
import { copyWhole } from '../lifecycle';
import { flightsScenario } from '../scenario';
import { setStage } from '../stage';
import { ConformanceRow, Corruption, EngineCheck } from '../types';

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

/** The fields of the new version, of which a stricter contract speaks. */
function strictly(fields: Field[]): Field[] {
  const stricter: Record<string, Partial<Field>> = {
    airline: { enum: ['AA', 'UA'] },
    arrival_delay: { options: { maximum: 200 } },
  };
  return fields.map(field => ({ ...field, ...stricter[field.name] }));
}

const noEmptyNotes: QualityRule = {
  path: 'schema[0].properties[5].quality[0]',
  name: 'No empty notes',
  kind: 'library',
  metric: 'missingValues',
  field: 'note',
  arguments: { missingValues: [''] },
  limit: { operator: 'mustBe', value: 0 },
};

const brokenRules: Array<{
  rule: string;
  field: string;
  breaks(row: ConformanceRow): boolean;
}> = [
  {
    rule: 'enum',
    field: 'airline',
    breaks: ({ airline }) => airline === 'DL',
  },
  {
    rule: 'maximum',
    field: 'arrival_delay',
    breaks: ({ arrival_delay: delay }) => delay !== null && Number(delay) > 200,
  },
  { rule: 'No empty notes', field: 'note', breaks: ({ note }) => note === '' },
];

const contractCheck: EngineCheck = {
  name: 'G5: reports every rule of the contract that rows break, and how many do',
  async run(harness) {
    const stage = await setStage(harness, flightsScenario());
    const run = await stage.run();
    const { schema } = run.targetContract;
    run.targetContract = {
      ...run.targetContract,
      schema: {
        ...schema,
        fields: strictly(schema.fields),
        quality: [noEmptyNotes],
      },
    };
    await copyWhole(harness.engine, run);
    const report = await harness.engine.verify(run);
    assert.equal(report.ok, false, 'the verification fails');
    assert.deepEqual(report.mismatches, [], 'the rows are as mapped');
    const broken = report.contractChecks.filter(({ ok }) => !ok);
    assert.deepEqual(
      broken
        .map(({ rule, field, violations }) => ({ rule, field, violations }))
        .sort((a, b) => (a.rule < b.rule ? -1 : 1)),
      brokenRules
        .map(({ rule, field, breaks }) => ({
          rule,
          field,
          violations: stage.scenario.to.rows.filter(breaks).length,
        }))
        .sort((a, b) => (a.rule < b.rule ? -1 : 1)),
      'rule, field and number of rows',
    );
    assert.ok(
      report.contractChecks.some(({ ok }) => ok),
      'rules that hold are reported, too',
    );
  },
};

const requiredCheck: EngineCheck = {
  name: 'G5: lets no row through that lacks a required value',
  async run(harness) {
    const { engine } = harness;
    const stage = await setStage(harness, flightsScenario());
    const run = await stage.run();
    const fields = run.mapping.target.map(field =>
      field.name === 'note' ? { ...field, required: true } : field,
    );
    const strict = {
      ...run,
      mapping: { ...run.mapping, target: fields },
      targetContract: {
        ...run.targetContract,
        schema: { ...run.targetContract.schema, fields },
      },
    };
    const failure = await copyWhole(engine, strict).then(
      () => undefined,
      error => error as Error,
    );
    if (failure) {
      // A store may refuse such rows by itself.
      assert.match(failure.message, /note/, 'the field is named');
      return;
    }
    const report = await engine.verify(strict);
    assert.equal(report.ok, false, 'the verification fails');
    assert.deepEqual(
      report.contractChecks.filter(({ ok }) => !ok),
      [
        {
          rule: 'required',
          field: 'note',
          ok: false,
          violations: stage.scenario.to.rows.filter(({ note }) => note === null)
            .length,
        },
      ],
    );
  },
};

const corruptionChecks: EngineCheck[] = cases.map(expected => ({
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

export const verifyingChecks: EngineCheck[] = [
  ...corruptionChecks,
  contractCheck,
  requiredCheck,
];
