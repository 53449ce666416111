import assert from 'node:assert/strict';
import { assertLive } from '../assertions';
import { copyAll, copyWhole, takeOver, verifyOk } from '../lifecycle';
import { flightsScenario, migratedFlight } from '../scenario';
import { setStage } from '../stage';
import { ConformanceRow, EngineCheck, EngineHarness } from '../types';

/** More calls than any engine needs for a few rows. */
const MAX_CALLS = 100;

/** More steps than a worker takes. */
const MAX_STEPS = 2_000;

/** Rows of one chunk: what comes later is killed, not what is copied before. */
const FEW = 10;

function newRows(first: number): ConformanceRow[] {
  return [first, first + 1].map(id => ({
    id,
    carrier: 'WN',
    delay: '12',
    origin: 'DAL',
    destination: 'HOU',
    note: 'came meanwhile',
    cancelled: false,
  }));
}

async function catchUp(
  engine: EngineHarness['engine'],
  run: Parameters<EngineHarness['engine']['catchUp']>[0],
): Promise<number> {
  let changes = 0;
  for (let call = 0; call < MAX_CALLS; call++) {
    const result = await engine.catchUp(run);
    changes += result.changes;
    if (result.changesWaiting === 0) {
      return changes;
    }
  }
  return assert.fail(`catchUp is not done after ${MAX_CALLS} calls`);
}

/** For stores that take whole pieces besides those that are there. */
export const arrivingChecks: EngineCheck[] = [
  {
    name: 'G9: what arrives during a migration is in the new version',
    async run(harness) {
      if (!harness.arrive) {
        return;
      }
      const { engine } = harness;
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run();
      const rows = [...stage.scenario.from.rows];
      const arrive = async (first: number) => {
        await harness.arrive!(stage.dataset, newRows(first));
        rows.push(...newRows(first));
      };
      await engine.fence(run);
      await engine.prepare(run);
      await arrive(1000);
      const { changes, changesWaiting } = await engine.catchUp(run);
      assert.equal(changes, 0, 'nothing is caught up before all is copied');
      assert.ok(changesWaiting > 0, 'but it is known to wait');
      await copyAll(engine, run);
      assert.ok((await catchUp(engine, run)) > 0, 'changes are brought over');
      assert.equal(await catchUp(engine, run), 0, 'and only once');
      const report = await verifyOk(engine, run);
      assert.equal(report.targetRows, rows.length, 'and verified');
      await arrive(2000);
      await catchUp(engine, run);
      await arrive(3000);
      await engine.cutOver(run);
      await assertLive(
        harness,
        stage.dataset,
        rows.map(migratedFlight),
        'the new version',
      );
      assert.deepEqual(await engine.catchUp(run), {
        changes: 0,
        changesWaiting: 0,
      });
      await engine.rollback(run);
      await assertLive(harness, stage.dataset, rows, 'after the roll back');
    },
  },
  {
    name: 'G5: what arrives and does not fit is not cut over',
    async run(harness) {
      if (!harness.arrive) {
        return;
      }
      const { engine } = harness;
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run();
      await copyWhole(engine, run);
      await verifyOk(engine, run);
      const [row] = newRows(1000);
      await harness.arrive(stage.dataset, [{ ...row, delay: 'very late' }]);
      const failure = await engine.cutOver(run).then(
        () => assert.fail('cutOver passed'),
        error => error as Error,
      );
      assert.equal(failure.name, 'InputError', failure.message);
      assert.ok(!failure.message.includes('very late'), failure.message);
      assert.equal(await engine.phase(run), 'copied');
    },
  },
  {
    name: 'G3: what arrives survives a kill at every step',
    async run(harness) {
      if (!harness.arrive) {
        return;
      }
      for (let step = 1; step <= MAX_STEPS; step += 1) {
        if (await killAt(harness, step)) {
          return;
        }
      }
      assert.fail(`no worker outlived ${MAX_STEPS} steps`);
    },
  },
];

/** @returns whether the worker outlived its work */
async function killAt(harness: EngineHarness, step: number): Promise<boolean> {
  const scenario = flightsScenario({ rows: FEW });
  const name = `arrives_${step}`;
  const stage = await setStage(harness, scenario, { name });
  const run = await stage.run();
  const rows = [...scenario.from.rows, ...newRows(1000)];
  await copyWhole(harness.engine, run);
  await harness.arrive!(stage.dataset, newRows(1000));
  const worker = await harness.createDoomedWorker(step);
  const second = { ...run, fence: 2 };
  try {
    await worker.engine.fence(second);
    await catchUp(worker.engine, second);
    await harness.arrive!(stage.dataset, newRows(2000));
    rows.push(...newRows(2000));
    await worker.engine.cutOver(second);
  } catch (error) {
    assert.ok(worker.dead(), `a living worker failed: ${error}`);
  } finally {
    await worker.dispose();
  }
  await takeOver(harness.engine, { ...run, fence: 3 });
  await assertLive(
    harness,
    stage.dataset,
    rows.map(migratedFlight),
    `in the end, after a kill at step ${step}`,
  );
  return !worker.dead();
}
