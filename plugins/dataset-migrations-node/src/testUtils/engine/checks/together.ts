import assert from 'node:assert/strict';
import { Policy } from '@skein/backstage-plugin-dataset-migrations-common';
import { Engine, EngineRun } from '../../../engine/types';
import { assertLive, assertRejects, sameRows } from '../assertions';
import { copyWhole, verifyOk } from '../lifecycle';
import { flightsScenario, renameScenario, Scenario } from '../scenario';
import { setStage, Stage } from '../stage';
import { EngineCheck, EngineHarness } from '../types';

/** Enough rows for several chunks, few enough for many migrations. */
const ROWS = 25;

/** More steps than a switch takes. */
const MAX_STEPS = 2_000;

/** Two schema objects of one contract, of which the second may need no copy. */
class Pair {
  private constructor(
    private readonly harness: EngineHarness,
    readonly stages: [Stage, Stage],
  ) {}

  static async create(
    harness: EngineHarness,
    options: { prefix?: string; second?: Scenario } = {},
  ): Promise<Pair> {
    const { prefix = '', second = flightsScenario({ rows: ROWS }) } = options;
    const first = flightsScenario({ rows: ROWS });
    return new Pair(harness, [
      await setStage(harness, first, { name: `${prefix}flights` }),
      await setStage(harness, second, { name: `${prefix}others` }),
    ]);
  }

  /** The run of the first one, which takes the other along, and the other's. */
  async runs(
    options: { policy?: Policy; fence?: number } = {},
  ): Promise<[EngineRun, EngineRun]> {
    const [first, second] = this.stages;
    const run = await first.run(options);
    const other = await second.run(options);
    return [
      { ...run, together: [other] },
      { ...other, together: [run] },
    ];
  }

  async copy(runs: EngineRun[]): Promise<void> {
    for (const run of runs) {
      await copyWhole(this.harness.engine, run);
      await verifyOk(this.harness.engine, run);
    }
  }

  /** Reads both at one moment: each must be whole, and of the same version. */
  async assertAlike(when: string): Promise<'from' | 'to'> {
    const { readTogether } = this.harness;
    assert.ok(readTogether, 'the harness reads several datasets at one moment');
    const rows = await readTogether(this.stages.map(({ dataset }) => dataset));
    const [first, second] = this.stages.map(({ scenario }, index) => {
      const version = (['from', 'to'] as const).find(side =>
        sameRows(rows[index], scenario[side].rows),
      );
      return version ?? assert.fail(`${when}: one of them is a mixture`);
    });
    assert.equal(second, first, `${when}: they are of different versions`);
    return first;
  }

  async assertVersion(version: 'from' | 'to', when: string): Promise<void> {
    for (const { dataset, scenario } of this.stages) {
      await assertLive(this.harness, dataset, scenario[version].rows, when);
    }
  }

  async assertNothingLeft(): Promise<void> {
    for (const { dataset } of this.stages) {
      assert.deepEqual(await this.harness.leftovers(dataset), []);
    }
  }
}

async function fenceAll(engine: Engine, runs: EngineRun[]): Promise<void> {
  for (const run of runs) {
    await engine.fence(run);
  }
}

/** Reads over and over while `work` runs. */
async function whileReading(
  pair: Pair,
  work: () => Promise<void>,
): Promise<void> {
  let over = false;
  const reader = (async () => {
    while (!over) {
      await pair.assertAlike('meanwhile');
    }
  })();
  const working = work().finally(() => {
    over = true;
  });
  for (const outcome of await Promise.allSettled([working, reader])) {
    if (outcome.status === 'rejected') {
      throw outcome.reason;
    }
  }
}

interface Switch {
  call: 'cutOver' | 'rollback' | 'retire';
  policy: Policy;
  ends: 'from' | 'to';
}

const switches: Switch[] = [
  { call: 'cutOver', policy: 'switch', ends: 'to' },
  { call: 'rollback', policy: 'switch', ends: 'from' },
  { call: 'retire', policy: 'coexist', ends: 'to' },
];

/** Two objects at the point where a switch is all that is left to do. */
async function readyFor(
  harness: EngineHarness,
  { call, policy }: Switch,
  prefix: string,
): Promise<Pair> {
  const pair = await Pair.create(harness, { prefix });
  const runs = await pair.runs({ policy });
  await pair.copy(runs);
  if (call !== 'cutOver') {
    await harness.engine.cutOver(runs[0]);
  }
  return pair;
}

/**
 * Lets a worker switch that dies at a step; whoever comes next goes on from what
 * it left.
 *
 * @returns whether both are switched, and whether the worker outlived it
 */
async function killAt(
  harness: EngineHarness,
  pair: Pair,
  step: number,
  { call, policy, ends }: Switch,
): Promise<{ switched: boolean; survived: boolean }> {
  const worker = await harness.createDoomedWorker(step);
  try {
    const runs = await pair.runs({ policy, fence: 2 * step });
    await (async () => {
      await fenceAll(worker.engine, runs);
      await worker.engine[call](runs[0]);
    })().catch(error => {
      assert.ok(worker.dead(), `a living worker failed: ${error.stack}`);
    });
    await pair.assertAlike(`after a kill at step ${step}`);
    const after = await pair.runs({ policy, fence: 2 * step + 1 });
    await fenceAll(harness.engine, after);
    const [phase, other] = [
      await harness.engine.phase(after[0]),
      await harness.engine.phase(after[1]),
    ];
    assert.equal(other, phase, `after step ${step}, both are equally far`);
    const switched = phase !== (call === 'cutOver' ? 'copied' : 'cut-over');
    if (switched) {
      await harness.engine[call](after[0]);
      await pair.assertVersion(ends, `in the end, after step ${step}`);
    }
    return { switched, survived: !worker.dead() };
  } finally {
    await worker.dispose();
  }
}

