import assert from 'node:assert/strict';
import { Engine, EngineRun } from '../../../engine/types';
import { assertLive, assertRows, sameRows } from '../assertions';
import { copyAll, migrate, takeOver } from '../lifecycle';
import { quarantineScenario } from '../quarantineScenario';
import { flightsScenario, Scenario } from '../scenario';
import { setStage, Stage } from '../stage';
import { EngineCheck, EngineHarness } from '../types';

/** Enough rows for several chunks, few enough for many migrations. */
const ROWS = 25;

/** Rows of one chunk, where something else is killed than the copying. */
const ONE_CHUNK = 10;

/** More steps than any engine takes. */
const MAX_STEPS = 2_000;

interface Case {
  name: string;
  policy: 'switch' | 'coexist';
  /** What a worker that lives does first. */
  before(engine: Engine, run: EngineRun): Promise<void>;
  /** What the worker that is killed does. */
  doomed(engine: Engine, run: EngineRun): Promise<void>;
  /** What its successor does. */
  after(engine: Engine, run: EngineRun): Promise<void>;
  /** What must be live in the end. */
  ends: 'from' | 'to';
  /** Of {@link ONE_CHUNK} flights by default. */
  scenario?: () => Scenario;
}

const withFence =
  (call: 'rollback' | 'retire' | 'abandon' | 'cleanUp') =>
  async (engine: Engine, run: EngineRun) => {
    await engine.fence(run);
    await engine[call](run);
  };

const cases: Case[] = [
  {
    name: 'G3: a migration survives a kill at every step',
    policy: 'switch',
    before: async () => {},
    doomed: migrate,
    after: takeOver,
    ends: 'to',
    scenario: () => flightsScenario({ rows: ROWS }),
  },
  {
    name: 'G3: a quarantine survives a kill at every step of the copying',
    policy: 'switch',
    async before(engine, run) {
      await engine.fence(run);
      await engine.prepare(run);
    },
    async doomed(engine, run) {
      await engine.fence(run);
      await copyAll(engine, run);
    },
    after: takeOver,
    ends: 'to',
    // As few as hold one that is set aside: whatever is copied is copied alike.
    scenario: () => quarantineScenario({ rows: ONE_CHUNK }),
  },
  {
    name: 'G3: a publication beside the old version survives a kill at every step',
    policy: 'coexist',
    before: async () => {},
    doomed: migrate,
    after: takeOver,
    ends: 'from',
  },
  {
    name: 'G3: a retirement survives a kill at every step',
    policy: 'coexist',
    before: migrate,
    doomed: withFence('retire'),
    after: withFence('retire'),
    ends: 'to',
  },
  {
    name: 'G3: a roll back survives a kill at every step',
    policy: 'switch',
    before: migrate,
    doomed: withFence('rollback'),
    after: withFence('rollback'),
    ends: 'from',
  },
  {
    name: 'G3: giving up survives a kill at every step',
    policy: 'switch',
    async before(engine, run) {
      await engine.fence(run);
      await engine.prepare(run);
      await engine.copyChunk(run);
    },
    doomed: withFence('abandon'),
    after: withFence('abandon'),
    ends: 'from',
    scenario: () => flightsScenario({ rows: ROWS }),
  },
  {
    name: 'G3: cleaning up survives a kill at every step',
    policy: 'switch',
    before: migrate,
    doomed: withFence('cleanUp'),
    after: withFence('cleanUp'),
    ends: 'to',
  },
];

/** @returns whether the worker outlived its work */
async function killAt(
  harness: EngineHarness,
  step: number,
  { policy, before, doomed, after, ends }: Case,
  scenario: Scenario,
): Promise<boolean> {
  const stage = await setStage(harness, scenario, { name: `crash_${step}` });
  const run = await stage.run({ policy });
  await before(harness.engine, run);
  const worker = await harness.createDoomedWorker(step);
  try {
    await doomed(worker.engine, { ...run, fence: 2 }).catch(error => {
      assert.ok(worker.dead(), `a living worker failed: ${error.stack}`);
    });
    await assertWhole(harness, stage, `after a kill at step ${step}`);
    await after(harness.engine, { ...run, fence: 3 });
    await assertLive(
      harness,
      stage.dataset,
      scenario[ends].rows,
      `in the end, after a kill at step ${step}`,
    );
    if (scenario.aside) {
      assertRows(
        await harness.quarantine!.read(run),
        scenario.aside,
        `in quarantine, after a kill at step ${step}`,
      );
    }
    return !worker.dead();
  } finally {
    await worker.dispose();
  }
}

async function assertWhole(
  harness: EngineHarness,
  { dataset, scenario }: Stage,
  when: string,
): Promise<void> {
  const rows = await harness.read(dataset);
  assert.ok(
    sameRows(rows, scenario.from.rows) || sameRows(rows, scenario.to.rows),
    `${when} the dataset is a mixture`,
  );
}

export const crashingChecks: EngineCheck[] = cases.map(given => ({
  name: given.name,
  async run(harness) {
    const scenario = given.scenario?.() ?? flightsScenario({ rows: ONE_CHUNK });
    if (scenario.aside && !harness.quarantine) {
      return;
    }
    for (let step = 1; step <= MAX_STEPS; step += 1) {
      if (await killAt(harness, step, given, scenario)) {
        assert.ok(step > 1, 'a worker takes at least one step');
        return;
      }
    }
    assert.fail(`no worker outlived ${MAX_STEPS} steps`);
  },
}));
