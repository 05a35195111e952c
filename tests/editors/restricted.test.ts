// A workspace that is not trusted: templates and transcripts are read, completed and checked; whatever writes, sends or
// starts is not offered, and refused in words when it is asked for all the same.

import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import type { Locator } from 'playwright-core';
import type { Editor } from './editor.ts';
import { Scene, story } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { DOCS, FEATURE, folderOf, ROOT, TEMPLATE } from './world.ts';

const { commands }: { commands: { command: string; title: string }[] } = JSON.parse(await readFile(join(ROOT, 'client-vscode/package.json'), 'utf8')).contributes;

/** What concerns the person's own machine, and nothing of the workspace. Every other command needs trust. */
const HARMLESS = ['refreshModels', 'setApiKey', 'useRehearsal', 'chooseDefaultModel', 'openSettings', 'selectPython', 'showLog', 'restartServer', 'checkWorkspace', 'showInventory', 'refreshInventory', 'exportInventory'].map((name) => `stagewright.${name}`);
/** What orders the models in use, once they are shown. */
const ORDERING = ['groupByModel', 'groupByFile', 'groupByEnd'].map((name) => `stagewright.${name}`);
const ACTING = commands.filter(({ command }) => ![...HARMLESS, ...ORDERING].includes(command));

/** A retired model, and files of other formats that name it. */
const OLD = 'claude-opus-4-20250514';
const OTHERS = {
  '.github/workflows/review.yml': `on: pull_request\njobs:\n  review:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: anthropics/claude-code-action@v1\n        with:\n          claude_args: --model ${OLD}\n`,
  'answer.py': `from anthropic import Anthropic\n\nAnthropic().messages.create(model="${OLD}")\n`,
};

/** A shortcut for each acting command: a way to commands that the palette does not offer. */
const shortcut = (index: number): string => `Control+Alt+${String.fromCharCode('a'.charCodeAt(0) + index)}`;

/** Every file below a folder, with its text. */
async function files(folder: string): Promise<Record<string, string>> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return Object.fromEntries(await Promise.all(entries.map(async (entry) => [join(entry.parentPath, entry.name), await readFile(join(entry.parentPath, entry.name), 'utf8')])));
}