/** Only engines that say so switch several objects. */
const together = (check: EngineCheck): EngineCheck => ({
  ...check,
  async run(harness) {
    if (harness.engine.switchesTogether === true) {
      await check.run(harness);
    }
  },
});

const checks: EngineCheck[] = [
  ...(['flights', 'rename'] as const).map(
    (kind): EngineCheck => ({
      name: `G2, G8: switches two objects together, and back (${
        kind === 'flights' ? 'both need a copy' : 'one may need no copy'
      })`,
      async run(harness) {
        const { engine } = harness;
        const pair = await Pair.create(
          harness,
          kind === 'rename' ? { second: renameScenario() } : {},
        );
        const runs = await pair.runs();
        await pair.copy(runs);
        await pair.assertVersion('from', 'before the switch');
        await whileReading(pair, async () => {
          await engine.cutOver(runs[0]);
          await engine.rollback(runs[0]);
        });
        await pair.assertVersion('from', 'rolled back');
        for (const run of runs) {
          assert.equal(await engine.phase(run), 'rolled-back');
        }
        await pair.assertNothingLeft();
      },
    }),
  ),
  {
    name: 'G2: publishes two objects beside the old ones, and retires those together',
    async run(harness) {
      const { engine } = harness;
      const pair = await Pair.create(harness);
      const runs = await pair.runs({ policy: 'coexist' });
      await pair.copy(runs);
      await whileReading(pair, async () => {
        await engine.cutOver(runs[0]);
        await engine.retire(runs[0]);
        await engine.retire(runs[0]);
      });
      await pair.assertVersion('to', 'retired');
      for (const run of runs) {
        assert.equal(await engine.phase(run), 'retired');
        await engine.cleanUp(run);
      }
      await pair.assertNothingLeft();
    },
  },
  {
    name: 'G2: switches no object while another one is incomplete',
    async run(harness) {
      const { engine } = harness;
      const pair = await Pair.create(harness);
      const runs = await pair.runs();
      await pair.copy([runs[0]]);
      await engine.fence(runs[1]);
      await engine.prepare(runs[1]);
      await assertRejects(
        engine.cutOver(runs[0]),
        ['ConflictError'],
        'a switch with an incomplete copy',
      );
      await pair.assertVersion('from', 'not switched');
      for (const run of runs) {
        await engine.abandon(run);
      }
      await pair.assertVersion('from', 'given up');
      await pair.assertNothingLeft();
    },
  },
  {
    name: 'G2, G9: switches no object when another one was emptied',
    async run(harness) {
      if (!harness.liveWrites.includes('truncate')) {
        return;
      }
      const pair = await Pair.create(harness);
      const runs = await pair.runs();
      await pair.copy(runs);
      const [first, second] = pair.stages;
      await harness.write(second.dataset, { kind: 'truncate' });
      await assertRejects(
        harness.engine.cutOver(runs[0]),
        ['SourceChangedError'],
        'a switch over a write',
      );
      await assertLive(
        harness,
        first.dataset,
        first.scenario.from.rows,
        'the one that nobody wrote',
      );
      assert.equal(await harness.engine.phase(runs[0]), 'copied');
    },
  },
  {
    name: 'G8: takes no object back when another one was written',
    async run(harness) {
      const pair = await Pair.create(harness);
      const runs = await pair.runs();
      await pair.copy(runs);
      await harness.engine.cutOver(runs[0]);
      const [first, second] = pair.stages;
      await harness.write(second.dataset, { kind: 'delete', key: 3 });
      await assertRejects(
        harness.engine.rollback(runs[0]),
        ['ConflictError'],
        'a roll back over a write',
      );
      await assertLive(
        harness,
        first.dataset,
        first.scenario.to.rows,
        'the one that nobody wrote',
      );
      assert.equal(await harness.engine.phase(runs[0]), 'cut-over');
    },
  },
  {
    name: 'G4: switches no object when another worker took one of them over',
    async run(harness) {
      const pair = await Pair.create(harness);
      const runs = await pair.runs();
      await pair.copy(runs);
      const successor = await harness.createWorker();
      await successor.fence({ ...runs[1], fence: 2 });
      await assertRejects(
        harness.engine.cutOver(runs[0]),
        ['FencedError'],
        'a switch with one old token',
      );
      await pair.assertVersion('from', 'not switched');
    },
  },
  ...switches.map(
    (given): EngineCheck => ({
      name: `G3: a ${given.call} of two objects survives a kill at every step`,
      async run(harness) {
        let pair: Pair | undefined;
        for (let step = 1; step <= MAX_STEPS; step += 1) {
          pair ??= await readyFor(harness, given, `kill_${step}_`);
          const outcome = await killAt(harness, pair, step, given);
          if (outcome.survived) {
            assert.ok(outcome.switched, 'a worker that lives switches');
            return;
          }
          pair = outcome.switched ? undefined : pair;
        }
        assert.fail(`no worker outlived ${MAX_STEPS} steps`);
      },
    }),
  ),
];

export const togetherChecks: EngineCheck[] = checks.map(together);
