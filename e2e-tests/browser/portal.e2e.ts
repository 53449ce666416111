import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Page } from 'playwright-core';
import { startBrowser, TestBrowser } from '../lib/browser';
import { DemoWorld, startDemoWorld } from '../lib/demoWorld';
import { inState as inMigrationState } from '../lib/inState';
import { smallerNumbers } from '../lib/movies';
import { eventually } from '../../scripts/lib/eventually';
import {
  differencesOfFlights,
  differencesOfZipcodes,
  keepZipcodes,
  keysOfRoutes,
} from '../lib/readBack';

describe('the portal', () => {
  let world: DemoWorld;
  let browser: TestBrowser;

  before(async () => {
    world = await startDemoWorld('browser');
    await keepZipcodes(world.warehouse);
    browser = await startBrowser(world.portal.url);
  });

  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  it('migrates two tables that refer to each other, and back', async () => {
    const { client, warehouse } = world;
    const keysTo = (column: string) =>
      ['destination', 'origin'].map(name => ({
        definition: `FOREIGN KEY (${name}) REFERENCES airports(${column})`,
        checked: true,
      }));
    const { id } = await client.startMigration({
      datasetRef: 'resource:default/routes',
      targetVersion: '2.0.0',
    });
    const blocked = await inMigrationState(client, id, 'blocked');
    assert.match(blocked.error!.message, /slot-auction reads `routes.count`/);
    await client.overrideMigration(id, {
      reason: 'the auction is over',
      consumers: ['component:default/slot-auction'],
      concernsId: (await client.getBlockers(id)).concernsId,
    });
    const { verification } = await inMigrationState(client, id, 'succeeded');
    assert.deepEqual(
      verification!.objects!.map(({ object, targetRows }) => [
        object,
        targetRows,
      ]),
      [
        ['airports', 3_376],
        ['routes', 5_366],
      ],
    );
    assert.deepEqual(await keysOfRoutes(warehouse), keysTo('code'));

    await client.rollbackMigration(id);
    await inMigrationState(client, id, 'rolled-back');
    assert.deepEqual(await keysOfRoutes(warehouse), keysTo('iata'));
  });

  it('leads an owner from the catalog to a verified migration of flights', async () => {
    const page = await browser.signIn('Amelia');
    await page.goto('/');
    await page
      .getByRole('link', { name: 'US flights 2001', exact: true })
      .click();
    await page
      .getByRole('button', { name: 'Migrate dataset' })
      .first()
      .waitFor();
    await browser.picture(page, 'dataset');
    await page.getByRole('link', { name: 'Consumers' }).click();
    await page.getByText('Route planner').first().waitFor();
    await browser.picture(page, 'consumers');

    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Migrate dataset' }).click();
    await page.getByText('arrival_delay').first().waitFor();
    await page.getByText('Copy into a shadow beside the live data').waitFor();
    await browser.picture(page, 'migrate');
    await start(page);
    const id = await inState(page, 'succeeded');
    const columns = page.getByRole('table', {
      name: 'Verification by column',
    });
    await columns.getByText('arrival_delay').waitFor();
    await page.getByText('Delay forecast').first().waitFor();
    await browser.picture(page, 'succeeded');

    const migration = await world.client.getMigration(id);
    assert.equal(migration.verification?.ok, true);
    assert.equal(migration.verification?.targetRows, 3_000_000);
    assert.equal(await differencesOfFlights(world.filesRoot), 0);

    await eventually('the consumers were called back', async () => {
      const callbacks = world.callbacks();
      assert.ok(callbacks.every(({ verified }) => verified));
      return ['route-planner', 'delay-forecast', 'airport-board'].every(name =>
        callbacks.some(
          ({ path, event }) =>
            path === `/hooks/${name}` && /succeeded/.test(event.type),
        ),
      );
    });
  });

  it('looks right in the dark', async () => {
    const page = await browser.signIn('Amelia', { dark: true });
    await page.goto('/dataset-migrations');
    await page.getByText('US flights 2001 (table)').first().waitFor();
    await browser.picture(page, 'datasets-dark');
  });

  it('shows whom a version reaches through what its consumers make', async () => {
    await world.reportRun();
    const page = await browser.signIn('Amelia');
    await page.goto('/catalog/default/resource/flights-table');
    await page.getByRole('link', { name: 'Consumers' }).click();
    await page.getByRole('button', { name: 'Reach' }).click();
    const [first, second] = [1, 2].map(wave =>
      page.getByRole('table', { name: `Wave ${wave}` }),
    );
    const made = first.getByRole('row').filter({ hasText: 'Long delays' });
    await made.getByText('changes', { exact: true }).waitFor();
    await made.getByText(/renamed to/).waitFor();
    const broken = second.getByRole('row').filter({ hasText: 'Voucher desk' });
    await broken.getByText('breaks', { exact: true }).waitFor();
    await second
      .getByRole('row')
      .filter({ hasText: 'Lounge staffing' })
      .getByText('ready', { exact: true })
      .waitFor();
    await browser.picture(page, 'reach');
  });

  it('blocks what would break a consumer, names it, and publishes beside the old version', async () => {
    const page = await browser.signIn('Amelia');
    await migratePage(page, 'flights-table', '2.0.0');
    await page.getByRole('radio', { name: /^Switch/ }).check();
    await start(page);
    const id = await inState(page, 'blocked');
    const why = page.getByRole('region', {
      name: 'Why this migration is blocked',
    });
    await why.getByText('Delay dashboard').first().waitFor();
    await why.getByText('delay', { exact: true }).first().waitFor();
    // Nobody declared this; the SQL of the consumer says so.
    await why
      .getByText(/models\/staging\/stg_flights\.sql:6/)
      .first()
      .waitFor();
    await browser.picture(page, 'blocked');

    await page
      .getByRole('button', { name: 'Publish beside the old version' })
      .click();
    await inState(page, 'succeeded');
    const { oldVersionState } = await world.client.getMigration(id);
    assert.equal(oldVersionState, 'coexisting');
  });

  it('cancels, and leaves the data as it was', async () => {
    const page = await browser.signIn('Amelia');
    await migratePage(page, 'flights', '3.0.0');
    await start(page);
    await page.getByRole('button', { name: 'Cancel migration' }).click();
    await inState(page, 'cancelled');
    assert.equal(await differencesOfFlights(world.filesRoot), 0);
  });

  it('says which value does not fit, and goes on after the data was mended', async () => {
    const page = await browser.signIn('Ida');
    await migratePage(page, 'movies', '2.0.0');
    await start(page);
    const id = await inState(page, 'failed');
    const { error } = await world.client.getMigration(id);
    assert.match(error?.message ?? '', /gross/i);
    await browser.picture(page, 'failed');

    const file = join(world.filesRoot, 'movies/movies.ndjson');
    writeFileSync(file, smallerNumbers(readFileSync(file, 'utf8')));
    await page.getByRole('button', { name: 'Retry' }).click();
    assert.equal(await inState(page, 'succeeded'), id);
  });

  it('migrates a table and rolls it back', async () => {
    const page = await browser.signIn('Marie');
    await migratePage(page, 'zipcodes', '1.1.0');
    await start(page);
    const id = await inState(page, 'succeeded');
    assert.equal(await differencesOfZipcodes(world.warehouse, '1.1.0'), 0);

    await page.getByRole('button', { name: 'Roll back' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Roll back' })
      .click();
    assert.equal(await inState(page, 'rolled-back'), id);
    assert.equal(await differencesOfZipcodes(world.warehouse, '1.0.0'), 0);
  });

  it('does not let a stranger start, and says so', async () => {
    const page = await browser.signIn('Bessie');
    await migratePage(page, 'seattle-weather', '1.1.0');
    await page.getByText('You may not migrate this dataset').waitFor();
    assert.equal(
      await page.getByRole('button', { name: 'Start migration' }).count(),
      0,
    );
  });

  it('goes on once the owner of the consumer has acknowledged, and tells both', async () => {
    const birdstrikes = 'resource:default/birdstrikes';
    // Nothing of hers reads it, and she owns nothing of it.
    const follower = await browser.signIn('Bessie');
    await follower.goto('/catalog/default/resource/birdstrikes');
    await follower.getByRole('button', { name: /^Follow / }).press('Enter');
    await follower.getByRole('button', { name: /^Following / }).waitFor();

    const owner = await browser.signIn('Amelia');
    await migratePage(owner, 'birdstrikes', '2.0.0');
    await owner.getByRole('radio', { name: /^Switch/ }).check();
    await start(owner);
    const id = await inState(owner, 'blocked');
    const board = owner.getByRole('region', {
      name: 'Consumers of the migration',
    });
    await board.getByText('Wildlife map').first().waitFor();
    await board.scrollIntoViewIfNeeded();
    await browser.picture(owner, 'board');

    // Neither the dataset's owner nor a stranger answers for the consumer.
    for (const stranger of ['amelia', 'bessie']) {
      const client = await world.clientOf(`user:default/${stranger}`);
      await assert.rejects(
        client.acknowledge('component:default/wildlife-map', {
          datasetRef: birdstrikes,
          version: '2.0.0',
          answer: 'ready',
        }),
        /dataset\.consumer\.acknowledge/,
      );
    }

    const reader = await browser.signIn('Harriet');
    await reader.goto('/catalog/default/component/wildlife-map');
    const alert = reader.getByRole('alert').filter({ hasText: 'would break' });
    await alert.getByText('waits for you').waitFor();
    await alert.getByRole('link').first().click();
    const coming = reader.getByRole('region', { name: /2\.0\.0$/ });
    await coming.getByText('Origin State').first().waitFor();
    await browser.picture(reader, 'consumed-datasets');
    await coming.getByRole('button', { name: 'Answer…' }).click();
    await reader
      .getByRole('dialog')
      .getByRole('button', { name: 'Send answer' })
      .click();
    await coming.getByText('Your answer').waitFor();

    await inState(owner, 'succeeded');
    await eventually('both owners were told, before and after', async () => {
      const { items } = await world.client.listDeliveries({
        migrationId: id,
        state: 'delivered',
        limit: 100,
      });
      return ['group:default/flight-data', 'group:default/analytics'].every(
        ref =>
          ['blocked', 'succeeded'].every(kind =>
            items.some(
              ({ kind: by, consumerRef, eventType }) =>
                by === 'notification' &&
                consumerRef === ref &&
                eventType.endsWith(`.${kind}`),
            ),
          ),
      );
    });
    await follower.goto('/notifications');
    await follower.getByText(`${birdstrikes} is now at 2.0.0`).waitFor();
  });

  it('overrides for who may, once it has shown whom that breaks, and for nobody else', async () => {
    const page = await browser.signIn('Marie');
    await migratePage(page, 'zipcodes', '2.0.0');
    await page.getByRole('radio', { name: /^Switch/ }).check();
    await start(page);
    const id = await inState(page, 'blocked');

    const stranger = await browser.signIn('Bessie');
    await stranger.goto(`/dataset-migrations/migrations/${id}`);
    await stranger
      .getByRole('region', { name: 'Why this migration is blocked' })
      .waitFor();
    assert.equal(
      await stranger.getByRole('button', { name: 'Override…' }).count(),
      0,
    );
    assert.equal(
      await stranger.getByRole('button', { name: /^Accept: / }).count(),
      0,
    );
    const bessie = await world.clientOf('user:default/bessie');
    const { items, concernsId } = await bessie.getBlockers(id);
    const consumers = items.map(({ consumer }) => consumer.entityRef);
    await assert.rejects(
      bessie.overrideMigration(id, {
        reason: 'I want it',
        consumers,
        concernsId,
      }),
      /dataset\.migrate\.override/,
    );

    // One of several: its readers are broken by the others all the same.
    await page.getByRole('button', { name: /^Accept: latitude / }).click();
    const accepting = page.getByRole('dialog', { name: 'Accept this change?' });
    await accepting.getByText('Lounge locator').waitFor();
    await accepting.getByLabel(/Reason/).fill('Six digits are a hand wide');
    await accepting.getByRole('button', { name: 'Accept change' }).click();
    await page
      .getByRole('table', { name: 'Changes' })
      .getByText(/Six digits are a hand wide/)
      .waitFor();
    const { changes } = await bessie.getMigration(id);
    assert.deepEqual(
      changes
        .filter(({ accepted }) => accepted)
        .map(({ from, effect, accepted }) => [from, effect, accepted!.was]),
      [['latitude', 'risky', 'breaking']],
    );

    await page.getByRole('button', { name: 'Override…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Break 2 consumers?' });
    await dialog.getByText('Lounge locator').waitFor();
    await dialog.getByLabel(/Reason/).fill('Both teams agreed');
    await dialog.getByRole('button', { name: 'Override and go on' }).click();
    await inState(page, 'succeeded');
    await eventually('those whom it breaks were told', async () => {
      const told = await world.client.listDeliveries({
        migrationId: id,
        state: 'delivered',
        limit: 100,
      });
      return ['group:default/airport-apps', 'group:default/pricing'].every(
        ref =>
          told.items.some(
            ({ consumerRef, eventType }) =>
              consumerRef === ref && eventType.endsWith('.overridden'),
          ),
      );
    });
  });

  it('migrates from a template', async () => {
    const page = await browser.signIn('Marie');
    await page.goto('/create/templates/default/migrate-dataset');
    await page.getByRole('textbox', { name: 'Dataset' }).fill('seattle');
    await page.getByRole('option', { name: /seattle/i }).click();
    const version = page.getByRole('button', { name: /^Version/ });
    await version.getByText('1.1.0').waitFor();
    for (const name of ['Next', 'Review', 'Create']) {
      await page.getByRole('button', { name, exact: true }).click();
    }
    await eventually('the template has migrated the dataset', async () => {
      const dataset = await world.client.getDataset(
        'resource:default/seattle-weather',
      );
      return dataset.currentVersion === '1.1.0';
    });
    await page
      .getByText(/succeeded/)
      .first()
      .waitFor();
    await browser.picture(page, 'template');
  });
});

async function migratePage(page: Page, name: string, version: string) {
  await page.goto(
    `/dataset-migrations/migrate/resource/default/${name}?version=${version}`,
  );
  await page.getByText('Plan', { exact: true }).first().waitFor();
}

async function start(page: Page) {
  await page.getByRole('button', { name: 'Start migration' }).click();
  await page.waitForURL(/\/dataset-migrations\/migrations\//);
}

/** Waits for the page to say the state; gives the id of its migration. */
async function inState(page: Page, state: string): Promise<string> {
  await page.getByText(state, { exact: true }).first().waitFor();
  return page.url().split('/').at(-1)!;
}
