// What the Python extension says of interpreters: another is selected, each of two folders has its own, the one that the
// server was found through goes away.

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Editor } from './editor.ts';
import { installExtension } from './pack.ts';
import { Scene, STAGEWRIGHT } from './scene.ts';
import { until } from './waiting.ts';
import { FEATURE, folderOf, ROOT, TEMPLATE, writeSettings } from './world.ts';

let scene: Scene;
let folder: Awaited<ReturnType<typeof folderOf>>;
let editor: Editor;
let first: string;
let second: string;

before(async () => {
  scene = await Scene.open();
  folder = await folderOf({ [TEMPLATE]: FEATURE, '.vscode/settings.json': '{}' });
  const python = `exec '${join(ROOT, '.venv/bin/python')}' "$@"`;
  first = await scene.program('first-python', python);
  second = await scene.program('second-python', python);
  await select(first);
  editor = await scene.editor({ settings: { 'stagewright.server.path': '', 'stagewright.server.python': '/nowhere/python3' } });
  await installExtension(editor, 'python');
});
after(async () => {
  await editor?.close();
  await scene?.close();
  await folder?.remove();
});

const select = (python: string): Promise<void> => writeSettings(join(folder.path, '.vscode/settings.json'), { 'python.defaultInterpreterPath': python });

/** Where the servers came from that were started so far, in order. */
const programs = async (): Promise<string[]> => {
  const lines = (await editor.log()).split('\n').filter((line) => line.includes('Starting Stagewright')).sort(); // by their times: each window has its log
  return lines.map((line) => / \(\w+\): (\S+)/.exec(line)![1]!);
};

test('another interpreter is selected', () =>
  scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
    /** These were, in order, and the last of them runs. */
    const started = async (...wanted: string[]): Promise<void> => {
      await until(async () => (await editor.log()).match(/is running\./g)?.length === wanted.length, `server ${wanted.length} runs`);
      assert.deepEqual(await programs(), wanted);
      assert.doesNotMatch(await editor.log(), /\[error\].*exited/);
    };
    await code.opened('feature.yaml');
    await started(first);
    await code.lens('Chat').first().waitFor();

    await select(second);
    await started(first, second);
    await code.lens('Chat').first().waitFor();

    // A path in the settings stands before it: then it is of no account which one is selected.
    await editor.settings({ 'stagewright.server.path': STAGEWRIGHT });
    await started(first, second, STAGEWRIGHT);
    await select(first);
    await code.page.locator('.statusbar-item').filter({ hasText: first }).waitFor();
    await editor.settings({});
    await started(first, second, STAGEWRIGHT, first);
  }));

/** A model that is retired, and a line that names it. */
const OLD = 'claude-opus-4-20250514';
const LINE = `client.messages.create(model="${OLD}")\n`;

test('two folders with different needs: what holds for which is right, and said', async () => {
  const both = await folderOf({
    'one/.github/workflows/review.yml': `on: pull_request\njobs:\n  review:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: anthropics/claude-code-action@v1\n        with:\n          claude_args: --model ${OLD}\n`,
    'one/.vscode/settings.json': JSON.stringify({ 'python.defaultInterpreterPath': first }),
    'two/kept.py': LINE,
    'two/drafts/left.py': LINE,
    'two/.vscode/settings.json': JSON.stringify({ 'python.defaultInterpreterPath': second, 'stagewright.code.exclude': ['kept.py'] }, null, 2),
    'both.code-workspace': JSON.stringify({ folders: [{ path: 'one' }, { path: 'two' }], settings: { 'stagewright.code.exclude': ['drafts/**'] } }),
  });
  const [workspace, settings] = [join(both.path, 'both.code-workspace'), join(both.path, 'two/.vscode/settings.json')];
  await scene.inWindow(editor, workspace, settings, async (code) => {
    await code.folders(/^(one|two)$/, editor.address(workspace, settings));
    await code.opened('settings.json');
    await code.hover(code.page.locator('.view-line span').filter({ hasText: /stagewright\.code\.exclude/ }).last(), 'cannot be applied in this workspace');

    await code.openFile('review.yml');
    await code.languageStatus([/from the Python selected for one/]);
    assert.equal((await programs()).at(-1), first);
    for (const name of ['left.py', 'kept.py']) await code.openFile(name);
    await code.command('Stagewright: Check Workspace');
    await code.notification(/files checked/).waitFor();
    await code.problems(OLD);
    const files = code.page.locator('.markers-panel .monaco-list-row[aria-level="1"]');
    await until(async () => (await files.count()) === 2, 'two files have problems');
    for (const name of ['review.yml', 'kept.py']) await files.filter({ hasText: name }).waitFor();
  }).finally(both.remove);
});

test('the interpreter goes away while its server runs: said at the next start, and another can be selected', async () => {
  const going = await scene.program('going-python', `exec '${join(ROOT, '.venv/bin/python')}' "$@"`);
  await select(going);
  await scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
    await code.opened('feature.yaml');
    await code.languageStatus([/from the selected Python/]);
    await rm(going);
    await code.problems('gpt-5.5-mini'); // what runs goes on
    await code.command('Stagewright: Restart Server');
    const gone = /The Python that ran Stagewright is no longer there: .*going-python/;
    await code.notification(gone).waitFor();
    await code.notification(/needs Python 3\.11 or newer/).waitFor(); // nor can the extension's own be made here
    await code.press(gone, 'Select Interpreter');
    await code.answer('Select Interpreter', second);
    await code.languageStatus([/from the selected Python/]);
    assert.equal((await programs()).at(-1), second);
  });
});
