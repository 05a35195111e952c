// What goes wrong in a real VS Code: bad servers, no trust, no folder, two folders, a template that vanishes.

import assert from 'node:assert/strict';
import { readdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Editor } from './editor.ts';
import { Scene, STAGEWRIGHT } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { cleanEnvironment, DOCS, FEATURE, folderOf, LISTS, TEMPLATE } from './world.ts';

let scene: Scene;

before(async () => {
  scene = await Scene.open();
});
after(() => scene?.close());

describe('a server that cannot be used is said in words, with a way on', () => {
  let editor: Editor;
  let folder: Awaited<ReturnType<typeof folderOf>>;

  before(async () => {
    folder = await folderOf({ [TEMPLATE]: FEATURE });
    editor = await scene.editor({ settings: { 'stagewright.server.path': '/nowhere/stagewright' } });
  });
  after(async () => {
    await editor?.close();
    await folder?.remove();
  });

  const RUNS = `exec '${STAGEWRIGHT}' "$@"`;
  const running = (code: Workbench, which: RegExp): Promise<void> => code.languageStatus([which], 600_000);

  for (const [name, text, said, button, outcome] of [
    ['not there', null, /names .*nowhere.*not there/, 'Open Settings', (code) => code.page.locator('.settings-editor').getByText('Path of the').first().waitFor()],
    ['too old', 'echo stagewright 0.0.1', /is Stagewright 0\.0\.1; this extension needs 0\.1\.0/, "Use the Extension's Own", (code) => running(code, /the extension's own/)],
    ['something else', 'echo hello', /does not start/, 'Show Log', (code) => code.output('Stagewright', 'hello')],
    ['dies at start', '[ "$1" = --version ] && echo stagewright 0.1.0 || exit 3', /did not start/, 'Retry', (code) => running(code, /from the settings/)],
    ['prints garbage', '[ "$1" = --version ] && echo stagewright 0.1.0 || exec yes garbage', /did not answer/, 'Retry', (code) => running(code, /from the settings/)],
  ] satisfies [string, string | null, RegExp, string, (code: Workbench) => Promise<void>][])
    test(`${name}: said, and “${button}” leads on`, async () => {
      const path = text === null ? '/nowhere/stagewright' : await scene.program(name.replaceAll(' ', '-'), text);
      await editor.settings({ 'stagewright.server.path': path });
      await scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
        await code.notification(said).waitFor();
        assert.equal(await code.page.locator('.notification-list-item').count(), 1, 'it is said once');
        if (button === 'Retry') await scene.program(name.replaceAll(' ', '-'), RUNS);
        await code.press(said, button);
        await outcome(code);
      });
    });

  test('loses its Python while it runs: said at its next start, and “Retry” once that is made anew leads on', async () => {
    const python = join(scene.home.path, 'python');
    await symlink('/bin/sh', python);
    const path = await scene.program('of-python', RUNS, python);
    await editor.settings({ 'stagewright.server.path': path });
    await scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
      await running(code, /from the settings/);
      await rm(python);
      await code.problems('gpt-5.5-mini'); // what runs goes on
      await code.command('Stagewright: Restart Server');
      await code.notification(/names .*of-python, whose Python is not there/).waitFor();
      await symlink('/bin/sh', python);
      await code.press(/whose Python is not there/, 'Retry');
      await running(code, /from the settings/);
    });
  });

  test('and once the setting is fixed, it runs without a reload', async () => {
    await editor.settings({ 'stagewright.server.path': await scene.program('broken', 'exit 1') });
    await scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
      await code.notification(/does not start/).waitFor();
      await editor.settings({ 'stagewright.server.path': STAGEWRIGHT });
      await until(async () => (await editor.log()).includes('is running.'), 'the server runs');
      await running(code, /from the settings/);
    });
  });
});

