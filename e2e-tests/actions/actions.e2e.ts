import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { signIn } from '../../scripts/lib/api';
import { eventually } from '../../scripts/lib/eventually';
import { inState } from '../lib/inState';
import { World } from '../lib/world';
import { ActionClient } from './ActionClient';
import {
  datasetOf,
  OWNER,
  PLATFORM,
  READER,
  startActionsWorld,
} from './actionsWorld';
import { CommandLine } from './CommandLine';
import { McpTools } from './McpTools';

const NAMES = ['get-status', 'list-blocked', 'migrate', 'plan'];
const STOCK = datasetOf('stock');

/** How each way calls as a user, and the datasets that it migrates. */
const ways = [
  {
    way: 'the command line',
    dataset: datasetOf('orders_cli'),
    ofCampaign: datasetOf('returns_cli'),
    connect: async (world: World, user: string): Promise<ActionClient> =>
      new CommandLine(
        join(world.dir, `cli-${user.split('/')[1]}`),
        world.portal.url,
        await signIn(world.portal.url, user),
      ),
  },
  {
    way: 'MCP',
    dataset: datasetOf('orders_mcp'),
    ofCampaign: datasetOf('returns_mcp'),
    connect: async (world: World, user: string): Promise<ActionClient> =>
      McpTools.connect(world.portal.url, await signIn(world.portal.url, user)),
  },
];

