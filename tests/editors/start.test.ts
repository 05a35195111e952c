// When the server starts in a real VS Code: for a document that names a model, for a command, for a setting; and that a
// window in which no model is named has no process, nor a file without models any part in it afterwards.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Editor } from './editor.ts';
import { Scene, STAGEWRIGHT } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { FEATURE, folderOf, TEMPLATE } from './world.ts';

const FILES = {
  'README.md': '# Checkout\n\nPays, and tries again.\n',
  'plain.py': 'def pay(amount):\n    return amount\n',
  'plain.yaml': 'service:\n  name: checkout\n  steps:\n    - one\n    - two\n',
  'answer.py': 'client.messages.create(model="claude-opus-4-20250514")\n',
  '.github/workflows/ci.yml': 'name: CI\non: push\njobs: {}\n',
  'gateway.mine': 'use: my-gateway\n',
  [TEMPLATE]: FEATURE, // not open: whether a folder holds such files is not looked for
};

describe('the server', () => {
  let scene: Scene;
  /** All that servers are told. */
  let told: () => Promise<string>;
  let editor: Editor;

  before(async () => {
    scene = await Scene.open();
    const notes = join(scene.home.path, 'told');
    const path = await scene.program('told-all', `[ "$1" = server ] || exec '${STAGEWRIGHT}' "$@"\ntee -a '${notes}' | '${STAGEWRIGHT}' "$@"`);
    told = () => readFile(notes, 'utf8').catch(() => '');
    editor = await scene.editor({ settings: { 'stagewright.server.path': path } });
  });
  after(async () => {
    await editor?.close();
    await scene?.close();
  });

  /** How often a window has come up with the extension so far. */
  let windows = 0;
  const starts = async (): Promise<number> => (await editor.log()).match(/Starting Stagewright/g)?.length ?? 0;
  const startedOnce = async (use: () => Promise<unknown>, said: RegExp): Promise<void> => {
    const before = await starts();
    await use();
    await until(async () => (await starts()) === before + 1, 'it is started');
    assert.ok(said.test(await editor.log()), String(said));
  };
  /** Use of a window on a folder of its own, with a file open, once the extension is awake in it. */
  const inWindow = async (file: string, use: (code: Workbench, path: string) => Promise<void>): Promise<void> => {
    const folder = await folderOf(FILES); // VS Code brings back what was changed in one and not saved
    await scene
      .inWindow(editor, folder.path, join(folder.path, file), async (code) => {
        windows++;
        await code.opened(file.split('/').at(-1)!);
        await until(async () => (await editor.log()).match(/Activated in \d+ ms/g)?.length === windows, 'the extension is awake');
        await use(code, join(folder.path, file));
      })
      .finally(folder.remove);
  };
  /** The programs that the editor runs, with their arguments. */
  const programs = (): string[] => {
    const all = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)!.slice(1) as [string, string, string]);
    const ours = new Set([String(editor.pid)]);
    for (let before = 0; before < ours.size; ) {
      before = ours.size;
      for (const [pid, parent] of all) if (ours.has(parent)) ours.add(pid);
    }
    return all.flatMap(([pid, , args]) => (ours.has(pid) ? [args] : []));
  };
  const running = (): string[] => programs().filter((args) => /stagewright["']? server/.test(args));

  test('is not started where no model is named: by the list of processes, by the log', () =>
    inWindow('plain.py', async (code, path) => {
      await code.cursorAfter('return amount');
      await code.page.keyboard.type('  # paid: "yes", {once}');
      await code.save(async () => (await readFile(path, 'utf8')).includes('paid'));
      for (const name of ['README.md', 'plain.yaml']) await code.openFile(name);
      assert.ok(programs().some((args) => args.includes('extensionHost')), 'the list has the extension host');
      assert.deepEqual(running(), []);
      assert.equal(await told(), '');
      assert.equal(await starts(), 0);
      assert.equal(await code.page.locator('.codelens-decoration').count(), 0);

      await code.openFile('answer.py');
      await until(async () => (await editor.log()).includes('is running.'), 'it runs');
      assert.match(await editor.log(), /answer\.py is open, and a model that it names speaks of models\./);
      assert.ok(running().length > 0);

      // From then on too a file without models has nothing to do with it.
      await code.openFile('plain.yaml');
      await code.cursorAfter('- two');
      await code.page.keyboard.type(', "three": {four}');
      await code.openFile('answer.py');
      await code.save(async () => /didSave[^}]*answer\.py/.test(await told()));
      assert.match(await told(), /didOpen[^}]*answer\.py/);
      assert.doesNotMatch(await told(), /plain\.(?:py|yaml)/);
    }));

  for (const [what, file, use, said] of [
    ['a file of a format that it knows', '.github/workflows/ci.yml', async () => undefined, /ci\.yml is open, and its name speaks/],
    ['a model that is typed', 'plain.yaml', async (code) => {
      await code.cursorAfter('- two');
      await code.page.keyboard.type(' gpt-5.4-mini');
    }, /plain\.yaml is open, and a model that it names speaks/],
    ['a command', 'README.md', (code) => code.command('Stagewright: Refresh Models'), /stagewright\.models\.refresh needs the server/],
  ] satisfies [string, string, (code: Workbench) => Promise<unknown>, RegExp][])
    test(`is started for ${what}`, () =>
      inWindow(file, (code) => startedOnce(() => use(code), said)));

  test('is started for a file that a setting names', () =>
    inWindow('gateway.mine', () => startedOnce(() => editor.settings({ 'stagewright.files.include': ['**/*.mine'] }), /gateway\.mine is open, and a setting speaks/)));
});
