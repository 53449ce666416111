import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../scripts/lib/chromium.mjs';

/** Where screenshots go; nowhere when it is not set. Set to docs/images to renew the pictures. */
const gallery = process.env.SKEIN_SCREENSHOTS;

/**
 * How long a page may take to show something, the end of a migration included,
 * in milliseconds. It only keeps a broken run from hanging.
 */
const PATIENCE = 300_000;

/** A browser, and what tests do with it. */
export interface TestBrowser {
  /** A fresh page of somebody who has signed in. */
  signIn(user: string, options?: { dark?: boolean }): Promise<Page>;
  /** Takes a picture for the docs, when that was asked for; without passing toasts. */
  picture(page: Page, name: string): Promise<void>;
  close(): Promise<void>;
}

export async function startBrowser(url: string): Promise<TestBrowser> {
  const browser: Browser = await launchBrowser();
  return {
    async signIn(user, { dark } = {}) {
      const context = await browser.newContext({
        baseURL: url,
        viewport: { width: 1440, height: 1000 },
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
      });
      context.setDefaultTimeout(PATIENCE);
      const page = await context.newPage();
      await page.goto('/');
      await page.getByRole('button', { name: new RegExp(`^${user}`) }).click();
      await page.getByRole('link', { name: 'Datasets' }).first().waitFor();
      return page;
    },
    async picture(page, name) {
      if (!gallery) return;
      mkdirSync(gallery, { recursive: true });
      await page.screenshot({
        path: join(gallery, `${name}.png`),
        animations: 'disabled',
        style: '.notistack-SnackbarContainer { visibility: hidden; }',
      });
    },
    close: () => browser.close(),
  };
}
