import assert from 'node:assert/strict';
import {
  Field,
  Mapping,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { assertLive } from '../assertions';
import { flightsScenario, Scenario, shoutingAgents } from '../scenario';
import { contractOf, setStage } from '../stage';
import { EngineCheck, EngineHarness } from '../types';

const signal = () => new AbortController().signal;

async function planOf(harness: EngineHarness, scenario: Scenario) {
  const stage = await setStage(harness, scenario);
  const { location, policy, mapping, sourceContract, targetContract } =
    await stage.run();
  return {
    stage,
    request: { location, policy, mapping, sourceContract, targetContract },
  };
}

/** Rows in which `delay` is sometimes no number, missing, or there twice. */
function dirtyScenario(): Scenario {
  const clean = flightsScenario();
  const rows = clean.from.rows.map((row, index) => ({
    ...row,
    delay: index < 3 ? 'late' : row.delay ?? '0',
    note: index < 5 ? null : `note ${index % 50}`,
  }));
  const demanding = (field: Field): Field =>
    field.name === 'note' ? { ...field, required: true, unique: true } : field;
  const target = clean.to.fields.map(demanding);
  const mapping: Mapping = {
    ...clean.mapping,
    target,
    segments: clean.mapping.segments.map(segment =>
      segment.kind === 'projection'
        ? {
            ...segment,
            fields: segment.fields.map(projected => ({
              ...projected,
              field: demanding(projected.field),
            })),
          }
        : segment,
    ),
  };
  return {
    from: { ...clean.from, rows },
    to: { ...clean.to, fields: target },
    mapping,
  };
}

export const metadataChecks: EngineCheck[] = [
  {
    name: 'inspects fields, and no recorded version before the first migration',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const { location } = await stage.run();
      const inspection = await harness.engine.inspect(location);
      assert.equal(inspection.exists, true);
      assert.equal(inspection.recordedVersion, undefined);
      assert.deepEqual(
        inspection.fields.map(({ name }) => name).sort(),
        stage.scenario.from.fields.map(({ name }) => name).sort(),
      );
    },
  },
  {
    name: 'plans without refusals what it can do, and changes nothing by planning',
    async run(harness) {
      const { stage, request } = await planOf(harness, flightsScenario());
      const plan = await harness.engine.plan(request);
      assert.deepEqual(plan.refusals, []);
      assert.equal(plan.strategy, 'shadow-copy');
      assert.deepEqual(await harness.leftovers(stage.dataset), []);
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.from.rows,
        'after planning',
      );
    },
  },
  {
    name: 'refuses by name a source that is not what the contract says',
    async run(harness) {
      const { stage, request } = await planOf(harness, flightsScenario());
      const { fields, version } = stage.scenario.from;
      const missing: Field[] = [
        ...fields,
        {
          name: 'altitude',
          type: { kind: 'string' },
          required: false,
          unique: false,
        },
      ];
      const tooMuch = fields.filter(({ name }) => name !== 'cancelled');
      for (const [source, named] of [
        [missing, 'altitude'],
        [tooMuch, 'cancelled'],
      ] as const) {
        const plan = await harness.engine.plan({
          ...request,
          mapping: { ...request.mapping, source },
          sourceContract: contractOf(stage.dataset, {
            version,
            fields: source,
          }),
        });
        assert.match(plan.refusals.join(' '), new RegExp(named));
      }
    },
  },
  {
    name: 'G10, G11: preflight counts what would not pass, and shows it only in samples',
    async run(harness) {
      const stage = await setStage(harness, dirtyScenario());
      const { location, mapping, targetContract } = await stage.run();
      const { rowsScanned, findings } = await harness.engine.preflight({
        location,
        mapping,
        targetContract,
        signal: signal(),
        samples: 2,
      });
      assert.equal(rowsScanned, stage.scenario.from.rows.length);
      const of = (kind: string) =>
        findings.find(finding => finding.kind === kind);
      const casts = of('cast-fails');
      assert.equal(casts?.field, 'arrival_delay');
      assert.equal(casts?.rows, 3);
      assert.deepEqual(casts?.samples, ['late']);
      const nulls = of('not-null-violated');
      assert.equal(nulls?.field, 'note');
      assert.equal(nulls?.rows, 5);
      const twice = of('duplicate-key');
      assert.equal(twice?.field, 'note');
      assert.ok((twice?.samples ?? []).length <= 2, 'samples are limited');
      assert.ok((twice?.rows ?? 0) > 0);
      for (const { message } of findings) {
        assert.doesNotMatch(
          message,
          /\blate\b|note \d/,
          'a message tells a value',
        );
      }
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.from.rows,
        'after the preflight',
      );
    },
  },
  {
    name: 'preflight finds nothing where everything passes',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const { location, mapping, targetContract } = await stage.run();
      const { findings } = await harness.engine.preflight({
        location,
        mapping,
        targetContract,
        signal: signal(),
        samples: 5,
      });
      assert.deepEqual(findings, []);
    },
  },
  {
    name: 'previews the same rows before and after',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const { location, mapping } = await stage.run();
      const { before, after } = await harness.engine.preview({
        location,
        mapping,
        limit: 5,
        signal: signal(),
        agents: shoutingAgents,
      });
      assert.equal(before.length, 5);
      assert.equal(after.length, 5);
      const at = (fields: Field[], name: string) =>
        fields.findIndex(field => field.name === name);
      const { from, to } = stage.scenario;
      for (const [index, row] of before.entries()) {
        const id = row[at(from.fields, 'id')];
        assert.equal(after[index][at(to.fields, 'id')], id);
        const expected = to.rows.find(target => String(target.id) === id)!;
        assert.equal(after[index][at(to.fields, 'route')], expected.route);
        assert.equal(
          after[index][at(to.fields, 'arrival_delay')],
          expected.arrival_delay === null
            ? null
            : String(expected.arrival_delay),
        );
      }
    },
  },
];
