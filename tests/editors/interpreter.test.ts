// Another interpreter is selected in the Python extension: the server that was found through it is started from the other.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Editor } from './editor.ts';
import { installExtension } from './pack.ts';
import { Scene, STAGEWRIGHT } from './scene.ts';
import { until } from './waiting.ts';
import { FEATURE, folderOf, ROOT, TEMPLATE } from './world.ts';

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
  editor = await scene.editor({ settings: { 'stagewright.server.path': '' } });
  await installExtension(editor, 'python');
});
after(async () => {
  await editor?.close();
  await scene?.close();
  await folder?.remove();
});

const select = (python: string): Promise<void> => writeFile(join(folder.path, '.vscode/settings.json'), JSON.stringify({ 'python.defaultInterpreterPath': python }));

test('another interpreter is selected', () =>
  scene.inWindow(editor, folder.path, join(folder.path, TEMPLATE), async (code) => {
    /** Where the servers came from that were started, in order; the last of them runs. */
    const started = async (...programs: string[]): Promise<void> => {
      await until(async () => (await editor.log()).match(/is running\./g)?.length === programs.length, `server ${programs.length} runs`);
      const log = await editor.log();
      assert.deepEqual([...log.matchAll(/Starting Stagewright \S+ \(\w+\): (\S+)/g)].map(([, program]) => program), programs);
      assert.doesNotMatch(log, /\[error\].*exited/);
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
