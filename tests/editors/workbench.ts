// A real VS Code (code-server) in a real browser: starting it, and the few gestures that the tests are made of.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type FrameLocator, type Locator, type Page } from 'playwright-core';

/** What `install.sh` printed. */
const HOME = process.env['STAGEWRIGHT_EDITORS'] ?? '';
const NODE = join(HOME, 'node/distribution/bin/node');
const CODE_SERVER = join(HOME, 'code-server/node_modules/code-server/out/node/entry.js');

/** The first start of an editor on a cold machine takes 20 s; a loaded one twice that. */
export const SLOW = 90_000;

export async function launchBrowser(): Promise<Browser> {
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', ...quiet],
    ignoreDefaultArgs: ['--hide-scrollbars'], // as people see them
    env: { ...process.env, FONTCONFIG_FILE: join(import.meta.dirname, 'fonts.conf') },
  });
}

export interface EditorOptions {
  readonly settings?: Record<string, unknown>;
  readonly env?: NodeJS.ProcessEnv;
  readonly vsix?: string;
  /** Whether workspace trust is asked for, as in a desktop VS Code. */
  readonly trust?: boolean;
}

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on', // a walkthrough's page takes the focus when it has moved
  'window.title': '${activeEditorShort}${separator}${rootName}',
  'window.commandCenter': false,
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'remote.autoForwardPorts': false,
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'files.autoSave': 'off',
  'files.exclude': { '**/.vscode': true },
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'editor.wordBasedSuggestions': 'off',
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.selectionHighlight': false,
  'editor.fontFamily': "'DejaVu Sans Mono', monospace",
  'window.restoreWindows': 'none',
};

export class Editor {
  readonly port: number;
  readonly data: string;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #initial: Record<string, unknown>;

  private constructor(port: number, folder: string, child: ChildProcess, initial: Record<string, unknown>) {
    this.port = port;
    this.#folder = folder;
    this.data = join(folder, 'data');
    this.#process = child;
    this.#initial = initial;
  }

