// The extension in a real VS Code, from the VSIX on, against loopback providers: what a user does on the first day.
// The pictures in the README are taken here.

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { Editor, failure, launchBrowser, SLOW, until, Workbench } from './workbench.ts';
import { cleanEnvironment, DOCS, FEATURE, folderOf, Loopback, ROOT, TEMPLATE } from './world.ts';

/** High enough for a conversation of two turns. */
const VIEWPORT = { width: 1280, height: 940 };

let loopback: Loopback;
let folder: Awaited<ReturnType<typeof folderOf>>;
let home: Awaited<ReturnType<typeof folderOf>>;
let browser: Browser;
let editor: Editor;
let code: Workbench;

const shot = (name: string): Promise<void> => code.shot(join(DOCS, `${name}.png`));
const template = (): Promise<string> => readFile(join(folder.path, TEMPLATE), 'utf8');

before(async () => {
  await mkdir(DOCS, { recursive: true });
  [loopback, folder, home, browser] = await Promise.all([Loopback.start(), folderOf({ [TEMPLATE]: FEATURE, '.vscode/settings.json': '{}' }), folderOf({}, 'stagewright-home-'), launchBrowser()]);
  const [vsix] = (await readdir(join(ROOT, 'dist'))).filter((name) => name.endsWith('.vsix'));
  editor = await Editor.start({ vsix: join(ROOT, 'dist', vsix!), env: cleanEnvironment(home.path, loopback.environ) });
  code = new Workbench(await browser.newPage({ viewport: VIEWPORT, locale: 'en-GB' }));
});

after(async () => {
  await browser?.close();
  await editor?.close();
  loopback?.close();
  await Promise.all([folder?.remove(), home?.remove()]);
});

let broken = false;

/** A step of the story: each stands on those before it, so the first that fails ends it. */
function step(name: string, action: () => Promise<void>): void {
  test(name, async () => {
    assert.ok(!broken, 'an earlier step failed');
    try {
      await action();
    } catch (error) {
      broken = true;
      await failure(editor, code, name);
      throw error;
    }
  });
}

describe('on the first day', () => {
  step('the managed environment comes up by itself', async () => {
    await code.goto(editor.address(folder.path, join(folder.path, TEMPLATE)));
    await code.opened('feature.yaml');
    const setup = code.notification('Setting up Stagewright');
    await setup.waitFor({ timeout: SLOW });
    await setup.filter({ hasText: /fetching|installing/ }).waitFor({ timeout: SLOW });
    await shot('setup');
    await setup.waitFor({ state: 'detached', timeout: 300_000 });
    await until(async () => /Stagewright 0\.1\.0 is running/.test(await editor.log()), 'the server runs', 120_000);
    const environments = await readdir(join(editor.data, 'User/globalStorage/stagewright.stagewright'));
    assert.equal(environments.filter((name) => name.startsWith('server-')).length, 1);
  });

  step('the providers and their state stand in the language status', async () => {
    await until(async () => {
      await code.page.locator('[id="status.languageStatus"]').hover();
      await code.page.locator('.hover-language-status').filter({ hasText: '2 providers ready' }).waitFor({ timeout: 3000 });
      return true;
    }, 'both providers are ready');
    await shot('providers');
    await code.page.keyboard.press('Escape');
    await code.page.mouse.move(600, 500);
  });

  step('completes a model from the live list', async () => {
    await code.select('gpt-5.5-mini');
    const rows = code.page.locator('.editor-instance .suggest-widget.visible .monaco-list-row');
    await until(async () => {
      await code.page.keyboard.press('Control+Space');
      await rows.filter({ hasText: 'gpt-6.1-sol' }).first().waitFor({ timeout: 3000 });
      return true;
    }, 'models are offered');
    await shot('completion');
    await code.page.keyboard.press('Escape');
  });

  step('shows the unavailable model in Problems, and its quick fix mends it', async () => {
    await code.page.keyboard.press('Control+Shift+M');
    const problem = code.page.locator('.markers-panel .monaco-list-row').filter({ hasText: 'gpt-5.5-mini' });
    await problem.first().waitFor({ timeout: SLOW });
    await code.cursorAfter('gpt-5.5-mini');
    const fix = code.page.locator('.action-widget .monaco-list-row').filter({ hasText: /gpt-5\.4-mini/ });
    await until(async () => {
      await code.page.keyboard.press('Escape'); // pressed twice, the shortcut would take the first fix
      await code.page.keyboard.press('Control+.');
      await fix.first().waitFor({ timeout: 3000 });
      return true;
    }, 'the quick fix is offered');
    await shot('problem');
    await fix.first().click();
    await problem.first().waitFor({ state: 'detached', timeout: SLOW });
    await code.page.keyboard.press('Control+j');
    await code.save();
    assert.match(await template(), /provider: openai\n {6}model: gpt-5\.4-mini\n/);
  });

  step("changes a stage's model by the quick pick", async () => {
    await code.clickLens(code.lens('Change model').last(), code.row('current'));
    await shot('change-model');
    await code.choose('haiku-5', 'claude-haiku-5-5');
    await code.page.locator('.view-line').filter({ hasText: 'claude-haiku-5-5' }).waitFor({ timeout: SLOW });
    await code.save();
    assert.match(await template(), /- name: review\n {4}type: review\n(?: {4}gate:\n {6}type: auto\n)? {4}defaultModel:\n {6}provider: anthropic\n {6}model: claude-haiku-5-5\n/);
  });
});

