import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Campaign } from '@skein/backstage-plugin-dataset-migrations-common';
import { Locator, Page } from 'playwright-core';
import { eventually } from '../../scripts/lib/eventually';
import { startBrowser, TestBrowser } from '../lib/browser';
import { DemoWorld, startDemoWorld } from '../lib/demoWorld';
import { inState } from '../lib/inState';
import { fillConsumers } from '../lib/manyConsumers';
import { fillMigrations } from '../lib/manyMigrations';
import { smallerNumbers } from '../lib/movies';

const MANY = 10_000;
const READERS = 5_000;

describe('the pages of the fleet', () => {
  let world: DemoWorld;
  let browser: TestBrowser;

  before(async () => {
    world = await startDemoWorld('fleet-pages');
    browser = await startBrowser(world.portal.url);
  });

  after(async () => {
    await browser?.close();
    await world?.stop();
  });

  it('lead from a dry run to migrated datasets, with a pause and a retry between', async () => {
    const { client } = world;
    const page = await browser.signIn('Grace');
    await page.getByRole('link', { name: 'Fleet' }).first().click();
    await page.getByText('No campaign yet').waitFor();
    await page.getByRole('button', { name: 'New campaign' }).click();

    await page.getByRole('textbox', { name: 'Title' }).fill('Next versions');
    await page.getByRole('radio', { name: /^List/ }).check();
    await page
      .getByRole('textbox', { name: 'Datasets' })
      .fill('birdstrikes, movies\nzipcodes seattle-weather');
    await page.getByText('4 datasets', { exact: true }).waitFor();
    await page.getByRole('radio', { name: /in a range/ }).check();
    await page.getByRole('textbox', { name: 'Range of versions' }).fill('<3');
    await page
      .getByRole('textbox', { name: 'At a time', exact: true })
      .fill('x');
    await page.getByRole('button', { name: 'Create campaign' }).click();
    await page.getByText('A whole number from 1.').waitFor();
    await page
      .getByRole('textbox', { name: 'At a time', exact: true })
      .fill('1');
    await page.getByRole('textbox', { name: 'Pause when' }).fill('');
    await browser.picture(page, 'new-campaign');
    await page.getByRole('button', { name: 'Create campaign' }).click();
    await page.waitForURL(/\/dataset-migrations\/campaigns\/[0-9a-f-]{36}$/);
    const id = page.url().split('/').at(-1)!;
    const campaign = () => client.campaigns.get(id);

    // The dry run changes nothing and says who would break.
    await page.getByRole('button', { name: 'Start campaign' }).waitFor();
    const planned = await campaign();
    assert.equal(planned.state, 'planned');
    assert.equal(planned.dryRun?.breaking, 2);
    assert.equal(
      (await client.listMigrations({ campaignId: id })).totalItems,
      0,
    );
    const row = (name: RegExp) => page.getByRole('row', { name });
    await row(/Wildlife strikes/)
      .getByText(/would break/)
      .waitFor();
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const csv = readFileSync(await (await saving).path(), 'utf8');
    assert.equal(csv.trim().split('\r\n').length, 5);
    assert.match(csv, /resource:default\/zipcodes/);

    // One at a time; what runs when it is paused goes on, nothing else begins.
    await page.getByRole('button', { name: 'Start campaign' }).click();
    await eventually('a migration has begun', async () => {
      const { counts, total } = await campaign();
      return counts.waiting < total;
    });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('paused', { exact: true }).waitFor();
    await eventually('what ran has ended', async () => {
      const { counts } = await campaign();
      return counts.active === 0;
    });
    const atRest = await campaign();
    assert.equal(atRest.state, 'paused');
    assert.ok(atRest.counts.waiting > 0, 'it was paused before its end');
    await page.getByRole('button', { name: 'Resume' }).click();

    // A poisoned dataset and a blocked one hold nobody else back.
    await ended(campaign, { succeeded: 1, failed: 1, blocked: 2 });
    await page.getByRole('button', { name: 'Retry failed (1)' }).waitFor();
    await page
      .getByRole('button', { name: /failed/ })
      .filter({ hasText: 'cannot be computed as integer' })
      .click();
    await page.getByText(/gross/i).first().waitFor();
    await page
      .getByRole('link', { name: 'Open its migration' })
      .first()
      .waitFor();
    await browser.picture(page, 'campaign');
    await page.getByRole('button', { name: '1 failed', exact: true }).click();
    await row(/Movies/i)
      .getByText('failed', { exact: true })
      .waitFor();
    await page.waitForURL(/state=failed/);
    await page.reload();
    await row(/Movies/i)
      .getByText('failed', { exact: true })
      .waitFor();
    assert.equal(await row(/Seattle/i).count(), 0);

    const file = join(world.filesRoot, 'movies/movies.ndjson');
    writeFileSync(file, smallerNumbers(readFileSync(file, 'utf8')));
    await page.getByRole('button', { name: 'Retry failed (1)' }).click();
    await ended(campaign, { succeeded: 2, failed: 0, blocked: 2 });

    await row(/Movies/i).waitFor({ state: 'detached' });
    await page
      .getByRole('button', { name: '2 succeeded', exact: true })
      .click();
    await row(/Movies/i)
      .getByRole('link', { name: 'Open its migration' })
      .click();
    await page.getByText('succeeded', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: 'Next versions' }).click();
    await page.waitForURL(new RegExp(`/campaigns/${id}`));

    await page.getByRole('button', { name: 'Cancel campaign' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: 'Cancel campaign' })
      .click();
    await page.getByText('cancelled', { exact: true }).first().waitFor();
  });

  it('do not let a stranger create a campaign, and say so', async () => {
    const page = await browser.signIn('Bessie');
    await page.goto('/dataset-migrations/campaigns/new');
    await page.getByText('You may not create campaigns').waitFor();
  });

  it(`carry ${MANY} migrations, and keep what was filtered over a reload`, async () => {
    await fillMigrations(world.postgres.connectionString, MANY);
    const page = await browser.signIn('Grace', { dark: true });
    await page.goto('/dataset-migrations/fleet?range=1h');
    await page.getByRole('table', { name: 'Campaigns' }).waitFor();
    await page.getByRole('figure').first().waitFor();
    await page
      .getByRole('row', { name: /process/ })
      .first()
      .waitFor();
    await page
      .getByRole('button', { name: /100.*failed.*rows do not cast/ })
      .waitFor();
    await browser.picture(page, 'fleet-dark');

    await page.getByRole('link', { name: 'Migrations' }).first().click();
    await page.getByText(/^1–100 of 10,0\d\d$/).waitFor();
    const migrations = page.getByRole('table', { name: 'Migrations' });
    assert.equal(await drawnRows(migrations), 1 + 100, 'the head and one page');
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText(/^101–200 of 10,0\d\d$/).waitFor();
    await page
      .getByRole('searchbox', { name: 'Search migrations' })
      .fill('old-099');
    await page.getByText('100 migrations').waitFor();
    await page.getByRole('button', { name: /^State/ }).click();
    await page.getByRole('option', { name: 'failed' }).click();
    await page.keyboard.press('Escape');
    await page.getByText('1 migration', { exact: true }).waitFor();
    await page.reload();
    await page.getByText('1 migration', { exact: true }).waitFor();
    await page.getByRole('row', { name: /old-09900/ }).waitFor();
    assert.equal(await drawnRows(migrations), 1 + 1, 'the head and the one');
  });

  it(`carry ${READERS} consumers of a dataset, and what is asked of each`, async () => {
    const { client } = world;
    const datasetRef = 'resource:default/flights-table';
    await fillConsumers(world.postgres.connectionString, {
      datasetRef,
      field: 'delay',
      count: READERS,
    });
    const all = (await client.getConsumers(datasetRef)).items.length;
    assert.ok(all > READERS);
    const page = await browser.signIn('Grace', { dark: true });
    await page.goto('/catalog/default/resource/flights-table/consumers');
    await page.locator(`table[aria-rowcount="${all + 1}"]`).waitFor();
    await page.getByText('Reader 00001').waitFor();
    assert.ok((await drawnRows(page)) < 60, 'only what is in sight is drawn');
    await browser.picture(page, 'consumers-many-dark');
    await page
      .getByRole('searchbox', { name: 'Search consumers' })
      .fill('reader-04711');
    await page.getByText('Reader 00001').waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('row', { name: /^Reader/ }).count(), 1);

    const { id } = await client.startMigration({
      datasetRef,
      targetVersion: '2.0.0',
      policy: 'switch',
    });
    await inState(client, id, 'blocked');
    await page.goto(`/dataset-migrations/migrations/${id}`);
    const board = page.getByRole('region', {
      name: 'Consumers of the migration',
    });
    await board.getByText(/^1–200 of 5,00\d$/).waitFor();
    await board.scrollIntoViewIfNeeded();
    await browser.picture(page, 'board-many-dark');
    const saving = page.waitForEvent('download');
    await board.getByRole('button', { name: 'Download CSV' }).click();
    const csv = readFileSync(await (await saving).path(), 'utf8');
    assert.equal(csv.trim().split('\r\n').length, all + 1);
    await client.cancelMigration(id);
  });
});

/** Waits until so many datasets of a campaign are in each of these states. */
async function ended(
  campaign: () => Promise<Campaign>,
  expected: Partial<Campaign['counts']>,
): Promise<void> {
  await eventually(`the datasets are ${JSON.stringify(expected)}`, async () => {
    const { counts } = await campaign();
    return Object.entries(expected).every(
      ([state, count]) => counts[state as keyof typeof counts] === count,
    );
  });
}

function drawnRows(within: Page | Locator): Promise<number> {
  return within.getByRole('row').count();
}
