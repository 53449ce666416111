import assert from 'node:assert/strict';
import { assertLive, assertRejects } from '../assertions';
import { copyAll, copyWhole, migrate, verifyOk } from '../lifecycle';
import { flightsScenario, renameScenario, Scenario } from '../scenario';
import { setStage } from '../stage';
import { EngineCheck } from '../types';

function withRows(scenario: Scenario, rows: Scenario['from']['rows']) {
  return { ...scenario, from: { ...scenario.from, rows } };
}

export const copyingChecks: EngineCheck[] = [
  {
    name: 'migrates every row through the mapping and records the version',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run();
      const { engine } = harness;
      assert.equal(await engine.phase(run), 'none');
      await engine.fence(run);
      await engine.prepare(run);
      assert.equal(await engine.phase(run), 'prepared');
      await copyAll(engine, run);
      assert.equal(await engine.phase(run), 'copied');
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.from.rows,
        'before the cut over',
      );
      const report = await verifyOk(engine, run);
      assert.equal(report.sourceRows, stage.scenario.from.rows.length);
      assert.equal(report.targetRows, stage.scenario.to.rows.length);
      assert.equal(report.sourceChecksum, report.targetChecksum);
      assert.deepEqual(
        report.columns.map(({ name }) => name).sort(),
        stage.scenario.to.fields.map(({ name }) => name).sort(),
      );
      assert.ok(report.contractChecks.length > 0, 'the contract is checked');
      await engine.cutOver(run);
      assert.equal(await engine.phase(run), 'cut-over');
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'after the cut over',
      );
      const { recordedVersion } = await engine.inspect(run.location);
      assert.equal(recordedVersion, stage.scenario.to.version);
    },
  },
  {
    name: 'migrates a rename and a new field with a default',
    async run(harness) {
      const stage = await setStage(harness, renameScenario());
      await migrate(harness.engine, await stage.run());
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'after the cut over',
      );
    },
  },
  {
    name: 'migrates a dataset without rows',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario({ rows: 0 }));
      await migrate(harness.engine, await stage.run());
      await assertLive(harness, stage.dataset, [], 'after the cut over');
    },
  },
  {
    name: 'copies in several chunks and counts rows and chunks',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run();
      await harness.engine.fence(run);
      await harness.engine.prepare(run);
      const results = await copyAll(harness.engine, run);
      const last = results[results.length - 1];
      const total = stage.scenario.from.rows.length;
      assert.equal(last.rowsDone, total, 'rows done at the end');
      assert.ok(last.chunksDone >= 3, `${last.chunksDone} chunks`);
      assert.equal(
        results.reduce((sum, { rows }) => sum + rows, 0),
        total,
        'rows of all chunks',
      );
      for (const [index, result] of results.entries()) {
        const before = results[index - 1]?.rowsDone ?? 0;
        assert.equal(result.rowsDone, before + result.rows);
      }
      const again = await harness.engine.copyChunk(run);
      assert.deepEqual(
        [again.done, again.rows, again.rowsDone],
        [true, 0, total],
        'a call after the last',
      );
    },
  },
  {
    name: 'G3: any worker goes on from the checkpoint of any other',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      let fence = 1;
      const first = await stage.run({ fence });
      await harness.engine.fence(first);
      await harness.engine.prepare(first);
      let rows = 0;
      for (let done = false; !done; ) {
        fence += 1;
        const worker = await harness.createWorker();
        const run = await stage.run({ fence });
        await worker.fence(run);
        await worker.prepare(run);
        const result = await worker.copyChunk(run);
        rows += result.rows;
        assert.equal(result.rowsDone, rows, 'goes on where the last one was');
        done = result.done;
      }
      const last = await stage.run({ fence });
      await verifyOk(harness.engine, last);
      await harness.engine.cutOver(last);
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'after the cut over',
      );
    },
  },
  {
    name: 'ends with the same bytes when every call is made twice',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run();
      const { engine } = harness;
      await engine.fence(run);
      await engine.fence(run);
      await engine.prepare(run);
      await engine.copyChunk(run);
      await engine.prepare(run);
      await copyAll(engine, run);
      await copyAll(engine, run);
      const first = await verifyOk(engine, run);
      const second = await verifyOk(engine, run);
      assert.equal(first.targetChecksum, second.targetChecksum);
      await engine.cutOver(run);
      await engine.cutOver(run);
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'after two cut overs',
      );
      await engine.cleanUp(run);
      await engine.cleanUp(run);
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'after two clean ups',
      );
    },
  },
  {
    name: 'refuses to cut over to an incomplete copy',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run();
      await harness.engine.fence(run);
      await harness.engine.prepare(run);
      await harness.engine.copyChunk(run);
      await assertRejects(
        harness.engine.cutOver(run),
        ['ConflictError'],
        'a cut over to one chunk',
      );
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.from.rows,
        'after the refusal',
      );
    },
  },
  {
    name: 'G10, G11: a value that cannot be cast fails the copy by its field, and is not told',
    async run(harness) {
      const clean = flightsScenario();
      const scenario = withRows(
        clean,
        clean.from.rows.map((row, index) => ({
          ...row,
          delay: index === 60 ? 'tomorrow' : row.delay,
        })),
      );
      const stage = await setStage(harness, scenario);
      const run = await stage.run();
      const error = await assertRejects(
        copyWhole(harness.engine, run),
        ['InputError'],
        "'tomorrow' as an integer",
      );
      assert.match(error.message, /arrival_delay/);
      assert.doesNotMatch(error.message, /tomorrow/);
      await assertLive(
        harness,
        stage.dataset,
        scenario.from.rows,
        'after the failure',
      );
    },
  },
];
