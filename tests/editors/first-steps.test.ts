// The first hour in a real VS Code without a key: from an empty folder to an answer, where a missing key is told, typing.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { Editor } from './editor.ts';
import { Scene, STAGEWRIGHT, story } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { cleanEnvironment, FEATURE, folderOf, LISTS, TEMPLATE } from './world.ts';

let scene: Scene;
/** An editor whose server knows where the providers are and has no key of them; its own, or one that has to be set up. */
const keyless = (server: string): Promise<Editor> =>
  Editor.start({
    vsix: scene.vsix,
    env: cleanEnvironment(scene.home.path),
    settings: {
      'stagewright.server.path': server,
      'stagewright.providers': { anthropic: { baseUrl: scene.loopback.environ['ANTHROPIC_BASE_URL'] } },
    },
  });

before(async () => {
  scene = await Scene.open();
  await scene.loopback.control({ world: LISTS });
});
after(() => scene?.close());

const key = (): string => scene.loopback.environ['ANTHROPIC_API_KEY']!;
const enterKey = (code: Workbench, text: string): Promise<void> => code.answer('API key of Anthropic', text);

test('from an empty folder to an answer in eight actions', async (t: TestContext) => {
  const folder = await folderOf({ 'README.md': '# Checkout\n' });
  const editor = await keyless('');
  try {
    await scene.loopback.control({ chats: [{ text: 'Three parts: a key, a ledger, a sweeper.' }] });
    await scene.inWindow(editor, folder.path, undefined, async (code) => {
      const { page } = code;
      await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
      const begin = Date.now();
      let actions = 0;
      const act = async (action: Promise<unknown>): Promise<void> => {
        await action;
        actions++;
      };
      await act(code.command('Stagewright: Chat with Stage'));
      await act(code.choose('There is no template here yet.', 'Standard'));
      await act(code.choose('What is the work about?', 'Retry failed payments'));
      const panel = code.panel();
      await panel.locator('.card.notice').filter({ hasText: 'No provider is configured' }).waitFor({ timeout: 600_000 }); // the server is set up meanwhile
      const ready = Date.now();
      await act(panel.getByRole('button', { name: 'Set API Key' }).click());
      await act(code.choose('Set the API key of which provider?', 'Anthropic'));
      await act(enterKey(code, key()));
      // The list of models opens by itself, its first is chosen already.
      await panel.getByRole('option', { selected: true }).filter({ hasText: 'claude-' }).waitFor();
      await until(() => panel.getByRole('combobox').evaluate((input) => input === document.activeElement && document.hasFocus()), 'one can choose at once');
      await act(page.keyboard.press('Enter'));
      await panel.locator('.model-button').filter({ hasText: /claude-.*from this chat/ }).waitFor();
      await panel.getByRole('textbox', { name: 'Message' }).fill('How do we make it safe?');
      await act(page.keyboard.press('Enter'));
      await panel.locator('.message.answer:not(.streaming)').filter({ hasText: 'Three parts' }).waitFor();
      t.diagnostic(`${actions} actions, ${((Date.now() - begin) / 1000).toFixed(0)} s, of which ${((ready - begin) / 1000).toFixed(0)} s until the first chat: the server is set up in them`);
      assert.equal(actions, 8);
      assert.equal(await panel.locator('h1').innerText(), 'Retry failed payments');
      assert.equal(await page.locator('.notification-list-item').count(), 0, 'nothing had to be closed');
    });
    // What went to the provider: the request by its name, what was said, nothing twice.
    const { requests } = (await (await fetch(`${scene.loopback.origin}/_log`)).json()) as { requests: { path: string; body?: unknown }[] };
    const chat = JSON.stringify(requests.filter(({ path }) => path.endsWith('/messages')));
    assert.equal(chat.split('Retry failed payments').length - 1, 1, chat);
    assert.equal(chat.split('How do we make it safe?').length - 1, 1);
    assert.doesNotMatch(chat, /ADHOC/);
    const [name] = (await readdir(join(folder.path, '.choragen/workflows'))).filter((file) => file.endsWith('.json'));
    assert.equal(JSON.parse(await readFile(join(folder.path, '.choragen/workflows', name!), 'utf8')).requestId, 'Retry failed payments');
  } finally {
    await editor.close();
    await folder.remove();
  }
});

