// The VSIX in a VS Code that has never heard of us: its server comes from what is inside, and works.

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { Editor, launchBrowser } from '../editors/editor.ts';
import { failure } from '../editors/failures.ts';
import { until } from '../editors/waiting.ts';
import { Workbench } from '../editors/workbench.ts';
import { cleanEnvironment, FEATURE, folderOf, ROOT, TEMPLATE } from '../editors/world.ts';

/** Setting up the server fetches some thirty packages. */
const SETTING_UP = 300_000;

test('the VSIX, in a fresh VS Code', async (t) => {
  const dist = join(ROOT, 'dist');
  const [name] = (await readdir(dist)).filter((file) => file.endsWith('.vsix'));
  const [, version] = /^stagewright-(.+)\.vsix$/.exec(name!)!;
  const home = await folderOf({}, 'home');
  const folder = await folderOf({ [TEMPLATE]: FEATURE.replace('claude-opus-5-5', 'claude-2.0') });
  const browser = await launchBrowser();
  const outside = (process.env['PATH'] ?? '').split(':').filter((path) => !path.startsWith(ROOT)).join(':');
  const editor = await Editor.start({ vsix: join(dist, name!), env: cleanEnvironment(home.path, { PATH: outside }) });
  try {
    const code = new Workbench(await browser.newPage({ viewport: { width: 1280, height: 800 } }));
    try {
      await code.goto(editor.address(folder.path, join(folder.path, TEMPLATE)));
      await until(async () => (await editor.log()).includes(`Stagewright ${version} is running.`), 'the server runs', SETTING_UP);
      const [, source, command] = /Starting Stagewright \S+ \((\w+)\): (\S+)/.exec(await editor.log())!;
      assert.equal(source, 'own');
      assert.ok(command!.startsWith(editor.data), `${command} is what the extension has installed`);
      await code.problems('Anthropic retired `claude-2.0` on 2025-07-21');
      t.diagnostic(`Stagewright ${version} runs from ${command!.slice(editor.data.length)}`);
    } catch (error) {
      await failure(editor, code, 'release');
      throw error;
    }
  } finally {
    await editor.close();
    await browser.close();
    await folder.remove();
    await home.remove();
  }
});
