// Diagnostics in a real VS Code: where the links of their codes lead, and that they follow files which are closed.

import { readFile, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { Place } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { FEATURE, HOTFIX_TEMPLATE, TEMPLATE } from './world.ts';

const RIGHT = FEATURE.replace('gpt-5.5-mini', 'gpt-5.4-mini');
const OTHER = RIGHT.replace(/^name: .*$/m, 'name: other');

describe('diagnostics', () => {
  const at = new Place({ [TEMPLATE]: FEATURE, [HOTFIX_TEMPLATE]: OTHER });
  const heading = (code: Workbench) => code.panel().locator('h2', { hasText: 'model-unavailable' });
  async function leadsToItsSection(code: Workbench): Promise<void> {
    await heading(code).waitFor();
    await until(async () => {
      const box = await heading(code).boundingBox();
      return box !== null && box.y >= 0 && box.y < 500;
    }, 'the section of the code is in view');
  }

  test("a code's link opens the page, rendered, at the code's heading", () =>
    at.inWindow(TEMPLATE, async (code) => {
      await code.opened('feature.yaml');
      const row = await code.problems('gpt-5.5-mini');
      await row.first().locator('a').filter({ hasText: 'model-unavailable' }).click();
      await leadsToItsSection(code);
    }));

  test('so it does in a hover', () =>
    at.inWindow(TEMPLATE, async (code) => {
      await code.opened('feature.yaml');
      await code.problems('gpt-5.5-mini');
      await code.page.keyboard.press('Control+j');
      await code.problem('').first().waitFor({ state: 'hidden' });
      await code.cursorAfter('gpt-5.5-mini');
      await code.page.keyboard.press('ArrowLeft');
      const hover = await code.hoverAtCursor('model-unavailable');
      await hover.locator('a.code-link').filter({ hasText: 'model-unavailable' }).click();
      await leadsToItsSection(code);
    }));

  test('a file that was closed is checked again when it changes on disk', () =>
    at.inWindow(HOTFIX_TEMPLATE, async (code, path) => {
      await code.opened('hotfix.yaml');
      await code.lens('Change model').first().waitFor();
      await code.cursorAfter('gpt-5.4-mini');
      await code.page.keyboard.type('-x');
      await code.save(async () => (await readFile(path(HOTFIX_TEMPLATE), 'utf8')).includes('gpt-5.4-mini-x'));
      const row = (await code.problems('gpt-5.4-mini-x')).first();
      await code.command('View: Close All Editors');
      await code.page.locator('.tab').first().waitFor({ state: 'detached' });
      await row.waitFor();
      await writeFile(path(HOTFIX_TEMPLATE), OTHER);
      await row.waitFor({ state: 'detached' });
    }));
});
