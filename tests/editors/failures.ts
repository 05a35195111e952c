// What there is to see of a failure: in words in the test's output, as a picture and the extension's log in build/editors.

import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Editor } from './editor.ts';
import type { Workbench } from './workbench.ts';

const FOLDER = join(import.meta.dirname, '../../build/editors');

/** As much of the log as tells what happened last. */
const LINES = 30;

let count = 0;

/** Never an exception: it would stand in the place of the failure. */
export async function failure(editor: Editor, code: Workbench, name: string): Promise<void> {
  try {
    const place = await placeFor(name);
    const log = await editor.log();
    await writeFile(`${place}.log`, log);
    console.error(`${name}\n${log.split('\n').slice(-LINES).join('\n')}`);
    console.error(`${JSON.stringify(await inView(code.page), null, 2)}\nSee ${place}.png and ${place}.log`);
    await code.shot(`${place}.png`);
  } catch (error) {
    console.error(`${name}: nothing more can be seen of it: ${error}`);
  }
}

/** As `failure`, of a page by itself. */
export async function pictureOfFailure(page: Page): Promise<void> {
  try {
    const path = `${await placeFor('page')}.png`;
    await page.screenshot({ path });
    console.error(`See ${path}`);
  } catch (error) {
    console.error(`There is no picture of the failure: ${error}`);
  }
}

/** A path without its ending, for this failure alone. */
async function placeFor(name: string): Promise<string> {
  await mkdir(FOLDER, { recursive: true });
  return join(FOLDER, `${basename(process.argv[1] ?? '', '.test.ts')}-${++count}-${name.replaceAll(/[^\w]+/g, '-').slice(0, 60)}`);
}

/** What a person would say that the window shows. */
function inView(page: Page): Promise<object> {
  return page.evaluate(() => {
    const seen = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)].filter((element) => element.offsetParent !== null);
    const texts = (selector: string): string[] => seen(selector).map((element) => element.innerText.replaceAll(/\s+/g, ' ').trim());
    const asked = seen('.quick-input-widget').length > 0;
    return {
      tabs: seen('.tab').map((tab) => `${tab.dataset['resourceName']}${tab.matches('.active') ? ' (active)' : ''}${tab.matches('.dirty') ? ' (dirty)' : ''}`),
      asked: asked && { title: texts('.quick-input-title'), input: document.querySelector<HTMLInputElement>('.quick-input-widget input.input')?.value, rows: texts('.quick-input-list .monaco-list-row'), message: texts('.quick-input-message') },
      notifications: texts('.notification-list-item'),
      dialog: texts('.monaco-dialog-box'),
      focus: document.activeElement?.outerHTML.slice(0, 200),
    };
  });
}