describe('a stage chat', () => {
  const panel = () => code.panel();
  const answers = () => panel().locator('.message.answer:not(.streaming)');
  const say = async (text: string): Promise<void> => {
    await panel().getByRole('textbox', { name: 'Message' }).fill(text);
    await panel().getByRole('button', { name: 'Send' }).click();
  };
  const workflowFile = async (): Promise<{ messages: { role: string; content: string; model?: object; metadata?: { partial?: boolean } }[]; currentStage: number }> => {
    const names = (await readdir(join(folder.path, '.choragen/workflows'))).filter((name) => /^WF-.*\.json$/.test(name));
    return JSON.parse(await readFile(join(folder.path, '.choragen/workflows', names.sort().at(-1)!), 'utf8'));
  };

  step('two turns, the model switched in between, both badges', async () => {
    await loopback.control({ chats: [{ text: FIRST }, { text: SECOND }] });
    await code.clickLens(code.lens('Chat').first(), code.page.locator('.tab').filter({ hasText: 'feature: design' }));
    await panel().locator('.panel[data-ready="true"]').waitFor({ timeout: SLOW });
    await say('How should the list of models be cached?');
    await answers().filter({ hasText: 'fingerprint' }).waitFor({ timeout: SLOW });

    await panel().locator('.model-button').click();
    await panel().getByRole('option', { name: 'gpt-6.1-sol' }).waitFor({ timeout: SLOW });
    await shot('switch-model');
    await panel().getByRole('combobox').fill('6.1');
    await code.page.keyboard.press('Enter');
    await panel().locator('.model-button').filter({ hasText: 'gpt-6.1-sol' }).waitFor({ timeout: SLOW });
    await say('And when two windows refresh at the same time?');
    await answers().filter({ hasText: 'file lock' }).waitFor({ timeout: SLOW });

    assert.deepEqual(await panel().locator('.badge .model-name').allInnerTexts(), ['anthropic/claude-opus-5-5', 'openai/gpt-6.1-sol']);
    const { messages } = await workflowFile();
    assert.deepEqual(messages.filter((m) => m.role === 'control').map((m) => m.model), [{ provider: 'anthropic', model: 'claude-opus-5-5' }, { provider: 'openai', model: 'gpt-6.1-sol' }]);
  });

  step('readable in each theme and in a narrow column', async () => {
    for (const [name, theme, kind] of [['chat-light', 'Default Light Modern', 'vscode-light'], ['chat-high-contrast', 'Default High Contrast', 'vscode-high-contrast'], ['chat', 'Default Dark Modern', 'vscode-dark']] as const) {
      await writeFile(join(folder.path, '.vscode/settings.json'), JSON.stringify({ 'workbench.colorTheme': theme }));
      await panel().locator(`body.${kind}`).waitFor({ timeout: SLOW });
      await panel().locator('.badge').last().hover();
      await shot(name);
    }
  });

  step('a stream can be stopped; what came is kept', async () => {
    await loopback.control({ chats: [{ text: LONG, piece: 12, delay: 0.15 }] });
    await say('Describe the refresh in detail.');
    await panel().locator('.streaming .markdown').filter({ hasText: 'Step 2' }).waitFor({ timeout: SLOW });
    await shot('streaming');
    await panel().getByRole('button', { name: 'Stop' }).click();
    await panel().locator('.partial').filter({ hasText: 'Stopped' }).waitFor({ timeout: SLOW });
    const last = (await workflowFile()).messages.at(-1)!;
    assert.equal(last.metadata?.partial, true);
    assert.ok(LONG.startsWith(last.content) && last.content.length < LONG.length);
  });

  step('the window is reloaded in mid-answer and nothing is lost', async () => {
    await loopback.control({ chats: [{ text: LONG, piece: 12, delay: 0.15 }] });
    await say('Once more, please.');
    await panel().locator('.streaming .markdown').filter({ hasText: 'Step 1' }).waitFor({ timeout: SLOW });
    await panel().getByRole('textbox', { name: 'Message' }).fill('An unsent thought');
    await until(async () => (await editor.storage('drafts.json')).includes('An unsent thought'), 'the draft is kept');
    await code.goto(editor.address(folder.path)); // as a reload, without the file that the first address opened
    await panel().locator('.panel[data-ready="true"]').waitFor({ timeout: SLOW });
    await panel().locator('.message.human').filter({ hasText: 'Once more, please.' }).waitFor({ timeout: SLOW });
    const answer = panel().locator('.message.answer').last();
    await answer.filter({ hasText: 'Step 1' }).waitFor({ timeout: SLOW });
    assert.equal(await panel().getByRole('textbox', { name: 'Message' }).inputValue(), 'An unsent thought');
    assert.equal(await panel().locator('.badge').count(), 4);
    await until(async () => (await workflowFile()).messages.at(-1)!.content.includes('Step 1'), 'the answer is on disk');
    await shot('restored');
  });

  step('the gate is approved and the workflow advances', async () => {
    await panel().getByRole('button', { name: 'Approve' }).click();
    await panel().getByRole('button', { name: 'Advance to implementation' }).click();
    await panel().locator('.stage.current').filter({ hasText: 'implementation' }).waitFor({ timeout: SLOW });
    await panel().locator('.commands').filter({ hasText: 'make check' }).waitFor({ timeout: SLOW });
    await shot('gate');
    assert.equal((await workflowFile()).currentStage, 1);
    await panel().getByRole('button', { name: 'The checks passed' }).click();
    await code.page.locator('.monaco-dialog-box').filter({ hasText: 'make test' }).waitFor({ timeout: SLOW });
    await code.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Confirm' }).click();
    await panel().getByRole('button', { name: 'Advance to review' }).waitFor({ timeout: SLOW });
  });

  step('a refused answer says why, and another model answers', async () => {
    await panel().getByRole('button', { name: 'Advance to review' }).click();
    await panel().locator('.stage.current').filter({ hasText: 'review' }).waitFor({ timeout: SLOW });
    await loopback.control({ chats: [{ status: 404, body: { type: 'error', error: { type: 'not_found_error', message: 'model: claude-haiku-5-5' } } }, { text: 'It reads well.' }] });
    await say('Please review.');
    await panel().locator('.card.failure').waitFor({ timeout: SLOW });
    await panel().locator('.card.failure').getByRole('button', { name: 'Retry with another model' }).click();
    await panel().getByRole('combobox').fill('gpt-6.1');
    await code.page.keyboard.press('Enter');
    await answers().filter({ hasText: 'It reads well.' }).waitFor({ timeout: SLOW });
    assert.equal((await workflowFile()).messages.filter((m) => m.content === 'Please review.').length, 1);
  });

  step('the history lists the workflow, and another chat can be opened beside it', async () => {
    await panel().getByRole('button', { name: 'All workflows' }).click();
    await panel().locator('.workflow').filter({ hasText: 'review' }).waitFor({ timeout: SLOW });
    await shot('history');
    await panel().getByRole('button', { name: 'Back to the chat' }).click();
  });

  step('a workflow is discarded for a reason, and says so', async () => {
    await code.command('Stagewright: Discard Workflow');
    await code.page.locator('.quick-input-widget:visible input.input').fill('Superseded by another request');
    await code.page.keyboard.press('Enter');
    await panel().locator('.composer.closed').filter({ hasText: 'Discarded' }).waitFor({ timeout: SLOW });
    assert.ok((await workflowFile()).messages.some((m) => m.content.includes('Superseded by another request')));
  });
});

