// The extension in a real VS Code, from the VSIX on, against loopback providers: what a user does on the first day.
// The pictures in the README are taken here.

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import type { Browser } from 'playwright-core';
import { FIRST, LONG, SECOND } from './answers.ts';
import { Editor, launchBrowser } from './editor.ts';
import { cutOff, faint } from './layout.ts';
import { inMidAnswer, story } from './scene.ts';
import { SLOW, until } from './waiting.ts';
import { montage, Workbench } from './workbench.ts';
import { cleanEnvironment, DOCS, FEATURE, folderOf, HOTFIX, HOTFIX_TEMPLATE, LISTS, Loopback, ROOT, TEMPLATE, writeSettings } from './world.ts';

/** Wide enough for a template and its chat; high enough for a whole template, or for a conversation of two turns. */
const LOW = { width: 1280, height: 820 };
const HIGH = { width: 1280, height: 976 };

let loopback: Loopback;
let folder: Awaited<ReturnType<typeof folderOf>>;
let home: Awaited<ReturnType<typeof folderOf>>;
let browser: Browser;
let editor: Editor;
let code: Workbench;

const picture = (name: string): string => join(DOCS, `${name}.png`);
/** A picture of the window with nothing under the mouse. */
const shot = async (name: string): Promise<void> => {
  await code.mouseAway();
  await code.shot(picture(name));
};
const template = (name = TEMPLATE): Promise<string> => readFile(join(folder.path, name), 'utf8');

before(async () => {
  await mkdir(DOCS, { recursive: true });
  folder = await folderOf({ [TEMPLATE]: FEATURE, [HOTFIX_TEMPLATE]: HOTFIX, '.vscode/settings.json': '{}' });
  home = await folderOf({}, 'home');
  browser = await launchBrowser();
  loopback = await Loopback.start();
  await loopback.control({ world: LISTS });
  const [vsix] = (await readdir(join(ROOT, 'dist'))).filter((name) => name.endsWith('.vsix'));
  editor = await Editor.start({ vsix: join(ROOT, 'dist', vsix!), env: cleanEnvironment(home.path, loopback.environ) });
  code = new Workbench(await browser.newPage({ viewport: LOW, locale: 'en-GB' }));
});

after(async () => {
  await browser?.close();
  await editor?.close();
  loopback?.close();
  await Promise.all([folder?.remove(), home?.remove()]);
});

const step = story(() => ({ editor, code }));