describe('the actions', () => {
  let world: World;
  let blocked: string;

  before(async () => {
    world = await startActionsWorld();
    const { id } = await world.client.startMigration({
      datasetRef: STOCK,
      targetVersion: '2.0.0',
    });
    await inState(world.client, id, 'blocked');
    blocked = id;
  });

  after(() => world?.stop());

  for (const { way, dataset, ofCampaign, connect } of ways) {
    describe(`through ${way}`, () => {
      let owner: ActionClient;
      let reader: ActionClient;
      let platform: ActionClient;

      before(async () => {
        [owner, reader, platform] = await Promise.all(
          [OWNER, READER, PLATFORM].map(user => connect(world, user)),
        );
      });

      it('are there for who may call them', async () => {
        assert.deepEqual((await owner.list()).sort(), NAMES);
        assert.deepEqual(
          (await platform.list()).sort(),
          [...NAMES, 'start-campaign'].sort(),
        );
      });

      it('plan, migrate once for one key, and follow a migration', async () => {
        const plan = await owner.call('plan', { datasetRef: dataset });
        assert.equal(plan.toVersion, '2.0.0');
        assert.equal(plan.proposedPolicy, 'switch');
        assert.deepEqual(plan.refusals, []);

        const request = {
          datasetRef: dataset,
          targetVersion: plan.toVersion,
          expectedVersion: plan.fromVersion,
          idempotencyKey: `e2e-${dataset}`,
        };
        const { migrationId, startedBy } = await owner.call('migrate', request);
        assert.equal(startedBy, OWNER);
        const again = await owner.call('migrate', request);
        assert.equal(again.migrationId, migrationId);

        const migration = await eventually('it ends', async () => {
          const status = await owner.call('get-status', { migrationId });
          return status.migration.ended && status.migration;
        });
        assert.equal(migration.state, 'succeeded', migration.error?.message);
        assert.deepEqual(migration.verified, {
          ok: true,
          sourceRows: 100,
          targetRows: 100,
        });
        const { currentVersion } = await world.client.getDataset(dataset);
        assert.equal(currentVersion, '2.0.0');
      });

      it('plan a campaign, start it, and follow it', async () => {
        const { campaignId } = await platform.call('start-campaign', {
          title: `Through ${way}`,
          selection: { datasets: [ofCampaign] },
          targetVersion: '2.x',
          idempotencyKey: `e2e-${ofCampaign}`,
        });
        const reaches = (state: string) =>
          eventually(`the campaign is ${state}`, async () => {
            const { campaign } = await platform.call('get-status', {
              campaignId,
            });
            return campaign.state === state && campaign;
          });
        const planned = await reaches('planned');
        assert.equal(planned.total, 1);
        assert.equal(planned.dryRun.metadataOnly, 1);

        await platform.call('start-campaign', { campaignId });
        const { counts } = await reaches('finished');
        assert.equal(counts.succeeded, 1, JSON.stringify(counts));
        const { currentVersion } = await world.client.getDataset(ofCampaign);
        assert.equal(currentVersion, '2.0.0');
      });

      it('say who blocks what, and why', async () => {
        const { items } = await reader.call('list-blocked', { limit: 5 });
        assert.deepEqual(
          items.map((item: any) => item.migrationId),
          [blocked],
        );
        const [{ blockedBy, reason }] = items;
        assert.equal(blockedBy[0].consumerRef, 'component:default/shop');
        assert.equal(blockedBy[0].owner, 'group:default/airport-apps');
        assert.match(blockedBy[0].reasons.join(), /amount/);
        assert.match(reason, /Breaking change detected/);
      });

      const refusals: Array<{
        what: string;
        action: string;
        input: Record<string, unknown>;
        as?: 'reader';
        says: RegExp;
      }> = [
        {
          what: 'who may not migrate',
          action: 'migrate',
          as: 'reader',
          input: { datasetRef: STOCK, targetVersion: '2.0.0' },
          says: /The permission 'dataset\.migrate' is needed for 'resource:default\/stock'/,
        },
        {
          what: 'who may not manage campaigns',
          action: 'start-campaign',
          as: 'reader',
          input: { title: 'Mine', selection: { datasets: [STOCK] } },
          says: /not found/,
        },
        {
          what: 'an unknown dataset',
          action: 'plan',
          input: { datasetRef: 'resource:default/nothing' },
          says: /resource:default\/nothing/,
        },
        {
          what: 'a version without a contract',
          action: 'migrate',
          input: { datasetRef: STOCK, targetVersion: '9.9.9' },
          says: /9\.9\.9/,
        },
        {
          what: 'an unknown migration',
          action: 'get-status',
          input: { migrationId: "x' OR '1'='1" },
          says: /There is no migration 'x' OR '1'='1'/,
        },
        {
          what: 'text for a number',
          action: 'list-blocked',
          input: { limit: 'many' },
          says: /limit/,
        },
        {
          what: 'a policy that there is not',
          action: 'migrate',
          input: { datasetRef: STOCK, targetVersion: '2.0.0', policy: 'hope' },
          says: /policy[^]*hope/,
        },
        {
          what: 'a call without what is needed',
          action: 'migrate',
          input: { datasetRef: STOCK },
          says: /targetVersion/,
        },
      ];
      for (const { what, action, input, as, says } of refusals) {
        it(`G10: refuse ${what}`, async () => {
          const client = as === 'reader' ? reader : owner;
          await assert.rejects(client.call(action, input), says);
        });
      }
    });
  }

  it('show their inputs on the command line', async () => {
    const owner = (await ways[0].connect(world, OWNER)) as CommandLine;
    const help = await owner.help('migrate');
    assert.match(help, /--idempotencyKey <string>/);
    assert.match(help, /\[switch, coexist\]/);
  });

  it('tell an MCP client which of them only look', async () => {
    const platform = (await ways[1].connect(world, PLATFORM)) as McpTools;
    const tools = await platform.tools();
    const changing = ['migrate', 'start-campaign'];
    for (const { name, annotations, description } of tools) {
      const looks = !changing.some(change => name.endsWith(`.${change}`));
      assert.equal(annotations?.readOnlyHint, looks, name);
      assert.equal(annotations?.destructiveHint, !looks, name);
      assert.ok(description, name);
    }
  });

  it('let nobody in without a token', async () => {
    await assert.rejects(McpTools.connect(world.portal.url, 'no-token'));
  });
});