describe('the whole workspace', () => {
  step('a model is replaced everywhere, after a preview', async () => {
    await code.command('Stagewright: Replace Model Everywhere');
    await code.choose('gpt-5.4-mini');
    await code.page.locator('.quick-input-title').filter({ hasText: 'Replace openai/gpt-5.4-mini by' }).waitFor({ timeout: SLOW });
    await code.choose('gpt-6-luna');
    const dialog = code.page.locator('.monaco-dialog-box').filter({ hasText: 'feature.yaml: 1' });
    await dialog.waitFor({ timeout: SLOW });
    await shot('replace');
    await dialog.getByRole('button', { name: 'Replace' }).click();
    await code.notification('Replaced 1 use in 1 file').waitFor({ timeout: SLOW });
    await until(async () => (await code.page.locator('.view-lines').first().innerText()).includes('gpt-6-luna'), 'the template shows the other model');
    await code.cursorAfter('gpt-6-luna');
    await code.save();
  });

  step('a new template has nothing to complain of', async () => {
    await code.command('Stagewright: New Template');
    await code.page.locator('.quick-input-widget:visible input.input').fill('hotline');
    await code.page.keyboard.press('Enter');
    await code.opened('hotline.yaml');
    await code.page.locator('.view-line').filter({ hasText: 'hotline' }).first().waitFor({ timeout: SLOW });
    await code.page.keyboard.press('Escape');
    await code.save();
    const text = await readFile(join(folder.path, '.choragen/workflow-templates/hotline.yaml'), 'utf8');
    assert.match(text, /^name: hotline\ndisplayName: hotline\nstages:\n {2}- name: design\n {4}type: design\n/);
    await code.lens('Chat').first().waitFor({ timeout: SLOW });
    await code.page.keyboard.press('Control+Shift+M');
    const problems = code.page.locator('.markers-panel .monaco-list-row');
    await problems.filter({ hasText: 'feature.yaml' }).waitFor({ timeout: SLOW }); // whose model was refused
    assert.equal(await problems.filter({ hasText: 'hotline.yaml' }).count(), 0);
  });
});

const FIRST = `Three parts, each with one duty:

1. **A key** made of provider, origin and a *fingerprint* of the API key. It never holds the key itself.
2. **An expiry** of \`300\` seconds. A failed refresh never replaces a good list.
3. **A lock**, so that several windows ask once.

\`\`\`python
def fresh(entry: Entry, now: datetime) -> bool:
    return now - entry.checked_at < timedelta(seconds=300)
\`\`\``;

const SECOND = 'One of them takes the **file lock** and asks the provider; the other waits and reads what it wrote.';

const LONG = Array.from({ length: 12 }, (_, i) => `**Step ${i + 1}.** The registry looks at the age of the list, and decides whether it must be asked for again.`).join('\n\n');
