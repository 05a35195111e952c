// Diagnostics in a real VS Code: where the links of their codes lead, and that they follow files which are closed.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Scene } from './scene.ts';
import { SLOW, until, type Editor, type Workbench } from './workbench.ts';
import { FEATURE, folderOf, HOTFIX_TEMPLATE, TEMPLATE } from './world.ts';

const RIGHT = FEATURE.replace('gpt-5.5-mini', 'gpt-5.4-mini');
const OTHER = RIGHT.replace(/^name: .*$/m, 'name: other');

describe('diagnostics', () => {
  let scene: Scene;
  let folder: Awaited<ReturnType<typeof folderOf>>;
  let editor: Editor;

  before(async () => {
    scene = await Scene.open();
    folder = await folderOf({ [TEMPLATE]: FEATURE, [HOTFIX_TEMPLATE]: OTHER });
    editor = await scene.editor();
  });
  after(async () => {
    await editor?.close();
    await scene?.close();
    await folder?.remove();
  });

  const path = (name: string): string => join(folder.path, name);
  const heading = (code: Workbench) => code.panel().locator('h2', { hasText: 'model-unavailable' });
  async function problem(code: Workbench, text: string) {
    await code.page.keyboard.press('Control+Shift+M');
    const row = code.page.locator('.markers-panel .monaco-list-row').filter({ hasText: text });
    await row.first().waitFor({ timeout: SLOW });
    return row.first();
  }
  async function leadsToItsSection(code: Workbench): Promise<void> {
    await heading(code).waitFor({ timeout: SLOW });
    await until(async () => {
      const box = await heading(code).boundingBox();
      return box !== null && box.y >= 0 && box.y < 500;
    }, 'the section of the code is in view');
  }

  test("a code's link opens the page, rendered, at the code's heading", () =>
    scene.inWindow(editor, folder.path, path(TEMPLATE), async (code) => {
      await code.opened('feature.yaml');
      const row = await problem(code, 'gpt-5.5-mini');
      await row.locator('a').filter({ hasText: 'model-unavailable' }).click();
      await leadsToItsSection(code);
    }));

  test('so it does in a hover', () =>
    scene.inWindow(editor, folder.path, path(TEMPLATE), async (code) => {
      await code.opened('feature.yaml');
      await problem(code, 'gpt-5.5-mini');
      await code.page.keyboard.press('Control+j');
      const link = code.page.locator('.monaco-hover a.code-link').filter({ hasText: 'model-unavailable' });
      await until(async () => {
        await code.cursorAfter('gpt-5.5-mini');
        await code.page.keyboard.press('ArrowLeft');
        await code.page.keyboard.press('Control+k');
        await code.page.keyboard.press('Control+i');
        await link.waitFor({ timeout: 3000 });
        return true;
      }, 'the hover is shown');
      await link.click();
      await leadsToItsSection(code);
    }));

  test('a file that was closed is checked again when it changes on disk', () =>
    scene.inWindow(editor, folder.path, path(HOTFIX_TEMPLATE), async (code) => {
      await code.opened('hotfix.yaml');
      await code.lens('Change model').first().waitFor({ timeout: SLOW });
      await code.cursorAfter('gpt-5.4-mini');
      await code.page.keyboard.type('-x');
      await code.save();
      const row = await problem(code, 'gpt-5.4-mini-x');
      await code.command('View: Close All Editors');
      await row.waitFor({ timeout: SLOW });
      await writeFile(path(HOTFIX_TEMPLATE), OTHER);
      await row.waitFor({ state: 'detached', timeout: SLOW });
    }));
});
