import assert from 'node:assert/strict';
import { assertLive, assertRejects, assertRows } from '../assertions';
import { copyAll, copyWhole, migrate, verifyOk } from '../lifecycle';
import { agentScenario, flightsScenario, shoutingAgents } from '../scenario';
import { setStage } from '../stage';
import { AgentRunner } from '../../../agents/types';
import { Engine, EngineRun } from '../../../engine/types';
import { EngineCheck } from '../types';

interface Case {
  call: Exclude<
    keyof Engine,
    | 'id'
    | 'switchesTogether'
    | 'available'
    | 'locate'
    | 'inspect'
    | 'plan'
    | 'preflight'
    | 'preview'
    | 'phase'
  >;
  policy?: 'coexist';
  /** Brings the run to where the call would do something. */
  before(engine: Engine, run: EngineRun): Promise<unknown>;
}

const cases: Case[] = [
  { call: 'fence', before: async () => {} },
  { call: 'prepare', before: (engine, run) => engine.fence(run) },
  {
    call: 'copyChunk',
    async before(engine, run) {
      await engine.fence(run);
      await engine.prepare(run);
      await engine.copyChunk(run);
    },
  },
  { call: 'cutOver', before: copyWhole },
  { call: 'cutOver', policy: 'coexist', before: copyWhole },
  { call: 'rollback', before: migrate },
  { call: 'retire', policy: 'coexist', before: migrate },
  { call: 'abandon', before: copyWhole },
  { call: 'cleanUp', before: migrate },
];

export const fencingChecks: EngineCheck[] = [
  ...cases.map(
    ({ call, policy, before }): EngineCheck => ({
      name: `G4: a worker that was replaced cannot ${call}${
        policy ? ` (${policy})` : ''
      }`,
      async run(harness) {
        const stage = await setStage(harness, flightsScenario());
        const run = await stage.run({ policy, fence: 5 });
        await before(harness.engine, run);
        const successor = await harness.createWorker();
        const taken = { ...run, fence: 6 };
        await successor.fence(taken);
        const phase = await successor.phase(taken);
        const live = await harness.read(stage.dataset);
        const leftovers = await harness.leftovers(stage.dataset);
        await assertRejects(
          harness.engine[call](run),
          ['FencedError'],
          `${call} with the old token`,
        );
        assert.equal(await successor.phase(taken), phase);
        assertRows(
          await harness.read(stage.dataset),
          live,
          'the live data is as it was',
        );
        assert.deepEqual(await harness.leftovers(stage.dataset), leftovers);
      },
    }),
  ),
  {
    name: 'G4: a token that rises during a call stops its write',
    async run(harness) {
      const stage = await setStage(harness, agentScenario());
      const successor = await harness.createWorker();
      const taken = await stage.run({ fence: 2 });
      const agents: AgentRunner = {
        async run(request) {
          await successor.fence(taken);
          return shoutingAgents.run(request);
        },
      };
      const run = await stage.run({ fence: 1, agents });
      await harness.engine.fence(run);
      await harness.engine.prepare(run);
      await assertRejects(
        harness.engine.copyChunk(run),
        ['FencedError'],
        'a chunk whose worker was replaced meanwhile',
      );
      const first = await successor.copyChunk(taken);
      assert.equal(
        first.rowsDone,
        first.rows,
        'nothing was copied before the successor began',
      );
      await copyAll(successor, taken);
      await verifyOk(successor, taken);
    },
  },
  {
    name: 'G4: the fence of one migration keeps out an earlier one',
    async run(harness) {
      const stage = await setStage(harness, flightsScenario());
      const early = await stage.run({ fence: 1, migrationId: 'early' });
      await copyWhole(harness.engine, early);
      const later = await stage.run({ fence: 2, migrationId: 'later' });
      const worker = await harness.createWorker();
      await worker.fence(later);
      await worker.prepare(later);
      await assertRejects(
        harness.engine.cutOver(early),
        ['FencedError'],
        'the earlier migration',
      );
      await copyAll(worker, later);
      await verifyOk(worker, later);
      await worker.cutOver(later);
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'after the later migration',
      );
    },
  },
];
