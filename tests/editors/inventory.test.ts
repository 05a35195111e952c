// The models in use as a view in a real VS Code: asked for, grouped, followed into the text, kept true, saved to a file.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import type { Editor } from './editor.ts';
import { Scene, STAGEWRIGHT, story } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { cleanEnvironment, DOCS, FEATURE, folderOf, HOTFIX, HOTFIX_TEMPLATE, LISTS, TEMPLATE } from './world.ts';

const AGENT = '.claude/agents/reviewer.md';
const OPENCODE = 'opencode.json';
const REVIEWER = '---\nname: reviewer\ndescription: Reviews a change\nmodel: claude-opus-4-20250514\n---\n\nReview the change.\n';
const FILES = {
  [TEMPLATE]: FEATURE,
  [HOTFIX_TEMPLATE]: HOTFIX,
  [AGENT]: REVIEWER,
  [OPENCODE]: '{\n  "model": "openai/gpt-4-turbo",\n  "small_model": "openai/gpt-6-luna"\n}\n',
  'README.md': 'No model is named here.\n',
};

describe('the models in use', () => {
  let scene: Scene;
  let folder: Awaited<ReturnType<typeof folderOf>>;
  let editor: Editor;
  let code: Workbench;
  const path = (name: string): string => join(folder.path, name);

  before(async () => {
    scene = await Scene.open();
    await scene.loopback.control({ world: LISTS });
    folder = await folderOf(FILES);
    editor = await scene.editor();
    code = await scene.window(editor, folder.path, path('README.md'));
  });
  after(async () => {
    await editor?.close();
    await scene?.close();
    await folder?.remove();
  });

  const step = story(() => ({ editor, code }));
  const view = (): Locator => code.page.locator('.part.sidebar').filter({ has: code.page.locator('.title-label').getByText('Models in Use') });
  const row = (text: string | RegExp): Locator => code.page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row').filter({ hasText: text });
  const rows = (): Promise<string[]> => row('').evaluateAll((all) => all.map((one) => [one.querySelector('.label-name'), one.querySelector('.label-description')].map((part) => part?.textContent ?? '').join(' | ')));
  const showing = (expected: readonly (string | RegExp)[]): Promise<void> =>
    until(async () => {
      const shown = await rows();
      return shown.length === expected.length && expected.every((one, i) => (typeof one === 'string' ? shown[i]!.startsWith(one) : one.test(shown[i]!)));
    }, `the view shows ${expected.join('; ')}`, 60_000).catch(async (error) => assert.fail(`${error}\nIt shows: ${(await rows()).join('; ')}`));
  /** Makes room for what stands beside the names. */
  async function widen(): Promise<void> {
    const { x, width, y } = (await code.page.locator('.part.sidebar').boundingBox())!;
    await code.page.mouse.move(x + width + 1, y + 400);
    await code.page.mouse.down();
    await code.page.mouse.move(x + width + 141, y + 400, { steps: 5 });
    await code.page.mouse.up();
  }
  /** Unfolds or folds a row. */
  const toggle = (text: string | RegExp): Promise<void> => row(text).first().locator('.monaco-tl-twistie').click();

  step('it takes no place, and no server is started for it, before somebody asks', async () => {
    await code.opened('README.md');
    await code.page.locator('.activitybar').waitFor();
    assert.equal(await code.page.locator('.activitybar .action-item').filter({ has: code.page.locator('[aria-label^="Models in Use"]') }).count(), 0);
  });

  step('the command shows which models are named, and how each stands', async () => {
    await code.command('Stagewright: Show Models in Use');
    await view().waitFor();
    await showing([
      'claude-opus-4-20250514 | retired 2026-06-15 · anthropic · 1 place',
      'claude-opus-5-5 | usable · anthropic · 1 place',
      /^gpt-4-turbo \| deprecated, ends in 4[45] days · openai · 1 place$/,
      'gpt-5.4-mini | usable · openai · 2 places',
      'gpt-5.5-mini | not available · openai · 1 place',
      'gpt-6-luna | usable · openai · 1 place',
    ]);
    await view().getByText('6 models in 7 places, by model.').waitFor();
  });

  step('a place is opened where the model stands', async () => {
    await toggle('claude-opus-4-20250514');
    await row('reviewer.md:4').click();
    await code.opened('reviewer.md');
    await code.page.locator('[id="status.editor.selection"]').filter({ hasText: 'Ln 4, Col 30 (22 selected)' }).waitFor();
  });

  step('by file', async () => {
    await code.command('Stagewright: Models in Use by File');
    await showing([/^feature\.yaml \| .* · 2 places · 1 model to look at$/, /^hotfix\.yaml \| .* · 2 places$/, 'reviewer.md | .claude/agents · 1 place · 1 model to look at', 'opencode.json | 2 places · 1 model to look at']);
    await toggle('opencode.json');
    await row(/gpt-4-turbo.*line 2/).waitFor();
  });

  step('the soonest end first', async () => {
    await code.command('Stagewright: Models in Use, Soonest End First');
    await showing([
      'No longer available | 2 models',
      'claude-opus-4-20250514',
      'gpt-5.5-mini',
      'Ends within 90 days | 1 model',
      'gpt-4-turbo',
      'No end known | 3 models',
      'claude-opus-5-5',
      'gpt-5.4-mini',
      'gpt-6-luna',
    ]);
    await widen();
    await code.mouseAway();
    await code.shot(join(DOCS, 'models-in-use.png'), { x: 0, y: 30, width: 1280, height: 340 });
  });

  step('what is edited is told at once, though not saved', async () => {
    await code.openFile('hotfix.yaml');
    await code.select('gpt-5.4-mini');
    await code.page.keyboard.type('gpt-6-luna');
    await row(/gpt-6-luna.*2 places/).waitFor();
    await row(/gpt-5\.4-mini.*1 place/).waitFor();
  });

  step('it is saved as CSV and as JSON, as the command line prints it', async () => {
    await code.page.keyboard.press('Control+s');
    await code.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
    for (const format of ['csv', 'json']) {
      const target = path(`models.${format}`);
      const env = cleanEnvironment(scene.home.path, scene.loopback.environ);
      const { stdout } = await promisify(execFile)(STAGEWRIGHT, ['inventory', '--format', format], { cwd: folder.path, env });
      await code.command('Stagewright: Export Models in Use');
      await code.answer('Export the models in use', target);
      await code.notification(`saved to models.${format}`).waitFor();
      assert.equal(await readFile(target, 'utf8'), stdout);
      await rm(target);
    }
  });

  step('a model is changed from its place, in a file that no window shows', async () => {
    await code.command('Stagewright: Models in Use by File');
    await toggle('opencode.json');
    const place = row(/^gpt-4-turbo.*line 2/);
    const asked = code.asked('Change openai/gpt-4-turbo to');
    await until(async () => {
      if (await asked.count()) return true;
      await place.hover({ timeout: 3000 });
      await place.getByRole('button', { name: /^Change Model/ }).click({ timeout: 3000 });
      await asked.waitFor({ timeout: 20_000 });
      return true;
    }, 'it asks for the model');
    await code.choose('Change openai/gpt-4-turbo to', 'gpt-6.1', 'gpt-6.1-sol');
    await row(/gpt-6\.1-sol.*line 2/).waitFor();
    await row(/gpt-4-turbo/).waitFor({ state: 'detached' });
  });

  step('what another program changed is there after a refresh', async () => {
    await writeFile(path('.claude/agents/second.md'), REVIEWER.replace('claude-opus-4-20250514', 'claude-haiku-5-5'));
    await code.command('Stagewright: Refresh Models in Use');
    await row(/^second\.md.*1 place$/).waitFor();
  });


  step('after a reload it waits to be asked, and no server is started for it', async () => {
    await code.command('File: Save All Files');
    await code.command('View: Close All Editors');
    await code.page.locator('.tab').first().waitFor({ state: 'detached' });
    await code.page.reload();
    const ask = code.page.locator('.part.sidebar').getByText('Show Models in Use');
    await until(async () => {
      await code.page.locator('.activitybar a.action-label[aria-label^="Models in Use"]').first().click({ timeout: 5000 });
      await ask.waitFor({ timeout: 10_000 });
      return true;
    }, 'the view is there, and asks');
    await ask.click();
    await row(/^reviewer\.md/).waitFor();
    assert.equal((await editor.log()).match(/Starting Stagewright/g)?.length, 2, 'once for the command, once for the button');
  });
});
