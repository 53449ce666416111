import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { listReadBy } from './listReadBy';

const reader = 'component:default/warehouse';
const refOf = (name: string) => `resource:default/${name}`;
const all = { kind: 'all' } as const;

describe('what an entity reads', () => {
  const database = useTestDatabase();

  async function insertDataset(name: string, more: object = {}) {
    await database()('datasets').insert({
      entity_ref: refOf(name),
      title: name,
      versions: '[]',
      contracts: '[]',
      documents: '[]',
      problems: '[]',
      content_hash: '',
      ...more,
    });
    await database()('consumers').insert({
      dataset_ref: refOf(name),
      consumer_ref: reader,
      source: 'declared',
    });
  }

  async function insertMigration(name: string, more: object) {
    await database()('migrations').insert({
      id: randomUUID(),
      dataset_ref: refOf(name),
      location_key: name,
      location: '{}',
      from_version: '1.0.0',
      to_version: '2.0.0',
      policy: 'coexist',
      started_by: 'user:default/amelia',
      source_contract: '{}',
      target_contract: '{}',
      plan: '{"steps":[],"changes":[]}',
      ...more,
    });
  }

  it('G6: leaves out of many only what nothing comes of, and says how many', async () => {
    for (const name of ['a', 'b', 'c', 'over']) {
      await insertDataset(name);
    }
    await insertDataset('proposed', { next_version: '2.0.0' });
    await insertDataset('under-way');
    await insertDataset('to-retire');
    await insertMigration('under-way', { state: 'blocked' });
    await insertMigration('to-retire', {
      state: 'succeeded',
      old_version_state: 'coexisting',
    });
    await insertMigration('over', {
      state: 'succeeded',
      old_version_state: 'retired',
    });
    expect(
      await listReadBy(database(), reader, { limit: 4, scope: all }),
    ).toEqual({
      entityRefs: ['proposed', 'to-retire', 'under-way', 'a'].map(refOf),
      total: 7,
    });
  });

  it('counts only what the caller may see', async () => {
    await insertDataset('a');
    expect(
      await listReadBy(database(), reader, {
        limit: 4,
        scope: { kind: 'none' },
      }),
    ).toEqual({ entityRefs: [], total: 0 });
    expect(
      await listReadBy(database(), 'component:default/other', {
        limit: 4,
        scope: all,
      }),
    ).toEqual({ entityRefs: [], total: 0 });
  });
});