describe('restricted mode', () => {
  const transcript = 'WF-20261101-001.chat.md';
  let scene: Scene;
  let folder: Awaited<ReturnType<typeof folderOf>>;
  let editor: Editor;
  let code: Workbench;
  let untouched: Record<string, string>;

  before(async () => {
    scene = await Scene.open();
    folder = await folderOf({ [TEMPLATE]: FEATURE, ...OTHERS, [`.choragen/workflows/${transcript}`]: 'Kept from before.\n' });
    untouched = await files(folder.path);
    editor = await scene.editor({ trust: true, settings: { 'security.workspace.trust.startupPrompt': 'never' } });
    const bindings = ACTING.map(({ command }, index) => ({ key: shortcut(index).replace('Control', 'ctrl').toLowerCase(), command }));
    await writeFile(join(editor.data, 'User/keybindings.json'), JSON.stringify(bindings));
    code = await scene.window(editor, folder.path, join(folder.path, TEMPLATE));
    models = code.page.locator('.codelens-decoration span').filter({ hasText: ' · ' });
  });
  after(async () => {
    await editor?.close();
    await scene?.close();
    await folder?.remove();
  });

  const step = story(() => ({ editor, code }));
  let models: Locator; // what lenses say
  const refused = () => code.notification('needs a trusted workspace');
  /** Runs an acting command, again if need be: of four notifications within 0.8 s VS Code hides the last behind its bell. */
  const tryInVain = (index: number): Promise<unknown> => code.pressFor(shortcut(index), refused());
  /** The next refusal stands for itself. */
  const dismiss = async (): Promise<void> => {
    await until(async () => {
      if ((await refused().count()) === 0) return true;
      await refused().first().hover({ timeout: 3000 });
      await refused().first().locator('.codicon-notifications-clear').click({ timeout: 3000 });
      return false;
    }, 'it is dismissed');
  };

  step('templates are checked, completed and explained', async () => {
    await code.opened('feature.yaml');
    await code.problems('gpt-5.5-mini');
    await models.first().waitFor();
    await code.select('gpt-5.5-mini');
    await code.suggestions('gpt-6.1-sol');
    await code.page.keyboard.press('Escape');
    await code.hover(code.page.locator('.view-line span').filter({ hasText: /^claude-opus-5-5$/ }).first(), 'Anthropic');
  });

  step('the palette offers what only reads, and nothing else', async () => {
    const titles = commands.filter(({ command }) => HARMLESS.includes(command)).map(({ title }) => `Stagewright: ${title}`).sort();
    const palette = await code.pressFor('F1', code.asked(/^Type the name of a command/));
    await palette.locator('input.input').fill('>Stagewright:');
    await until(async () => {
      const offered = await palette.locator('.monaco-list-row .label-name').allInnerTexts();
      return isDeepStrictEqual(offered.filter((label) => label.startsWith('Stagewright:')).sort(), titles);
    }, `it offers ${titles.join(', ')}`);
    await code.shot(join(DOCS, 'restricted.png'));
    await code.page.keyboard.press('Escape');
  });

  for (const [index, { command, title }] of ACTING.entries())
    step(`${title} is refused in words, with the way to trust`, async () => {
      await code.cursorAfter('claude-opus-5-5');
      await tryInVain(index);
      await refused().first().getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
      assert.equal(await code.page.locator('.quick-input-widget:visible').count(), 0, command);
      await dismiss();
    });

  step('lenses name the models, and begin nothing', async () => {
    await code.page.keyboard.press('Control+Home');
    await models.first().waitFor();
    assert.match(await models.first().innerText(), /^claude-opus-5-5 · /);
    assert.equal(await code.page.locator('.codelens-decoration a').count(), 0);
    assert.equal(await code.page.locator('.codelens-decoration').filter({ hasText: /Chat|Change model/ }).count(), 0);
  });

  step('no quick fix is offered for the problem', async () => {
    await code.cursorAfter('gpt-5.5-mini');
    await code.pressFor('Control+.', code.page.locator('.monaco-editor-overlaymessage').filter({ hasText: 'No code actions available' }));
    assert.equal(await code.page.locator('.action-widget:visible').count(), 0);
  });

  step('a rename is refused in words, with the way to trust', async () => {
    await code.select('design');
    await code.pressFor('F2', code.page.locator('.monaco-editor-overlaymessage').filter({ hasText: 'Renaming needs a trusted workspace. Trust it by the command “Workspaces: Manage Workspace Trust”.' }));
    assert.equal(await code.page.locator('.rename-box:visible').count(), 0);
    await code.page.keyboard.press('Escape');
  });

  step('a transcript is shown as it stands, and offers nothing', async () => {
    await code.openFile(transcript);
    await code.page.locator('.view-line').filter({ hasText: 'Kept from before.' }).first().waitFor();
    await code.openFile('feature.yaml');
    await models.first().waitFor();
    await code.openFile(transcript);
    assert.equal(await code.page.locator('.codelens-decoration a').count(), 0);
    assert.equal(await code.page.locator('.tab.dirty').count(), 0);
  });

  for (const file of Object.keys(OTHERS))
    step(`${file}: its problem is shown, and nothing that would change it is offered`, async () => {
      const name = file.split('/').at(-1)!;
      await code.openFile(name);
      await (await code.problems(OLD)).filter({ hasText: 'model-retired' }).first().waitFor();
      await code.cursorAfter(OLD);
      for (let i = 0; i < (name === 'answer.py' ? 4 : 2); i++) await code.page.keyboard.press('ArrowLeft'); // in the name, whatever closes it
      await code.pressFor('Control+.', code.page.locator('.monaco-editor-overlaymessage').filter({ hasText: 'No code actions available' }));
      assert.equal(await code.page.locator('.action-widget:visible').count(), 0);
      await tryInVain(ACTING.findIndex(({ command }) => command === 'stagewright.changeModel'));
      await refused().first().getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
      assert.equal(await code.page.locator('.quick-input-widget:visible').count(), 0);
      await dismiss();
      assert.equal(await code.page.locator('.codelens-decoration a').count(), 0);
      assert.equal(await code.page.locator('.tab.dirty').count(), 0);
    });

  step('the models in use are listed, and none can be changed there', async () => {
    await code.command('Stagewright: Show Models in Use');
    const row = (text: string) => code.page.locator('.tree-explorer-viewlet-tree-view .monaco-list-row').filter({ hasText: text }).first();
    await code.pressFor('ArrowRight', row('answer.py'), () => row(OLD).click({ timeout: 5000 }));
    await row('answer.py').hover();
    assert.equal(await row('answer.py').getByRole('button', { name: /^Change Model/ }).count(), 0);
  });

  step('nothing was written', async () => {
    await code.command('View: Close All Editors');
    await code.page.locator('.tab').first().waitFor({ state: 'detached' });
    assert.deepEqual(await files(folder.path), untouched);
    assert.deepEqual(await chatsAsked(scene), []);
  });

  step('once the workspace is trusted, the same window has chats', async () => {
    await code.page.evaluate(() => Object.assign(globalThis, { sameWindow: true }));
    await scene.loopback.control({ chats: [{ text: 'Trusted.' }] });
    await code.openFile('feature.yaml');
    await tryInVain(ACTING.findIndex(({ command }) => command === 'stagewright.chatWithStage'));
    await code.press('needs a trusted workspace', 'Manage Workspace Trust');
    await code.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await code.closeModal(code.page.locator('.workspace-trust-editor.trusted'));
    await until(async () => ((await editor.log()).match(/is running\./g)?.length ?? 0) >= 2, 'the server was started anew');
    await code.chatByLens(code.lens('Chat').first(), 'feature: design');
    await code.panel().getByRole('textbox', { name: 'Message' }).fill('Hello?');
    await code.panel().getByRole('button', { name: 'Send' }).click();
    await code.panel().locator('.message.answer:not(.streaming)').filter({ hasText: 'Trusted.' }).waitFor();
    assert.ok(await code.page.evaluate(() => 'sameWindow' in globalThis), 'the window was not loaded anew');
    const log = await editor.log();
    assert.equal(log.match(/Starting Stagewright/g)?.length, 2, 'trust starts the server once more, not twice');
    assert.doesNotMatch(log, /\[error\].*exited/, 'an end that was wanted is no error');
  });
});

/** The chat requests that providers had. */
async function chatsAsked(scene: Scene): Promise<string[]> {
  const { requests } = (await (await fetch(`${scene.loopback.origin}/_log`)).json()) as { requests: { path: string }[] };
  return requests.map(({ path }) => path).filter((path) => /\/(messages|responses|completions)$/.test(path));
}
