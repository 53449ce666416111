import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { inState } from '../lib/inState';
import { datasetRef, Subject, subjects } from '../torture/catalog';
import { watch } from '../torture/readers';
import { startTortureWorld, TortureWorld } from '../torture/tortureWorld';
import { addresses } from './addresses';

/** Chunks that are copied before the blow: about half of all. */
const half: Record<Subject, number> = { table: 10, files: 2 };

describe('an agent that a company adds in a module of its own', () => {
  let world: TortureWorld;

  before(async () => {
    world = await startTortureWorld('example-agent', {
      material: addresses,
      portalEntry: join(ROOT, 'e2e-tests/agent/portal.ts'),
      workerEntry: join(ROOT, 'e2e-tests/agent/worker.ts'),
    });
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
      assert.ok(half[subject] < Number(chunks), `there were ${chunks} chunks`);
      assert.equal(await reader.differences('2.0.0'), 0);

      await world.client.rollbackMigration(id);
      await inState(world.client, id, 'rolled-back');
      assert.equal(await reader.differences('1.0.0'), 0);
      assert.deepEqual((await watched.stop()).wrong, []);
    });
  }
});
