import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inState } from '../lib/inState';
import { datasetRef, Subject, subjects } from '../torture/catalog';
import { watch } from '../torture/readers';
import { startTortureWorld, TortureWorld } from '../torture/tortureWorld';

/** Chunks that are copied before the blow: about half of all. */
const half: Record<Subject, number> = { table: 10, files: 2 };

/**
 * Declares tests that migrate 100,000 rows in both engines, kill the worker half
 * way, compare every row, and roll back.
 *
 * @param title - what is tested: `an agent that ...`
 * @param name - of the world
 * @param options - of the world, with the material
 */
export function describeKilledHalfWay(
  title: string,
  name: string,
  options: NonNullable<Parameters<typeof startTortureWorld>[1]>,
): void {
  describe(title, () => {
    let world: TortureWorld;

    before(async () => {
      world = await startTortureWorld(name, options);
    });

    after(() => world?.stop());

    for (const subject of subjects) {
      it(`G3: migrates the ${subject}, killed half way`, async t => {
        const reader = world.readers[subject];
        await world.keepWorkers(2);
        const watched = watch(reader, () => false);
        t.after(() => watched.stop());
        world.ambush({
          point: 'transform:chunk',
          signal: 'SIGKILL',
          skip: half[subject] - 1,
        });
        const { id } = await world.client.startMigration({
          datasetRef: datasetRef(subject),
          targetVersion: '2.0.0',
        });
        await inState(world.client, id, 'succeeded');
        assert.equal(world.clearAmbush(), false, 'a worker was killed');
        const { items } = await world.client.listMigrationEvents(id);
        const [, chunks] = /Copied \d+ rows in (\d+) chunks/.exec(
          items.map(({ message }) => message).join(),
        )!;
        assert.ok(
          half[subject] < Number(chunks),
          `there were ${chunks} chunks`,
        );
        assert.equal(await reader.differences('2.0.0'), 0);

        await world.client.rollbackMigration(id);
        await inState(world.client, id, 'rolled-back');
        assert.equal(await reader.differences('1.0.0'), 0);
        assert.deepEqual((await watched.stop()).wrong, []);
      });
    }
  });
}
