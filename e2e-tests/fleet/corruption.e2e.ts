import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../scripts/lib/eventually';
import { inState } from '../lib/inState';
import { isStopped } from '../lib/processes';
import { datasetRef, subjects } from '../torture/catalog';
import { mixedRows } from '../torture/mixedRows';
import { watch } from '../torture/readers';
import { startTortureWorld, TortureWorld } from '../torture/tortureWorld';
import { Change, changeShadow } from './shadows';

/** What an intruder does, and how the report must name it. */
interface Corruption {
  what: string;
  change: Change;
  /** Absent where the number of rows differs. */
  column?: string;
  /** Ids of the rows in question. */
  ids: number[];
}

// Row 5100 has no label; rows 6003 and 6009 have different ones.
const corruptions: Corruption[] = [
  {
    what: 'an altered value',
    change: rows => `UPDATE ${rows} SET amount = amount + 0.01 WHERE id = 6000`,
    column: 'amount',
    ids: [6000],
  },
  {
    what: 'a missing row',
    change: rows => `DELETE FROM ${rows} WHERE id = 3`,
    ids: [3],
  },
  {
    what: 'a doubled row',
    change: rows => `INSERT INTO ${rows} SELECT * FROM ${rows} WHERE id = 6000`,
    ids: [6000],
  },
  {
    what: "two rows that exchanged one column's values",
    change: rows => `UPDATE ${rows} AS mine SET label =
      (SELECT label FROM ${rows} AS other WHERE other.id = 6003 + 6009 - mine.id)
      WHERE id IN (6003, 6009)`,
    column: 'label',
    ids: [6003, 6009],
  },
  {
    what: 'a NULL that became an empty string',
    change: rows =>
      `UPDATE ${rows} SET label = '' WHERE id = 5100 AND label IS NULL`,
    column: 'label',
    ids: [5100],
  },
];

describe('a new version that is corrupted before it is verified', () => {
  let world: TortureWorld;

  before(async () => {
    world = await startTortureWorld('corruption', {
      material: { ...mixedRows, rows: { table: 30_000, files: 60_000 } },
    });
    await world.keepWorkers(1);
  });

  after(() => world?.stop());

  for (const subject of subjects) {
    for (const { what, change, column, ids } of corruptions) {
      it(`G5: ${what} in the ${subject} cuts nothing over and is named`, async t => {
        const { client } = world;
        const reader = world.readers[subject];
        const watched = watch(reader, () => false, ['1.0.0']);
        t.after(() => watched.stop());
        world.ambush({ point: 'verify:started', signal: 'SIGSTOP' });
        const { id } = await client.startMigration({
          datasetRef: datasetRef(subject),
          targetVersion: '2.0.0',
        });
        const paused = await eventually('the worker is paused', async () =>
          world.workers.find(({ pid }) => isStopped(pid)),
        );
        assert.equal(
          await changeShadow[subject](world, id, change),
          ids.length,
        );
        paused.signal('SIGCONT');

        const failed = await inState(client, id, 'failed');
        assert.equal(failed.stage, 'verify');
        assert.equal(failed.error?.name, 'VerificationError');
        const { ok, columns, mismatches } = failed.verification!;
        assert.equal(ok, false);
        assert.deepEqual(
          mismatches.map(mismatch => [mismatch.column, mismatch.ranges]),
          [[column, ids.map(key => `id ${key}..${key}`)]],
        );
        assert.deepEqual(
          columns.flatMap(({ name, ok: right }) => (right ? [] : [name])),
          column ? [column] : [],
        );
        assert.deepEqual((await watched.stop()).wrong, []);
        assert.equal(await reader.differences('1.0.0'), 0);

        await client.retryMigration(id);
        await inState(client, id, 'succeeded');
        assert.equal(await reader.differences('2.0.0'), 0);

        await client.rollbackMigration(id);
        await inState(client, id, 'rolled-back');
        assert.equal(await reader.differences('1.0.0'), 0);
      });
    }
  }
});
