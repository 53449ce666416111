import assert from 'node:assert/strict';
import { AgentRunner } from '../../../agents/types';
import { assertLive, assertRejects } from '../assertions';
import { copyAll, copyWhole, migrate, verifyOk } from '../lifecycle';
import { agentScenario, conformanceAgent, shoutingAgents } from '../scenario';
import { setStage } from '../stage';
import { EngineCheck } from '../types';

export const agentChecks: EngineCheck[] = [
  {
    name: 'runs an imperative agent on every row, in batches, in any worker',
    async run(harness) {
      const stage = await setStage(harness, agentScenario());
      let batches = 0;
      const seen = new Map<number, string>();
      const agents: AgentRunner = {
        async run(request) {
          batches += 1;
          assert.equal(request.agent, conformanceAgent);
          for (const row of request.batch.rows) {
            seen.set(row.id as number, request.checkpoint);
          }
          assert.deepEqual(
            request.batch.fields.map(({ name }) => name),
            ['id', 'carrier', 'note'],
          );
          return shoutingAgents.run(request);
        },
      };
      const run = await stage.run({ agents });
      await harness.engine.fence(run);
      await harness.engine.prepare(run);
      await harness.engine.copyChunk(run);
      const worker = await harness.createWorker();
      const taken = { ...run, fence: 2 };
      await worker.fence(taken);
      await copyAll(worker, taken);
      assert.equal(seen.size, stage.scenario.from.rows.length);
      assert.ok(batches >= 3, `${batches} batches`);
      assert.ok(new Set(seen.values()).size >= 3, 'batches have checkpoints');
      await verifyOk(worker, taken);
      await worker.cutOver(taken);
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'after the agent',
      );
      await worker.rollback(taken);
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.from.rows,
        'after the roll back',
      );
    },
  },
  {
    name: 'G5: notices an agent that does not do the same twice',
    async run(harness) {
      const stage = await setStage(harness, agentScenario());
      let calls = 0;
      const moody: AgentRunner = {
        async run(request) {
          calls += 1;
          const result = await shoutingAgents.run(request);
          const [first, ...rest] = result.batch.rows;
          return {
            ...result,
            batch: {
              ...result.batch,
              rows: [{ ...first, carrier: `call ${calls}` }, ...rest],
            },
          };
        },
      };
      const run = await stage.run({ agents: moody });
      await copyWhole(harness.engine, run);
      const report = await harness.engine.verify(run);
      assert.equal(report.ok, false);
      assert.ok(
        report.mismatches.some(({ column }) => column === 'shouted'),
        JSON.stringify(report.mismatches),
      );
    },
  },
  {
    name: 'G10: refuses an agent that returns other rows than it got',
    async run(harness) {
      const stage = await setStage(harness, agentScenario());
      const greedy: AgentRunner = {
        async run(request) {
          const result = await shoutingAgents.run(request);
          return {
            ...result,
            batch: { ...result.batch, rows: result.batch.rows.slice(1) },
          };
        },
      };
      const error = await assertRejects(
        copyWhole(harness.engine, await stage.run({ agents: greedy })),
        ['InputError'],
        'an agent that loses a row',
      );
      assert.match(error.message, new RegExp(conformanceAgent));
      await migrate(harness.engine, await stage.run({ fence: 2 }));
      await assertLive(
        harness,
        stage.dataset,
        stage.scenario.to.rows,
        'with an agent that behaves',
      );
    },
  },
];