  static async start(options: EditorOptions = {}): Promise<Editor> {
    const folder = await mkdtemp(join(tmpdir(), 'stagewright-editor-'));
    const data = join(folder, 'data');
    await mkdir(join(data, 'User'), { recursive: true });
    const initial = { 'security.workspace.trust.enabled': options.trust ?? false, ...options.settings };
    await writeSettings(data, initial);
    await writeFile(join(folder, 'config.yaml'), '');
    const common = commonArguments(folder);
    const env = { ...process.env, ...options.env, PATH: `${join(HOME, 'node/distribution/bin')}:${process.env['PATH']}` };
    if (options.vsix) await install(folder, options.vsix);
    const port = await freePort();
    const serve = [...common, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'];
    const child = spawn(NODE, serve, { env, stdio: 'ignore', detached: true });
    const editor = new Editor(port, folder, child, initial);
    try {
      await until(async () => (await fetch(`http://127.0.0.1:${port}/healthz`)).ok, 'code-server answers');
    } catch (error) {
      await editor.close();
      throw error;
    }
    return editor;
  }

  /** Installs another extension, which windows that are opened from then on have. */
  install(vsix: string): Promise<void> {
    return install(this.#folder, vsix);
  }

  /** Settings beside those of the start; the editor takes them in at once. */
  async settings(settings: Record<string, unknown>): Promise<void> {
    await writeSettings(this.data, { ...this.#initial, ...settings });
  }

  /** The address of a window; `open` is a folder, a `.code-workspace` file or nothing, `file` a file to show. */
  address(open: string | null, file?: string): string {
    const query = open === null ? 'ew=true' : `${open.endsWith('.code-workspace') ? 'workspace' : 'folder'}=${encodeURIComponent(open)}`;
    const payload = file ? `&payload=${encodeURIComponent(JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${this.port}${file}`]]))}` : '';
    return `http://127.0.0.1:${this.port}/?${query}${payload}`;
  }

  /** A file in the extension's storage of the only workspace. */
  async storage(name: string): Promise<string> {
    const workspaces = join(this.data, 'User/workspaceStorage');
    for (const workspace of await readdir(workspaces)) {
      const text = await readFile(join(workspaces, workspace, 'stagewright.stagewright', name), 'utf8').catch(() => null);
      if (text !== null) return text;
    }
    return '';
  }

  /** All that the extension and its host have logged. */
  async log(): Promise<string> {
    const names = await readdir(join(this.data, 'logs'), { recursive: true }).catch(() => []);
    const logs = names.filter((name) => /Stagewright\.log$|remoteexthost\.log$/.test(name));
    return (await Promise.all(logs.map(async (name) => `--- ${name}\n${await readFile(join(this.data, 'logs', name), 'utf8')}`))).join('\n');
  }

  async close(): Promise<void> {
    const ended = finished(this.#process).catch(() => undefined);
    try {
      process.kill(-this.#process.pid!, 'SIGTERM');
    } catch {
      // it has ended by itself
    }
    await ended;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

const commonArguments = (folder: string): string[] => [CODE_SERVER, '--config', join(folder, 'config.yaml'), '--user-data-dir', join(folder, 'data'), '--extensions-dir', join(folder, 'extensions')];

const install = (folder: string, vsix: string): Promise<void> =>
  finished(spawn(NODE, [...commonArguments(folder), '--install-extension', vsix, '--force'], { stdio: ['ignore', 'ignore', 'inherit'] }));

/** Settings of machine scope are read from the machine's own file in a remote window, which code-server's windows are. */
async function writeSettings(data: string, settings: Record<string, unknown>): Promise<void> {
  const machine = Object.entries(settings).filter(([name]) => name.startsWith('stagewright.'));
  await mkdir(join(data, 'Machine'), { recursive: true });
  await writeFile(join(data, 'Machine/settings.json'), JSON.stringify(Object.fromEntries(machine), null, 2));
  await writeFile(join(data, 'User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }, null, 2));
}

/** Gestures in a workbench window. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async goto(address: string): Promise<void> {
    await this.page.goto(address, { timeout: SLOW });
    await this.page.locator('.monaco-workbench .part.editor').waitFor({ timeout: SLOW });
  }

  async opened(name: string): Promise<void> {
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor({ timeout: SLOW });
    await this.page.locator('.editor-instance .monaco-editor .view-lines').first().waitFor({ timeout: SLOW });
  }

  /** Runs a command by its title in the palette, which lists a command only once its extension is known. */
  async command(title: string): Promise<void> {
    const { page } = this;
    await until(async () => {
      await page.keyboard.press('Escape');
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget:visible input.input').fill(`>${title}`, { timeout: 3000 });
      await this.activeRow(title).waitFor({ timeout: 3000 });
      return true;
    }, `the palette lists “${title}”`);
    await page.keyboard.press('Enter');
  }

  /** A row of the open quick pick. */
  row(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text });
  }

  /** The same, if it is the one that Enter takes. */
  activeRow(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row.focused').filter({ hasText: text });
  }

  /** Types into the quick pick until a row of this text is active, which one that is left on the way never has, and takes it. */
  async choose(filter: string, text: string | RegExp = filter): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    await until(async () => {
      if ((await input.inputValue({ timeout: 3000 })) !== filter) await input.fill(filter, { timeout: 3000 });
      return (await this.activeRow(text).count()) === 1;
    }, `the list offers “${filter}”`);
    await this.page.keyboard.press('Enter');
  }

  /** Code lenses of this title, from the top down. */
  lens(title: string): Locator {
    return this.page.locator('.codelens-decoration a').filter({ hasText: new RegExp(`^${title}$`) });
  }

  /** Clicks a lens until what it leads to is there: lenses move while the editor lays itself out. */
  async clickLens(lens: Locator, outcome: Locator): Promise<void> {
    await until(async () => {
      if (await outcome.count()) return true;
      await lens.click({ timeout: 5000 });
      await outcome.waitFor({ timeout: 20_000 });
      return true;
    }, 'the lens leads somewhere');
  }

  /** Begins a chat by a stage's lens, about no request; `title` is what its tab is called then. */
  async chatByLens(lens: Locator, title: string): Promise<void> {
    await this.clickLens(lens, this.#request);
    await this.skipRequest();
    await this.page.locator('.tab').filter({ hasText: title }).waitFor({ timeout: SLOW });
  }

  /** Says that a chat which begins is about no request. */
  async skipRequest(): Promise<void> {
    await this.#request.waitFor({ timeout: SLOW });
    await this.activeRow('Skip').waitFor({ timeout: SLOW });
    await this.page.keyboard.press('Enter');
  }

  get #request(): Locator {
    return this.page.locator('.quick-input-title:visible').filter({ hasText: 'What is the work about?' });
  }

  /** The page inside the chat panel's two frames. */
  panel(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame');
  }

  /** Types into the chat panel's open list of models and takes the row that is then active. */
  async pickModel(filter: string): Promise<void> {
    await this.panel().getByRole('combobox').fill(filter);
    await this.panel().getByRole('option', { selected: true }).filter({ hasText: filter }).waitFor({ timeout: SLOW });
    await this.page.keyboard.press('Enter');
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item').filter({ hasText: text });
  }

  /** Puts the cursor at the end of the first line that holds `text`. */
  async cursorAfter(text: string): Promise<void> {
    await this.page.locator('.editor-instance .monaco-editor .view-line').filter({ hasText: text }).first().click();
    await this.page.keyboard.press('End');
  }

  /** Selects a word of the open file. */
  async select(word: string): Promise<void> {
    await this.cursorAfter(word);
    for (let i = 0; i < word.length; i++) await this.page.keyboard.press('Shift+ArrowLeft');
  }

  /** Saves the open file, again when an edit came after that. */
  async save(): Promise<void> {
    await until(async () => {
      await this.page.keyboard.press('Control+s');
      await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached', timeout: 3000 });
      return true;
    }, 'the file is saved');
  }

  /** A picture of the window, or of a part of it. */
  async shot(path: string, clip?: { x: number; y: number; width: number; height: number }): Promise<void> {
    await this.page.screenshot({ path, animations: 'disabled', caret: 'hide', ...(clip ? { clip } : {}) });
  }

  /** Takes the mouse where nothing shows under it. */
  async mouseAway(): Promise<void> {
    await this.page.mouse.move(this.page.viewportSize()!.width / 2, 2);
  }
}

/** Pictures side by side as one. */
export async function montage(browser: Browser, path: string, pictures: readonly Buffer[]): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
  const images = pictures.map((picture) => `<img src="data:image/png;base64,${picture.toString('base64')}">`);
  await page.setContent(`<style>body { margin: 0 } div { display: inline-flex; gap: 8px; background: #808080; padding: 8px } img { display: block }</style><div>${images.join('')}</div>`);
  await page.locator('div').screenshot({ path });
  await page.close();
}

/** Waits until something holds; an exception counts as not yet. */
export async function until(holds: () => Promise<boolean> | boolean, what: string, ms = SLOW): Promise<void> {
  const end = Date.now() + ms;
  let last: unknown;
  while (Date.now() < end) {
    try {
      if (await holds()) return;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited ${ms / 1000} s in vain until ${what}. ${last ?? ''}`);
}

/** Leaves behind what there is to see of a failure: the window, and what the extension logged. */
export async function failure(editor: Editor, code: Workbench, name: string): Promise<void> {
  const folder = join(import.meta.dirname, '../../build/editors');
  await mkdir(folder, { recursive: true });
  const place = join(folder, name.replaceAll(/[^\w]+/g, '-'));
  await code.shot(`${place}.png`);
  await writeFile(`${place}.log`, await editor.log());
  console.error(`See ${place}.png and ${place}.log`);
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}`))));
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