describe('without a key', () => {
  let folder: Awaited<ReturnType<typeof folderOf>>;
  let editor: Editor;
  let code: Workbench;

  before(async () => {
    folder = await folderOf({ [TEMPLATE]: FEATURE });
    editor = await keyless(STAGEWRIGHT);
    code = await scene.window(editor, folder.path, join(folder.path, TEMPLATE));
    await code.opened('feature.yaml');
    await code.lens('Chat').first().waitFor();
  });
  after(async () => {
    await editor?.close();
    await folder?.remove();
  });

  const step = story(() => ({ editor, code }));
  const line = (text: string) => code.page.locator('.editor-instance .view-line').filter({ hasText: text }).first();

  step('the hover that tells of it has the action that sets it', async () => {
    const action = 'Set API Key of Anthropic';
    await until(async () => {
      const hover = await code.hover(line('provider: anthropic').getByText('anthropic'), action);
      await hover.getByText(action).click({ timeout: 3000 });
      return true;
    }, 'the hover sets the key');
    await code.asked('API key of Anthropic').waitFor();
    await code.page.keyboard.press('Escape');
  });

  step('so do the quick fixes of what is marked for it', async () => {
    await code.cursorAfter('provider: anthropic');
    await code.page.keyboard.press('ArrowLeft');
    await code.quickFixes('Set API Key of Anthropic');
    await code.page.keyboard.press('Escape');
  });

  step('so does the first row that completion offers for a model, and it changes nothing', async () => {
    await code.select('claude-opus-5-5');
    const rows = await code.suggestions('Set ANTHROPIC_API_KEY');
    await rows.click();
    await code.asked('API key of Anthropic').waitFor();
    await code.page.keyboard.press('Escape');
    await code.save(async () => (await code.page.locator('.tab.active.dirty').count()) === 0);
    assert.equal(await readFile(join(folder.path, TEMPLATE), 'utf8'), FEATURE);
  });

  step('Change Model lists what is known offline and says so; a key that is refused is told at once, with the way to another', async () => {
    await code.clickLens(code.lens('Change model').first(), code.asked('Model of design'));
    await code.page.locator('.quick-input-list').getByText('no key: known offline, not verified').first().waitFor();
    await code.choose('Model of design', 'Set API Key of Anthropic');
    await enterKey(code, 'sk-ant-of-somebody-else');
    await code.notification('The key of Anthropic does not work').waitFor();
    await code.asked('Model of design').waitFor(); // it goes on where it was
    await code.page.keyboard.press('Escape');
    assert.equal(await code.page.locator('.notification-list-item').count(), 1, 'it is said once');
    await code.press('The key of Anthropic does not work', 'Set API Key');
    await enterKey(code, key());
    await code.page.locator('.statusbar-item').filter({ hasText: /Anthropic: \d+ models/ }).waitFor();
    assert.ok(!(await editor.log()).includes(key()));
  });

  step('Enter behind the first key of a stage leads to the next', async () => {
    await code.cursorAfter('- name: review');
    await code.page.keyboard.press('Enter');
    await code.page.keyboard.insertText('roleId: reviewer');
    await code.page.keyboard.press('Escape');
    await code.save(async () => /^ {2}- name: review\n {4}roleId: reviewer\n {4}type/m.test(await readFile(join(folder.path, TEMPLATE), 'utf8')));
  });

  step('a new stage is filled in from stop to stop, and each opens its list', async () => {
    const row = (text: RegExp) => code.page.locator('.editor-instance .suggest-widget.visible .monaco-list-row').filter({ hasText: text }).first();
    await code.page.keyboard.press('Escape');
    await code.page.keyboard.press('Control+End');
    await code.page.keyboard.insertText('  - ');
    await (await code.suggestions(/^stage with a model/)).first().click();
    await code.page.locator('.editor-instance .snippet-placeholder').first().waitFor(); // it is put in
    await code.page.keyboard.type('wrap-up');
    await code.page.keyboard.press('Tab');
    for (const choice of [/^reflection/, /^anthropic/, /^claude-haiku-5-5/]) await row(choice).click(); // what is taken leads to the next
    await code.page.keyboard.press('Escape');
    await code.save(async () => / {2}- name: wrap-up\n {4}type: reflection\n {4}defaultModel:\n {6}provider: anthropic\n {6}model: claude-haiku-5-5\n {4}gate:\n {6}type: /.test(await readFile(join(folder.path, TEMPLATE), 'utf8')));
  });

  step('the default model is chosen from the lists, and written into the settings', async () => {
    await code.command('Stagewright: Choose Default Model');
    await code.choose('Default model of chats', 'claude-opus-5-5');
    await code.page.locator('.statusbar-item').filter({ hasText: 'Default model: anthropic/claude-opus-5-5' }).waitFor();
    await until(async () => (await Promise.all(['Machine', 'User'].map((place) => readFile(join(editor.data, place, 'settings.json'), 'utf8')))).some((text) => /"stagewright\.chat\.defaultModel": \{\s*"provider": "anthropic",\s*"model": "claude-opus-5-5"/.test(text)), 'the setting is written');
  });
});