describe('folders', () => {
  let editor: Editor;
  before(async () => {
    editor = await scene.editor();
  });
  after(() => editor?.close());

  test('none: a template is understood, a chat says to open its folder', async () => {
    const folder = await folderOf({ [TEMPLATE]: FEATURE });
    await scene.inWindow(editor, null, join(folder.path, TEMPLATE), async (code) => {
      await code.opened('feature.yaml');
      await code.command('Stagewright: Chat with Stage');
      await code.press('open the folder of the template first', 'Open Folder');
      await code.asked('Open Folder').waitFor();
      await code.page.keyboard.press('Escape');
      await code.problems('gpt-5.5-mini');
    });
    await folder.remove();
  });

  test('two: a chat belongs to the folder of its template', async () => {
    const folder = await folderOf({
      [`one/${TEMPLATE}`]: FEATURE,
      [`two/${TEMPLATE}`]: FEATURE,
      'both.code-workspace': JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }] }),
    });
    const workspace = join(folder.path, 'both.code-workspace');
    await scene.inWindow(editor, workspace, join(folder.path, 'two', TEMPLATE), async (code) => {
      await code.folders(/^(one|two)$/, editor.address(workspace, join(folder.path, 'two', TEMPLATE)));
      await code.opened('feature.yaml');
      await code.command('Stagewright: Chat with Stage');
      await code.choose('Chat with which stage?', 'design');
      await code.skipRequest();
      await code.panel().locator('.panel[data-ready="true"]').waitFor();
      assert.ok((await readdir(join(folder.path, 'two/.choragen/workflows'))).some((name) => name.endsWith('.json')));
      assert.deepEqual(await readdir(join(folder.path, 'one/.choragen')), ['workflow-templates']);
      await code.command('Stagewright: New Template');
      await code.choose('In which folder?', 'one');
      await code.answer('New template', 'hotline');
      await code.opened('hotline.yaml');
      assert.deepEqual(await readdir(join(folder.path, 'one/.choragen/workflow-templates')), ['feature.yaml', 'hotline.yaml']);
    });
    await folder.remove();
  });

  test('a template that is deleted while its chat is open: said, and the chat goes on', async () => {
    const folder = await folderOf({ [TEMPLATE]: FEATURE });
    await scene.loopback.control({ chats: [{ text: 'Still here.' }] });
    await scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
      await code.opened('feature.yaml');
      await code.command('Stagewright: Chat with Stage');
      await code.choose('Chat with which stage?', 'design');
      await code.skipRequest();
      const panel = code.panel();
      await panel.locator('.panel[data-ready="true"]').waitFor();
      await rm(join(folder.path, TEMPLATE));
      await panel.locator('.banner').filter({ hasText: "The template 'feature' was deleted" }).waitFor();
      await panel.getByRole('textbox', { name: 'Message' }).fill('Are you there?');
      await panel.getByRole('button', { name: 'Send' }).click();
      await panel.locator('.message.answer:not(.streaming)').filter({ hasText: 'Still here.' }).waitFor();
      await panel.getByRole('button', { name: 'Dismiss' }).click();
      await panel.locator('.banner').waitFor({ state: 'detached' });

      await code.command('View: Close All Editors');
      await code.command('Stagewright: Chat with Stage');
      await code.choose('There is no template here yet.', 'New template');
      await code.answer('New template', 'feature');
      await code.opened('feature.yaml');
    });
    await folder.remove();
  });

  test('no provider: the panel says what to set, and the rehearsal models answer', async () => {
    const folder = await folderOf({ [TEMPLATE]: FEATURE.replace(/ {4}defaultModel:\n.*\n.*\n/g, '') });
    const bare = await Editor.start({ vsix: scene.vsix, settings: { 'stagewright.server.path': STAGEWRIGHT }, env: cleanEnvironment(scene.home.path) });
    try {
      await scene.inWindow(bare, folder.path, join(folder.path, TEMPLATE), async (code) => {
        await code.opened('feature.yaml');
        await code.command('Stagewright: Chat with Stage');
        await code.choose('Chat with which stage?', 'design');
        await code.skipRequest();
        const panel = code.panel();
        await panel.locator('.card.notice').filter({ hasText: 'No provider is configured' }).waitFor();
        await panel.locator('summary').click();
        await panel.getByText('ANTHROPIC_API_KEY').waitFor();
        await code.page.setViewportSize({ width: 1280, height: 900 });
        await code.mouseAway();
        await code.shot(join(DOCS, 'no-provider.png'));
        await panel.getByRole('button', { name: 'Use rehearsal models' }).click();
        await panel.locator('.model-button').filter({ hasText: 'rehearsal-1' }).filter({ hasText: 'from this chat' }).waitFor();
        await panel.locator('.card.notice').waitFor({ state: 'detached' });
        assert.equal(await code.page.locator('.notification-list-item').count(), 0, 'nothing lies over the selector');
        await panel.locator('.model-button').click();
        await panel.getByRole('option', { name: 'rehearsal-2' }).waitFor();
        assert.equal(await panel.getByRole('option').filter({ hasText: 'Default' }).count(), 0, 'there is no default to go back to');
        await code.page.keyboard.press('Escape');
        await panel.getByRole('textbox', { name: 'Message' }).fill('Hello');
        await panel.getByRole('button', { name: 'Send' }).click();
        await panel.locator('.message.answer:not(.streaming) .badge').filter({ hasText: 'rehearsal-1' }).waitFor();
      });
    } finally {
      await bare.close();
      await folder.remove();
    }
  });
});

