// One model in files of six formats, in one window of a real VS Code: found, completed, fixed and changed in each by the
// same gestures, then replaced in all of them at once.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import type { Locator } from 'playwright-core';
import type { Editor } from './editor.ts';
import { Scene, story } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { DOCS, folderOf, LISTS } from './world.ts';

const OLD = 'claude-opus-4-20250514'; // retired
const NEW = 'claude-haiku-5-5';

/** A format, its file, and its text with the old model. */
const FORMATS = [
  ['a GitHub Actions workflow', '.github/workflows/review.yml', `on: pull_request\njobs:\n  review:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: anthropics/claude-code-action@v1\n        with:\n          claude_args: --model ${OLD}\n`],
  ['OpenCode’s JSON', 'opencode.json', `{\n  "model": "anthropic/${OLD}"\n}\n`],
  ['the front matter of a Claude Code agent', '.claude/agents/reviewer.md', `---\nname: reviewer\ndescription: Reads what was written.\nmodel: ${OLD}\n---\n\nRead it twice.\n`],
  ['promptfoo’s YAML', 'promptfooconfig.yaml', `prompts: ["Hello"]\nproviders:\n  - anthropic:messages:${OLD}\n`],
  ['PR-Agent’s TOML', '.pr_agent.toml', `[config]\nmodel = "anthropic/${OLD}"\n`],
  ['Python', 'answer.py', `from anthropic import Anthropic\n\nAnthropic().messages.create(\n    model="${OLD}",\n    max_tokens=64,\n)\n`],
] as const;

/** Where the problem stands, as the Problems view says it: other files and VS Code itself have theirs. */
function placeIn(content: string): string {
  const before = content.slice(0, content.indexOf(OLD)).split('\n');
  return `[Ln ${before.length}, Col ${before.at(-1)!.length + 1}]`;
}

/** Files whose problem and fixes the README shows. */
const PICTURES: Record<string, string> = { 'review.yml': 'problem-actions', 'answer.py': 'problem-code' };

describe('one model in files of many formats', () => {
  let scene: Scene;
  let editor: Editor;
  let folder: Awaited<ReturnType<typeof folderOf>>;
  let code: Workbench;

  before(async () => {
    scene = await Scene.open();
    await scene.loopback.control({ world: LISTS });
    folder = await folderOf(Object.fromEntries(FORMATS.map(([, file, text]) => [file, text])));
    editor = await scene.editor();
    code = await scene.window(editor, folder.path, join(folder.path, FORMATS[0][1]));
  });
  after(async () => {
    await editor?.close();
    await scene?.close();
    await folder?.remove();
  });

  const step = story(() => ({ editor, code }));
  const text = (file: string): Promise<string> => readFile(join(folder.path, file), 'utf8');
  const line = (model: string): Locator => code.page.locator('.editor-instance .view-line').filter({ hasText: model });
  /** The upper part of the window, in which a short file has all there is to see. */
  const picture = async (name: string): Promise<void> => {
    await code.mouseAway();
    await code.shot(join(DOCS, `${name}.png`), { x: 0, y: 30, width: 1280, height: 400 });
  };
  const press = async (key: string, times: number): Promise<void> => {
    for (let i = 0; i < times; i++) await code.page.keyboard.press(key);
  };
  /** Puts the cursor behind a model's name, whatever closes it on its line. */
  const cursorBehind = async (model: string): Promise<void> => {
    await code.cursorAfter(model);
    await press('ArrowLeft', (await line(model).first().innerText()).trimEnd().length - (await line(model).first().innerText()).lastIndexOf(model) - model.length);
  };

  for (const [what, file, content] of FORMATS)
    step(`${what}: the problem is found, others are offered, it is fixed and changed`, async () => {
      const name = file.split('/').at(-1)!;
      if (file !== FORMATS[0][1]) await code.openFile(name);
      await code.opened(name);
      const ours = (await code.problems(OLD)).filter({ hasText: 'model-retired' }).filter({ hasText: placeIn(content) });
      await ours.waitFor();
      await code.cursorAfter(OLD); // the focus goes back from the problems

      await cursorBehind(OLD);
      await press('Shift+ArrowLeft', OLD.length);
      await code.suggestions('claude-opus-5-5'); // of a long list only the first rows are there
      if (name === 'opencode.json') await picture('completion-opencode');
      await code.page.keyboard.press('Escape');

      await cursorBehind(OLD);
      const fixes = await code.quickFixes(/claude-opus-5-5/);
      if (name in PICTURES) await picture(PICTURES[name]!);
      await fixes.first().click();
      await line('claude-opus-5-5').first().waitFor();
      await ours.waitFor({ state: 'detached' });

      await cursorBehind('claude-opus-5-5');
      await press('ArrowLeft', 2); // anywhere in it
      await code.command('Stagewright: Change Model');
      await code.choose(/^Change .*claude-opus-5-5 to/, 'haiku-5', NEW);
      await line(NEW).first().waitFor();
      await code.save(async () => (await text(file)) === content.replace(OLD, NEW));
    });

  step('in all of them it is replaced at once', async () => {
    await code.command('Stagewright: Replace Model Everywhere');
    await code.choose('Replace which model?', `anthropic/${NEW}`);
    await code.choose(`Replace anthropic/${NEW} with`, 'sonnet-5-5', 'claude-sonnet-5-5');
    await code.asked('with anthropic/claude-sonnet-5-5?').waitFor();
    await code.page.locator('.quick-input-widget:visible').getByRole('button', { name: 'OK' }).click();
    for (const [, file, content] of FORMATS) await until(async () => (await text(file)) === content.replace(OLD, 'claude-sonnet-5-5'), `${file} names the other`);
  });

  step('the whole workspace is checked, and what was looked at is listed', async () => {
    await code.command('Stagewright: Check Workspace');
    await code.press(/\d+ files checked: no problems\./, 'Show Files');
    for (const [, file] of FORMATS) await code.row(file.split('/').at(-1)!).first().waitFor();
    assert.equal(await code.page.locator('.quick-input-list .monaco-list-row').count(), FORMATS.length);
  });
});