describe('on the first day', () => {
  step('the managed environment comes up by itself', async () => {
    await code.goto(editor.address(folder.path, join(folder.path, TEMPLATE)));
    await code.opened('feature.yaml');
    const setup = code.notification('Setting up Stagewright');
    await setup.waitFor();
    await setup.filter({ hasText: /fetching|installing/ }).waitFor();
    await shot('setup');
    await setup.waitFor({ state: 'detached', timeout: 600_000 });
    await until(async () => /Stagewright 0\.1\.0 is running/.test(await editor.log()), 'the server runs', 120_000);
    const environments = await readdir(join(editor.data, 'User/globalStorage/stagewright.stagewright'));
    assert.equal(environments.filter((name) => name.startsWith('server-')).length, 1);
  });

  step('each provider and its state stand in the language status', async () => {
    await code.languageStatus([/^Anthropic.*checked (just now|\d+ min ago).*Refresh/s, /^OpenAI.*checked (just now|\d+ min ago).*Refresh/s, /^Not configured.*more.*Set API Key/s, /^Stagewright.*the extension's own.*Actions/s]);
    await code.page.keyboard.press('Escape');
    await code.mouseAway();
  });

  step('completes a model from the live list', async () => {
    await code.command('View: Toggle Primary Side Bar Visibility');
    await code.select('claude-opus-5-5');
    await code.suggestions('claude-sonnet-5-5');
    const details = code.page.locator('.suggest-details').filter({ hasText: /Claude Opus 5\.5.*1M/s });
    await code.pressFor('Control+Space', details); // shows and hides them
    await code.page.keyboard.press('Control+Space');
    await details.waitFor({ state: 'hidden' });
    await code.pressFor('Control+Space', details); // now that they are known they have the room that they need
    await shot('completion');
    await code.page.keyboard.press('Escape');
  });

  step('shows the unavailable model in Problems, and its quick fix fixes it', async () => {
    await code.page.setViewportSize(HIGH);
    const problem = await code.problems('gpt-5.5-mini');
    await code.cursorAfter('gpt-5.5-mini');
    const fixes = await code.quickFixes(/gpt-5\.4-mini/);
    await shot('problem');
    await fixes.first().click();
    await problem.first().waitFor({ state: 'detached' });
    await code.page.keyboard.press('Control+j');
    await code.command('View: Toggle Primary Side Bar Visibility');
    await code.page.setViewportSize(LOW);
    await code.save(async () => /provider: openai\n {6}model: gpt-5\.4-mini\n/.test(await template()));
  });

  step("changes a stage's model by the quick pick", async () => {
    await code.clickLens(code.lens('Change model').last(), code.row('current'));
    await code.row('No default').waitFor();
    await code.row(/claude-sonnet-4-5-20250929.*deprecated, ends/).waitFor();
    await code.row(/claude-opus-4-20250514.*retired/).waitFor();
    await shot('change-model');
    await code.choose('Model of review', 'haiku-5', 'claude-haiku-5-5');
    await code.page.locator('.view-line').filter({ hasText: 'claude-haiku-5-5' }).waitFor();
    await code.save(async () => /- name: review\n {4}type: review\n(?: {4}gate:\n {6}type: auto\n)? {4}defaultModel:\n {6}provider: anthropic\n {6}model: claude-haiku-5-5\n/.test(await template()));
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
    return JSON.parse(await readFile(join(folder.path, '.choragen/workflows', names.sort()[0]!), 'utf8'));
  };

  step('two turns, the model switched in between, both badges', async () => {
    await loopback.control({ chats: [{ text: FIRST }, { text: SECOND }] });
    await code.page.setViewportSize(HIGH);
    await code.command('View: Toggle Primary Side Bar Visibility');
    await code.cursorAfter('name: feature');
    await code.chatByLens(code.lens('Chat').first(), 'feature: design');
    await panel().locator('.panel[data-ready="true"]').waitFor();
    await say('How do we make payment retries safe?');
    await answers().filter({ hasText: 'idempotency' }).waitFor();
    await panel().locator('.model-button').filter({ hasText: 'stage default' }).waitFor(); // nobody has chosen yet

    await panel().locator('.model-button').click();
    await panel().getByRole('option', { name: 'gpt-6.1-sol' }).waitFor();
    await panel().getByRole('option', { name: /claude-sonnet-4-5-20250929.*deprecated, ends/ }).waitFor();
    await code.page.setViewportSize({ ...HIGH, height: 900 }); // as high as the whole list needs
    await shot('switch-model');
    await code.page.setViewportSize(HIGH);
    await code.pickModel('6.1');
    await panel().locator('.model-button').filter({ hasText: /gpt-6\.1-sol.*from this chat/ }).waitFor();
    await say('And if two workers pick up the same checkout?');
    await answers().filter({ hasText: 'unique key' }).waitFor();

    assert.deepEqual(await panel().locator('.badge .model-name').allInnerTexts(), ['anthropic/claude-opus-5-5', 'openai/gpt-6.1-sol']);
    const { messages } = await workflowFile();
    assert.deepEqual(messages.filter((m) => m.role === 'control').map((m) => m.model), [{ provider: 'anthropic', model: 'claude-opus-5-5' }, { provider: 'openai', model: 'gpt-6.1-sol' }]);
  });

  step("a badge tells the resolved model, tokens and time, by mouse and by keyboard", async () => {
    const badge = panel().locator('.badge').last();
    const told = badge.locator('.tooltip').filter({ hasText: /Answered by gpt-6\.1-sol.*tokens in.*Took/s });
    await panel().locator('.log').focus();
    await until(async () => {
      await code.page.keyboard.press('Tab');
      return badge.evaluate((element) => element === document.activeElement);
    }, 'Tab reaches the badge');
    await told.waitFor();
    await panel().getByRole('textbox', { name: 'Message' }).focus();
    await told.waitFor({ state: 'hidden' });
    await badge.hover();
    await told.waitFor();
    const [panelBox, badgeBox] = [await code.page.locator('iframe.webview.ready:visible').boundingBox(), await badge.boundingBox()];
    await code.shot(picture('badge'), { x: panelBox!.x, y: badgeBox!.y - 64, width: panelBox!.width, height: 272 });
    await code.mouseAway();
  });

  const THEMES = [
    ['chat-light', 'Default Light Modern', 'vscode-light'],
    ['chat-high-contrast', 'Default High Contrast', 'vscode-high-contrast'],
    ['chat-high-contrast-light', 'Default High Contrast Light', 'vscode-high-contrast-light'],
    ['chat', 'Default Dark Modern', 'vscode-dark'],
  ] as const;
  const inTheme = async (theme: string, kind: string): Promise<void> => {
    await writeSettings(join(folder.path, '.vscode/settings.json'), { 'workbench.colorTheme': theme });
    await panel().locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor();
  };
  const readable = async (): Promise<void> => {
    assert.deepEqual(await cutOff(panel().locator('body')), []);
    assert.deepEqual(await faint(panel().locator('body')), []);
  };

  step('readable in each theme', async () => {
    for (const [name, theme, kind] of THEMES) {
      await inTheme(theme, kind);
      await readable();
      await shot(name);
    }
  });

  step('readable in each theme in a column of 320 px', async () => {
    const innerWidth = (): Promise<number> => panel().locator('body').evaluate(() => window.innerWidth);
    await until(async () => {
      const { width } = code.page.viewportSize()!;
      const missing = 320 - (await innerWidth());
      if (missing !== 0) await code.page.setViewportSize({ width: width + missing, height: 760 });
      return missing === 0;
    }, 'the panel is 320 px wide');
    const pictures: Buffer[] = [];
    for (const [, theme, kind] of THEMES) {
      await inTheme(theme, kind);
      await readable();
      pictures.push(await code.page.locator('iframe.webview.ready:visible').screenshot());
    }
    await montage(browser, picture('narrow'), [pictures.at(-1)!, ...pictures.slice(0, -1)]);
    await code.page.setViewportSize(HIGH);
  });

  step('a stream can be stopped; what came is kept', async () => {
    await loopback.control({ chats: [inMidAnswer(LONG)] });
    await say('Describe the rollout step by step.');
    await panel().locator('.streaming .markdown').filter({ hasText: 'Step 2' }).waitFor();
    await shot('streaming');
    await panel().getByRole('button', { name: 'Stop' }).click();
    await panel().locator('.partial').filter({ hasText: 'Stopped' }).waitFor();
    const last = (await workflowFile()).messages.at(-1)!;
    assert.equal(last.metadata?.partial, true);
    assert.ok(LONG.startsWith(last.content) && last.content.length < LONG.length);
  });

  step('the window is reloaded in mid-answer and nothing is lost', async () => {
    await loopback.control({ chats: [inMidAnswer(LONG)] });
    await say('Once more, please.');
    await panel().locator('.streaming .markdown').filter({ hasText: 'Step 1' }).waitFor();
    await panel().getByRole('textbox', { name: 'Message' }).fill('And who watches the dashboards meanwhile?');
    await until(async () => (await editor.storage('drafts.json')).includes('who watches the dashboards'), 'the draft is kept');
    await code.goto(editor.address(folder.path)); // as a reload, without the file that the first address opened
    await panel().locator('.panel[data-ready="true"]').waitFor({ timeout: 2 * SLOW }); // a window and a server start while others end
    await panel().locator('.message.human').filter({ hasText: 'Once more, please.' }).waitFor();
    const answer = panel().locator('.message.answer').last();
    await answer.filter({ hasText: 'Step 1' }).waitFor();
    await until(async () => (await panel().getByRole('textbox', { name: 'Message' }).inputValue()) === 'And who watches the dashboards meanwhile?', 'the draft is back');
    await until(async () => (await panel().locator('.badge').count()) === 4, 'each answer has its badge'); // the last may be saved while the window comes up
    await until(async () => (await workflowFile()).messages.at(-1)!.content.includes('Step 1'), 'the answer is on disk');
    await shot('restored');
  });

  step('the answer that was cut off is gone on with', async () => {
    const { content } = (await workflowFile()).messages.at(-1)!;
    const lastLine = content.trimEnd().lastIndexOf('\n') + 1;
    await loopback.control({ chats: [{ text: LONG.slice(lastLine) }] }); // a model repeats its last words first, as it is asked to
    await panel().getByRole('button', { name: 'Continue' }).click();
    await answers().last().filter({ hasText: 'Step 7' }).waitFor();
    await until(async () => (await workflowFile()).messages.at(-1)!.content === LONG, 'it is one answer');
  });

  step('the gate is approved, by which the workflow advances', async () => {
    await panel().getByRole('button', { name: 'Approve' }).click(); // nothing is to be confirmed: one press
    await panel().locator('.stage.current').filter({ hasText: 'implementation' }).waitFor();
    await panel().locator('.commands').filter({ hasText: 'make check' }).waitFor();
    await panel().getByText("sees: design's answer").waitFor();
    await shot('gate');
    await panel().getByRole('textbox', { name: 'Message' }).fill('Build the ledger first.');
    await panel().getByRole('button', { name: 'See what is sent' }).click();
    await panel().locator('.turn').filter({ hasText: 'Build the ledger first.' }).waitFor();
    assert.match(await panel().locator('.turn').filter({ hasText: 'Earlier stage' }).innerText(), /Step 1|idempotency|unique key/);
    await shot('sent');
    await panel().getByRole('button', { name: 'Back to the chat' }).click();
    await panel().getByRole('textbox', { name: 'Message' }).fill('');
    assert.equal((await workflowFile()).currentStage, 1);
    await panel().getByText('Did all of these commands succeed?').waitFor();
    await panel().getByRole('button', { name: 'Yes, advance to review' }).click();
    await panel().locator('.stage.current').filter({ hasText: 'review' }).waitFor();
  });

  step('a refused answer says why, and another model answers', async () => {
    await loopback.control({ chats: [{ status: 404, body: { type: 'error', error: { type: 'not_found_error', message: 'model: claude-haiku-5-5' } } }, { text: 'It reads well.' }] });
    await say('Please review.');
    await panel().locator('.card.failure').waitFor();
    await panel().locator('.card.failure').getByRole('button', { name: 'Retry with another model' }).click();
    await code.pickModel('gpt-6.1');
    await answers().filter({ hasText: 'It reads well.' }).waitFor();
    assert.equal((await workflowFile()).messages.filter((m) => m.content === 'Please review.').length, 1);
  });

  step('what was refused is taken for gone, until the lists are asked for again', async () => {
    const marked = code.page.locator('[id="status.problems"][aria-label*="Errors: 1"]');
    await marked.waitFor();
    await code.command('Stagewright: Refresh Models');
    await marked.waitFor({ state: 'detached' });
  });

  step('another chat opens beside it, and the list of all leads back', async () => {
    await code.command('Stagewright: Chat with Stage');
    await code.choose('Which template?', 'hotfix');
    await code.choose('Chat with which stage?', 'diagnosis');
    await code.skipRequest();
    await panel().locator('.panel[data-ready="true"]').filter({ hasText: 'Is the cause proven?' }).waitFor();
    await panel().getByRole('button', { name: 'All workflows' }).click();
    const workflow = panel().locator('.workflow').filter({ hasText: 'review' });
    await workflow.waitFor();
    await shot('history');
    await workflow.click();
    await answers().filter({ hasText: 'It reads well.' }).waitFor();
  });

  step('a workflow is discarded for a reason, and says so', async () => {
    await code.command('Stagewright: Discard Workflow');
    assert.equal(await code.asked('This cannot be undone').locator('input.input').inputValue(), 'Discarded by the user');
    await code.answer('This cannot be undone', 'Superseded by another request');
    await panel().locator('.composer.closed').filter({ hasText: 'Discarded' }).waitFor();
    await panel().locator('.composer.closed > .button:focus').waitFor(); // or it would take the focus from what is asked next
    assert.ok((await workflowFile()).messages.some((m) => m.content.includes('Superseded by another request')));
  });
});

describe('the whole workspace', () => {
  step('a model is replaced everywhere, after a preview', async () => {
    await code.command('Stagewright: Replace Model Everywhere');
    await code.choose('Replace which model?', 'gpt-5.4-mini');
    await code.choose('Replace openai/gpt-5.4-mini with', 'gpt-6-luna');
    await code.row('hotfix.yaml').filter({ hasText: '2 uses' }).waitFor();
    const changed = code.page.locator('.editor.modified .view-line').filter({ hasText: 'model: gpt-6-luna' });
    await until(async () => (await changed.count()) === 3, 'every changed line is shown');
    await shot('replace');
    assert.equal(await template(HOTFIX_TEMPLATE), HOTFIX); // nothing has changed yet
    await code.page.locator('.quick-input-widget:visible').getByRole('button', { name: 'OK' }).click();
    await until(async () => /gpt-6-luna/.test(await template()) && !/gpt-5\.4-mini/.test((await template()) + (await template(HOTFIX_TEMPLATE))), 'both files are saved with the other model');
    await changed.first().waitFor({ state: 'detached' }); // the preview has closed
  });

  step('and undone everywhere at once', async () => {
    await code.cursorAfter('gpt-6-luna');
    await code.page.keyboard.press('Control+z');
    await code.page.locator('.tab.dirty[data-resource-name="hotfix.yaml"]').waitFor();
    await until(async () => {
      await code.command('File: Save All Files'); // one may be changed after the other
      await until(async () => (await template(HOTFIX_TEMPLATE)) === HOTFIX && /gpt-5\.4-mini/.test(await template()), 'they are saved', 3000);
      return true;
    }, 'both files are as they were');
  });

  step('a new template has nothing to complain of', async () => {
    await code.command('Stagewright: New Template');
    await code.answer('New template', 'hotline');
    await code.opened('hotline.yaml');
    await code.page.locator('.view-line').filter({ hasText: 'hotline' }).first().waitFor();
    await code.page.keyboard.press('Escape');
    await code.save(async () => /^name: hotline\ndisplayName: hotline\nstages:\n {2}- name: design\n {4}type: design\n/.test(await template('.choragen/workflow-templates/hotline.yaml')));
    await code.lens('Chat').first().waitFor();
    await code.pressFor('Control+Shift+M', code.page.locator('.markers-panel'));
    // It is checked: what is wrong in it is found, and gone as soon as the line is deleted.
    const problems = code.problem('hotline.yaml');
    await code.cursorAfter('displayName: hotline');
    await code.page.keyboard.insertText('\nversoin: 1');
    await problems.waitFor();
    await code.page.keyboard.press('Control+Shift+k');
    await problems.waitFor({ state: 'detached' });
  });
});
