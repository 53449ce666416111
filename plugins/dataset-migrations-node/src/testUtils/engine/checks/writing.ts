import assert from 'node:assert/strict';
import { assertLive } from '../assertions';
import { copyAll, copyWhole, migrate, takeOver, verifyOk } from '../lifecycle';
import { flightsScenario, migratedFlight } from '../scenario';
import { setStage } from '../stage';
import { ConformanceRow, EngineCheck, LiveWrite } from '../types';

const newRow: ConformanceRow = {
  id: 1000,
  carrier: 'WN',
  delay: '12',
  origin: 'DAL',
  destination: 'HOU',
  note: 'written meanwhile',
  cancelled: false,
};

const writes: LiveWrite[] = [
  { kind: 'insert', row: newRow },
  { kind: 'update', key: 7, column: 'note', value: 'updated meanwhile' },
  { kind: 'delete', key: 7 },
  { kind: 'truncate' },
];

function apply(rows: ConformanceRow[], write: LiveWrite): ConformanceRow[] {
  switch (write.kind) {
    case 'insert':
      return [...rows, write.row];
    case 'update':
      return rows.map(row =>
        row.id === write.key ? { ...row, [write.column]: write.value } : row,
      );
    case 'delete':
      return rows.filter(row => row.id !== write.key);
    default:
      return [];
  }
}

/** What the harness can write at all; a check without any passes. */
const possible = (kinds: ReadonlyArray<LiveWrite['kind']>) =>
  writes.filter(({ kind }) => kinds.includes(kind));

export const writingChecks: EngineCheck[] = [
  ...(['between chunks', 'between verify and cut over'] as const).map(
    (moment): EngineCheck => ({
      name: `G9: loses no write made ${moment}`,
      async run(harness) {
        for (const write of possible(harness.liveWrites)) {
          const name = `written_by_${write.kind}`;
          const stage = await setStage(harness, flightsScenario(), { name });
          const run = await stage.run();
          const { engine } = harness;
          await engine.fence(run);
          await engine.prepare(run);
          const written = apply(stage.scenario.from.rows, write);
          const finish = async () => {
            await copyAll(engine, run);
            await verifyOk(engine, run);
          };
          if (moment === 'between chunks') {
            await engine.copyChunk(run);
            await harness.write(stage.dataset, write);
          } else {
            await finish();
            await harness.write(stage.dataset, write);
          }
          const failure = await (moment === 'between chunks'
            ? finish().then(() => engine.cutOver(run))
            : engine.cutOver(run)
          ).then(
            () => undefined,
            error => error as Error,
          );
          if (failure) {
            assert.equal(failure.name, 'SourceChangedError', failure.message);
            assert.ok(
              !harness.keptWrites?.includes(write.kind),
              `a write by ${write.kind} should have been brought over: ${failure.message}`,
            );
            await assertLive(
              harness,
              stage.dataset,
              written,
              `the live data after ${write.kind} ${moment}`,
            );
            await takeOver(engine, { ...run, fence: 2 });
          }
          await assertLive(
            harness,
            stage.dataset,
            written.map(migratedFlight),
            `the new version after ${write.kind} ${moment}`,
          );
        }
      },
    }),
  ),
  {
    name: 'G8: a roll back loses no write made since the cut over',
    async run(harness) {
      if (!harness.liveWrites.includes('insert')) {
        return;
      }
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run();
      await migrate(harness.engine, run);
      const row = migratedFlight(newRow);
      await harness.write(stage.dataset, { kind: 'insert', row });
      const failure = await harness.engine.rollback(run).then(
        () => undefined,
        error => error as Error,
      );
      if (failure) {
        assert.equal(failure.name, 'ConflictError', failure.message);
        assert.ok(
          !(run.mapping.inverse && harness.keptWrites?.includes('insert')),
          `the write should have been brought back: ${failure.message}`,
        );
        await assertLive(
          harness,
          stage.dataset,
          [...stage.scenario.to.rows, row],
          'after the refused roll back',
        );
      } else {
        const rows = await harness.read(stage.dataset);
        assert.ok(
          rows.some(({ id }) => id === newRow.id),
          'the row written later is in the old version',
        );
      }
    },
  },
  {
    name: 'G8: a roll back beside the old version keeps what was written to it',
    async run(harness) {
      if (!harness.liveWrites.includes('insert')) {
        return;
      }
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run({ policy: 'coexist' });
      await migrate(harness.engine, run);
      await harness.write(stage.dataset, { kind: 'insert', row: newRow });
      await harness.engine.rollback(run);
      const rows = [...stage.scenario.from.rows, newRow];
      await assertLive(harness, stage.dataset, rows, 'after the roll back');
      // The way out of a retirement that would lose it, and open more than once.
      for (const fence of [2, 3]) {
        const again = await stage.run({
          policy: 'coexist',
          migrationId: `try-${fence}`,
          fence,
        });
        await migrate(harness.engine, again);
        await (fence === 2
          ? harness.engine.rollback(again)
          : harness.engine.retire(again));
      }
      await assertLive(
        harness,
        stage.dataset,
        rows.map(migratedFlight),
        'after migrating again',
      );
    },
  },
  {
    name: 'G6: a retirement loses no write made to the old version beside the new',
    async run(harness) {
      if (!harness.liveWrites.includes('insert')) {
        return;
      }
      const stage = await setStage(harness, flightsScenario());
      const run = await stage.run({ policy: 'coexist' });
      await copyWhole(harness.engine, run);
      await harness.engine.cutOver(run);
      await harness.write(stage.dataset, { kind: 'insert', row: newRow });
      const failure = await harness.engine.retire(run).then(
        () => undefined,
        error => error as Error,
      );
      if (failure) {
        assert.equal(failure.name, 'ConflictError', failure.message);
      }
      const rows = await harness.read(stage.dataset);
      assert.ok(
        rows.some(({ id }) => id === newRow.id),
        'the row written to the old version is there',
      );
    },
  },
];
