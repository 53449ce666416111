import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../../scripts/lib/eventually';
import { SMALL_PORTAL } from '../lib/world';
import { ManyWorld, startManyWorld } from '../many/manyWorld';
import { OWNER } from '../many/smallDatasets';

const COUNT = 60;

describe('a campaign over many small datasets', () => {
  let world: ManyWorld;

  before(async () => {
    world = await startManyWorld({
      name: 'campaign',
      count: COUNT,
      workers: 2,
      portalEntry: SMALL_PORTAL,
    });
  });

  after(() => world?.stop());

  it('G1: migrates every dataset of both engines once, and every row', async () => {
    const { campaigns } = world.client;
    const { id } = await campaigns.create({
      title: 'All that is small',
      selection: { filter: { 'spec.owner': OWNER } },
      limits: { batchSize: 10, maxInFlight: 25 },
    });
    const planned = await eventually('the dry run is done', async () => {
      const campaign = await campaigns.get(id);
      return campaign.state === 'planned' && campaign;
    });
    assert.equal(planned.total, COUNT);
    assert.equal(planned.counts.waiting, COUNT);
    const { items } = await campaigns.listDatasets(id, { limit: COUNT });
    assert.deepEqual(
      items.filter(({ strategy }) => strategy !== 'shadow-copy'),
      [],
    );
    assert.deepEqual(await world.wrongAt('1.0.0'), []);

    await campaigns.act(id, 'start');
    const finished = await eventually('the campaign is finished', async () => {
      const campaign = await campaigns.get(id);
      return campaign.state === 'finished' && campaign;
    });
    assert.equal(finished.counts.succeeded, COUNT);
    assert.deepEqual(await world.notOnce(), []);
    assert.deepEqual(await world.wrongAt('2.0.0'), []);
  });
});