test('a refused key and a server that is down: the status says which, beside those that answer', async () => {
  const folder = await folderOf({ [TEMPLATE]: FEATURE });
  await scene.loopback.control({ world: LISTS });
  const env = { ...scene.loopback.environ, GEMINI_API_KEY: 'not-one-of-theirs', GEMINI_BASE_URL: `${scene.loopback.origin}/gemini`, OLLAMA_HOST: 'http://127.0.0.1:9' };
  const editor = await Editor.start({ vsix: scene.vsix, settings: { 'stagewright.server.path': STAGEWRIGHT }, env: cleanEnvironment(scene.home.path, env) });
  try {
    await scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
      await code.opened('feature.yaml');
      await code.languageStatus([/^Anthropic.*checked/s, /^OpenAI.*checked/s, /^Google Gemini.*Key refused.*Set API Key/s, /^Ollama.*Unreachable.*Refresh/s]);
      await code.shot(join(DOCS, 'providers.png'));
    });
  } finally {
    await editor.close();
    await folder.remove();
  }
});

test('a key set in VS Code reaches the server, and nothing else', async () => {
  const KEY = scene.loopback.environ['ANTHROPIC_API_KEY']!;
  const folder = await folderOf({ [TEMPLATE]: FEATURE });
  const providers = { anthropic: { baseUrl: scene.loopback.environ['ANTHROPIC_BASE_URL'] } };
  const editor = await Editor.start({ vsix: scene.vsix, settings: { 'stagewright.server.path': STAGEWRIGHT, 'stagewright.providers': providers }, env: cleanEnvironment(scene.home.path) });
  try {
    await scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
      await code.opened('feature.yaml');
      await until(async () => (await editor.log()).includes('is running.'), 'the server runs');
      await code.command('Stagewright: Set API Key');
      await code.choose('Set the API key of which provider?', 'Anthropic', 'ANTHROPIC_API_KEY');
      await code.answer('API key of Anthropic', KEY);
      await code.languageStatus([/Anthropic.*checked (just now|\d+ min ago)/]);
    });
    const log = await editor.log();
    assert.ok(!log.includes(KEY));
    assert.ok(!log.includes('changed in another window'), 'the window that set it is not told of it again');
    for (const name of ['User/settings.json', 'Machine/settings.json']) assert.ok(!(await readFile(join(editor.data, name), 'utf8')).includes(KEY));
  } finally {
    await editor.close();
    await folder.remove();
  }
});
