import assert from 'node:assert/strict';
import { AgentRunner } from '../../../agents/types';
import { EngineRun } from '../../../engine/types';
import { assertLive } from '../assertions';
import { copyAll, copyWhole, takeOver, verifyOk } from '../lifecycle';
import { agentScenario, flightsScenario } from '../scenario';
import { setStage } from '../stage';
import { settled } from '../../settles';
import { EngineCheck, EngineHarness } from '../types';

const reason = new Error('The kit cancelled this');

function aborted(run: EngineRun): EngineRun {
  return { ...run, signal: AbortSignal.abort(reason) };
}

async function assertCancelled(
  { patience = 20_000 }: EngineHarness,
  call: Promise<unknown>,
  what: string,
) {
  const outcome = await settled(call, patience);
  assert.ok(outcome, `${what} goes on`);
  assert.equal(outcome.status, 'rejected', `${what} does not reject`);
  assert.equal(
    outcome.status === 'rejected' && outcome.reason,
    reason,
    `${what} throws the reason of the signal`,
  );
}

export const cancellingChecks: EngineCheck[] = [
  {
    name: 'does nothing once it is cancelled, and goes on later',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run();
      const { engine } = harness;
      await engine.fence(run);
      await assertCancelled(harness, engine.prepare(aborted(run)), 'prepare');
      assert.equal(await engine.phase(run), 'none');
      await engine.prepare(run);
      const { chunksDone, rowsDone } = await engine.copyChunk(run);
      await assertCancelled(
        harness,
        engine.copyChunk(aborted(run)),
        'copyChunk',
      );
      const next = await engine.copyChunk(run);
      assert.equal(
        next.rowsDone,
        rowsDone + next.rows,
        'the cancelled call copied nothing',
      );
      assert.ok(next.chunksDone > chunksDone);
      await copyAll(engine, run);
      await assertCancelled(harness, engine.verify(aborted(run)), 'verify');
      await verifyOk(engine, run);
      await assertCancelled(harness, engine.cutOver(aborted(run)), 'cutOver');
      assert.equal(await engine.phase(run), 'copied');
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.from.rows,
        'after the cancelled cut over',
      );
      await engine.cutOver(run);
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'after the cut over',
      );
    },
  },
  {
    name: 'is cancelled in the middle of a chunk',
    async run(harness) {
      const stage = await setStage(harness, agentScenario());
      const controller = new AbortController();
      // Cancels from inside the work, and then never answers.
      const hanging: AgentRunner = {
        run() {
          controller.abort(reason);
          return new Promise(() => {});
        },
      };
      const run = await stage.run({
        agents: hanging,
        signal: controller.signal,
      });
      await harness.engine.fence(run);
      await harness.engine.prepare(run);
      await assertCancelled(
        harness,
        harness.engine.copyChunk(run),
        'copyChunk',
      );
      const calm = await stage.run({ fence: 2 });
      await takeOver(harness.engine, calm);
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'after going on',
      );
    },
  },
  {
    name: 'giving up leaves the live data alone and nothing beside it',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const { engine } = harness;
      const run = await stage.run();
      await engine.fence(run);
      await engine.abandon(run);
      assert.deepEqual(
        await harness.leftovers(stage.dataset),
        [],
        'given up before anything was prepared',
      );
      await engine.prepare(run);
      await engine.copyChunk(run);
      await engine.abandon(run);
      await engine.abandon(run);
      assert.deepEqual(
        await harness.leftovers(stage.dataset),
        [],
        'given up after a chunk',
      );
      await copyWhole(engine, run);
      await engine.abandon(run);
      assert.deepEqual(
        await harness.leftovers(stage.dataset),
        [],
        'given up after the copy',
      );
      assert.equal(await engine.phase(run), 'none');
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.from.rows,
        'after giving up',
      );
      await copyWhole(engine, run);
      await verifyOk(engine, run);
      await engine.cutOver(run);
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'after beginning again',
      );
    },
  },
  {
    name: 'cleaning up removes the kept old version and nothing else',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const { engine } = harness;
      const run = await stage.run();
      await copyWhole(engine, run);
      await verifyOk(engine, run);
      await engine.cutOver(run);
      assert.notDeepEqual(
        await harness.leftovers(stage.dataset),
        [],
        'the old version is kept for a roll back',
      );
      await engine.cleanUp(run);
      assert.equal(await engine.phase(run), 'cleaned-up');
      assert.deepEqual(await harness.leftovers(stage.dataset), []);
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'after cleaning up',
      );
      const { recordedVersion } = await engine.inspect(run.location);
      assert.equal(recordedVersion, stage.scenario.to.version);
    },
  },
];
