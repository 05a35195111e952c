// Writes the colours of VS Code's own themes to `themes/*.json`, as its webviews receive them, as far as the panel uses
// them: `node themes.ts`, after the panel's styles have changed.

import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Editor, launchBrowser } from './editor.ts';
import { Workbench } from './workbench.ts';

const THEMES = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
  'high-contrast-light': 'Default High Contrast Light',
};

const folder = join(import.meta.dirname, 'themes');
await mkdir(folder, { recursive: true });
const styles = join(import.meta.dirname, '../../client-vscode/src/webview/styles');
const css = await Promise.all((await readdir(styles)).map((name) => readFile(join(styles, name), 'utf8')));
const used = new Set(css.join('\n').match(/--vscode-[\w-]+/g));
const browser = await launchBrowser();
for (const [name, title] of Object.entries(THEMES)) {
  const workspace = await mkdtemp(join(tmpdir(), 'stagewright-themes-'));
  await writeFile(join(workspace, 'page.md'), '# Page');
  const editor = await Editor.start({ settings: { 'workbench.colorTheme': title } });
  const workbench = new Workbench(await browser.newPage());
  await workbench.goto(editor.address(workspace, join(workspace, 'page.md')));
  await workbench.opened('page.md');
  await workbench.command('Markdown: Open Locked Preview to the Side');
  const html = workbench.panel().locator('html');
  await workbench.panel().locator('h1').waitFor();
  const style = (await html.getAttribute('style')) ?? '';
  const kind = (await workbench.panel().locator('body').getAttribute('class')) ?? '';
  const variables = Object.fromEntries(style.split(';').map((pair) => pair.split(/:(.*)/s, 2).map((part) => part.trim())).filter(([key]) => used.has(key ?? '')));
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify({ kind: /vscode-(?:dark|light|high-contrast(?:-light)?)\b/.exec(kind)?.[0], variables }, null, 1)}\n`);
  await workbench.page.close();
  await editor.close();
}
await browser.close();
