import assert from 'node:assert/strict';
import { assertLive, assertRejects, assertRows, sameRows } from '../assertions';
import { copyWhole, migrate, verifyOk } from '../lifecycle';
import {
  flightsScenario,
  nextScenario,
  renameScenario,
  Scenario,
} from '../scenario';
import { setStage, Stage } from '../stage';
import { EngineCheck, EngineHarness } from '../types';

/**
 * Reads by the dataset's name, over and over while `work` runs and once before
 * and after; every answer must be one version whole.
 */
async function whileReading(
  harness: EngineHarness,
  { dataset, scenario }: Stage,
  work: () => Promise<void>,
): Promise<void> {
  let over = false;
  let reads = 0;
  const readOnce = async () => {
    const rows = await harness.read(dataset);
    reads += 1;
    assert.ok(
      sameRows(rows, scenario.from.rows) || sameRows(rows, scenario.to.rows),
      `read ${reads} saw a mixture: ${JSON.stringify(rows.slice(0, 3))}`,
    );
  };
  await readOnce();
  const reader = (async () => {
    while (!over) {
      await readOnce();
    }
  })();
  const working = work().finally(() => {
    over = true;
  });
  const [read, worked] = await Promise.allSettled([reader, working]);
  for (const outcome of [worked, read]) {
    if (outcome.status === 'rejected') {
      throw outcome.reason;
    }
  }
  await readOnce();
}

async function published(
  harness: EngineHarness,
  scenario: Scenario,
): Promise<Stage> {
  const stage = await setStage(harness, scenario);
  await migrate(harness.engine, await stage.run({ policy: 'coexist' }));
  return stage;
}

async function checkCoexistence(
  harness: EngineHarness,
  scenario: Scenario,
): Promise<void> {
  const stage = await published(harness, scenario);
  const { from, to } = scenario;
  const { engine } = harness;
  const run = await stage.run({ policy: 'coexist' });
  await assertLive(harness, stage.dataset, from.rows, 'the name, beside');
  const read = (version: string) => harness.readVersion(stage.dataset, version);
  assertRows(await read(from.version), from.rows, 'the old version, beside');
  assertRows(await read(to.version), to.rows, 'the new version, beside');
  const { recordedVersion } = await engine.inspect(run.location);
  assert.equal(recordedVersion, to.version, 'the version published last');
  await assertRejects(
    engine.cleanUp(run),
    ['ConflictError'],
    'cleaning up what is not retired',
  );
  await engine.retire(run);
  await engine.retire(run);
  assert.equal(await engine.phase(run), 'retired');
  await assertLive(harness, stage.dataset, to.rows, 'the name, retired');
  assertRows(await read(to.version), to.rows, 'the new version, retired');
  assert.equal(
    await read(from.version),
    undefined,
    'the old version has no name any more',
  );
  await engine.cleanUp(run);
  await engine.cleanUp(run);
  assert.deepEqual(await harness.leftovers(stage.dataset), []);
  await assertLive(harness, stage.dataset, to.rows, 'the name, cleaned up');
}

export const switchingChecks: EngineCheck[] = [
  {
    name: 'G2: a reader sees one version whole through cut over and roll back',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run();
      await copyWhole(harness.engine, run);
      await verifyOk(harness.engine, run);
      await whileReading(harness, stage, async () => {
        await harness.engine.cutOver(run);
        await harness.engine.rollback(run);
      });
    },
  },
  {
    name: 'G2: a reader sees one version whole through publication and retirement',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run({ policy: 'coexist' });
      await copyWhole(harness.engine, run);
      await verifyOk(harness.engine, run);
      await whileReading(harness, stage, async () => {
        await harness.engine.cutOver(run);
        await harness.engine.retire(run);
      });
    },
  },
  {
    name: 'keeps both versions readable by name until the old one is retired',
    run: harness => checkCoexistence(harness, flightsScenario()),
  },
  {
    name: 'keeps both versions readable where no row has to be copied',
    run: harness => checkCoexistence(harness, renameScenario()),
  },
  ...[flightsScenario, renameScenario].flatMap(scenario =>
    (['switch', 'coexist'] as const).map(
      (policy): EngineCheck => ({
        name: `G8: rolls back exactly (${policy}, ${
          scenario === flightsScenario ? 'every kind of change' : 'a rename'
        })`,
        async run(harness) {
          const stage = await setStage(harness, scenario());
          const run = await stage.run({ policy });
          const { engine } = harness;
          await migrate(engine, run);
          await engine.rollback(run);
          await engine.rollback(run);
          assert.equal(await engine.phase(run), 'rolled-back');
          await assertLive(
            harness,
            stage.dataset,
            stage.scenario.from.rows,
            'after the roll back',
          );
          const { recordedVersion } = await engine.inspect(run.location);
          assert.notEqual(recordedVersion, stage.scenario.to.version);
          assert.deepEqual(await harness.leftovers(stage.dataset), []);
          assert.equal(
            await harness.readVersion(stage.dataset, stage.scenario.to.version),
            undefined,
            'the new version has no name any more',
          );
          await migrate(
            engine,
            await stage.run({ migrationId: 'second-try', fence: 2 }),
          );
          await assertLive(
            harness,
            stage.dataset,
            stage.scenario.to.rows,
            'after migrating again',
          );
        },
      }),
    ),
  ),
  {
    name: 'rolls back nothing that was not cut over',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run();
      await copyWhole(harness.engine, run);
      await assertRejects(
        harness.engine.rollback(run),
        ['ConflictError'],
        'a roll back before the cut over',
      );
      assert.equal(await harness.engine.phase(run), 'copied');
    },
  },
  {
    name: 'migrates on from version to version, and rolls back only the last',
    async run(harness) {
      const first = flightsScenario();
      const second = nextScenario(first);
      const stage = await setStage(harness, first);
      const one = await stage.run();
      await migrate(harness.engine, one);
      const two = await stage.run({
        scenario: second,
        migrationId: 'second',
        fence: 2,
      });
      await migrate(harness.engine, two);
      await assertLive(harness, stage.dataset, second.to.rows, 'after both');
      await assertRejects(
        harness.engine.rollback({ ...one, fence: 3 }),
        ['ConflictError'],
        'rolling back the first of two',
      );
      await harness.engine.rollback({ ...two, fence: 3 });
      await assertLive(
        harness,
        stage.dataset,
        first.to.rows,
        'after rolling back the second',
      );
    },
  },
];
