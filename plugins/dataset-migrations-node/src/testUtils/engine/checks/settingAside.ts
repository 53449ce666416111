import assert from 'node:assert/strict';
import { refusesMigration } from '@skein/backstage-plugin-dataset-migrations-common';
import { assertLive, assertRows } from '../assertions';
import { copyAll, copyWhole, migrate, verifyOk } from '../lifecycle';
import { quarantineScenario } from '../quarantineScenario';
import { migratedFlight } from '../scenario';
import { setStage, Stage } from '../stage';
import { Corruption, EngineCheck, EngineHarness } from '../types';

type Quarantine = NonNullable<EngineHarness['quarantine']>;

/** An engine without quarantine has to say so before anything is started. */
function check(
  name: string,
  run: (
    harness: EngineHarness,
    stage: Stage,
    quarantine: Quarantine,
  ) => Promise<void>,
): EngineCheck {
  return {
    name,
    async run(harness) {
      const stage = await setStage(harness, quarantineScenario());
      if (harness.quarantine) {
        await run(harness, stage, harness.quarantine);
        return;
      }
      const { refusals } = await harness.engine.plan(await stage.run());
      assert.ok(
        refusals.some(refusal => refusal.includes('quarantine')),
        `the plan refuses a quarantine by name: ${JSON.stringify(refusals)}`,
      );
    },
  };
}

async function assertUndone(
  harness: EngineHarness,
  { dataset, scenario }: Stage,
  quarantine: Quarantine,
  run: Parameters<Quarantine['read']>[0],
) {
  await assertLive(harness, dataset, scenario.from.rows, 'the old version');
  assert.equal(await quarantine.read(run), undefined, 'nothing is kept aside');
}

const corruptions: Array<{ what: string; corruption: Corruption }> = [
  {
    what: 'a value was altered',
    corruption: { kind: 'alter', key: 18, column: 'note', value: 'other' },
  },
  { what: 'a row is missing', corruption: { kind: 'drop', key: 18 } },
  { what: 'a row is there twice', corruption: { kind: 'double', key: 18 } },
  {
    what: "two rows exchanged one column's values",
    corruption: { kind: 'exchange', keys: [18, 27], column: 'delay' },
  },
];

export const settingAsideChecks: EngineCheck[] = [
  check(
    'says before the start which rows it will set aside, and refuses for none',
    async (harness, stage) => {
      const run = await stage.run();
      const plan = await harness.engine.plan(run);
      assert.deepEqual(plan.refusals, []);
      assert.ok(
        plan.notes.some(note => note.includes('delay')),
        `a note says where rows go whose delay does not cast: ${plan.notes}`,
      );
      const { findings, rowsScanned } = await harness.engine.preflight({
        ...run,
        samples: 3,
      });
      assert.equal(rowsScanned, stage.scenario.from.rows.length);
      assert.deepEqual(findings.filter(refusesMigration), []);
      assert.equal(findings.length, 1, JSON.stringify(findings));
      const [{ field, rows, samples = [] }] = findings;
      assert.deepEqual(
        { field, rows, samples: samples.length },
        { field: 'delay', rows: stage.scenario.aside!.length, samples: 3 },
      );
      assert.ok(samples.every(sample => sample.startsWith('late by ')));
    },
  ),
  check(
    'sets exactly the rows aside that do not cast, and keeps them when it cleans up',
    async (harness, stage, quarantine) => {
      const { aside, to } = stage.scenario;
      const { engine } = harness;
      const run = await stage.run();
      await copyWhole(engine, run);
      const report = await verifyOk(engine, run);
      assert.equal(report.sourceRows, to.rows.length);
      assert.equal(report.targetRows, to.rows.length);
      assert.equal(report.setAside?.sourceRows, aside!.length);
      assert.equal(report.setAside?.keptRows, aside!.length);
      assert.equal(
        report.setAside?.sourceChecksum,
        report.setAside?.keptChecksum,
      );
      assert.deepEqual(report.setAside?.fields, [
        { name: 'delay', rows: aside!.length },
      ]);
      await engine.cutOver(run);
      await assertLive(harness, stage.dataset, to.rows, 'after the cut over');
      assertRows(await quarantine.read(run), aside!, 'set aside');
      await engine.cleanUp(run);
      assertRows(await quarantine.read(run), aside!, 'after the clean up');
    },
  ),
  ...corruptions.map(({ what, corruption }) =>
    check(
      `G5: notices that in quarantine ${what}`,
      async (harness, stage, quarantine) => {
        const run = await stage.run();
        await copyWhole(harness.engine, run);
        await verifyOk(harness.engine, run);
        await quarantine.corrupt(run, corruption);
        const report = await harness.engine.verify(run);
        assert.equal(report.ok, false, 'the verification fails');
      },
    ),
  ),
  check(
    'G9: brings a row over that is written so that it casts, or does no more',
    async (harness, stage, quarantine) => {
      if (!harness.keptWrites?.includes('update')) {
        return;
      }
      const { engine } = harness;
      const { rows } = stage.scenario.from;
      const write = (key: number, value: string) =>
        harness.write(stage.dataset, {
          kind: 'update',
          key,
          column: 'delay',
          value,
        });
      const run = await stage.run();
      await engine.fence(run);
      await engine.prepare(run);
      await engine.copyChunk(run);
      await write(9, '1');
      await write(1, 'late');
      await copyAll(engine, run);
      await write(18, '2');
      await write(2, 'late');
      await verifyOk(engine, run);
      await engine.cutOver(run);
      const values: Record<number, string> = {
        9: '1',
        18: '2',
        1: 'late',
        2: 'late',
      };
      const written = rows.map(row => ({
        ...row,
        delay: values[Number(row.id)] ?? row.delay,
      }));
      const late = (row: (typeof written)[number]) =>
        String(row.delay).startsWith('late');
      await assertLive(
        harness,
        stage.dataset,
        written.filter(row => !late(row)).map(migratedFlight),
        'after the cut over',
      );
      assertRows(
        await quarantine.read(run),
        written.filter(late),
        'in quarantine',
      );
    },
  ),
  check(
    'G8: a roll back brings back what was set aside',
    async (harness, stage, quarantine) => {
      const run = await stage.run();
      await migrate(harness.engine, run);
      await harness.engine.rollback(run);
      await assertUndone(harness, stage, quarantine, run);
    },
  ),
  check(
    'giving up leaves no quarantine',
    async (harness, stage, quarantine) => {
      const run = await stage.run();
      await copyWhole(harness.engine, run);
      await harness.engine.abandon(run);
      await assertUndone(harness, stage, quarantine, run);
      assert.deepEqual(await harness.leftovers(stage.dataset), []);
    },
  ),
];
