// A browser for the chat panel by itself: one for each test file, a page for each test, on which nothing may go wrong.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './editor.ts';
import { pictureOfFailure } from './failures.ts';
import { openPanel, type PanelPage, type Theme } from './panel-page.ts';
import { SLOW } from './waiting.ts';

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
});
after(() => browser.close());

export function withPanel(options: { theme?: Theme; width?: number }, use: (panel: PanelPage, page: Page) => Promise<void>): Promise<void> {
  return withPage(async (page) => use(await openPanel(page, options.theme ?? 'dark'), page), options.width);
}

export async function withPage(use: (page: Page) => Promise<void>, width = 760): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce', locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(SLOW);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (entry) => entry.type() === 'error' && errors.push(entry.text()));
  try {
    await use(page);
    assert.deepEqual(errors, []);
  } catch (error) {
    await pictureOfFailure(page);
    throw error;
  } finally {
    await context.close();
  }
}
