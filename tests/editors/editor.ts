// A real VS Code (code-server), and the browser that shows its windows: starting and ending them.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser } from 'playwright-core';
import { SLOW, until } from './waiting.ts';
import { writeSettings } from './world.ts';

/** What `install.sh` printed. */
const HOME = process.env['STAGEWRIGHT_EDITORS'] ?? '';
const NODE = join(HOME, 'node/distribution/bin/node');
const CODE_SERVER = join(HOME, 'code-server/node_modules/code-server/out/node/entry.js');

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
  port: number;
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

  /** The process above all others of this VS Code. */
  get pid(): number {
    return this.#process.pid!;
  }

  static async start(options: EditorOptions = {}): Promise<Editor> {
    const folder = await mkdtemp(join(tmpdir(), 'stagewright-editor-'));
    const data = join(folder, 'data');
    await mkdir(join(data, 'User'), { recursive: true });
    const initial = { 'security.workspace.trust.enabled': options.trust ?? false, ...options.settings };
    await writeAllSettings(data, initial);
    await writeFile(join(folder, 'config.yaml'), '');
    const common = commonArguments(folder);
    const env = { ...process.env, ...options.env, PATH: `${join(HOME, 'node/distribution/bin')}:${process.env['PATH']}` };
    if (options.vsix) await install(folder, options.vsix);
    const serve = [...common, '--auth', 'none', '--bind-addr', '127.0.0.1:0', '--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'];
    const child = spawn(NODE, serve, { env, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    const editor = new Editor(0, folder, child, initial);
    try {
      editor.port = await portOf(child);
      await until(async () => (await fetch(`http://127.0.0.1:${editor.port}/healthz`)).ok, 'code-server answers');
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
    await writeAllSettings(this.data, { ...this.#initial, ...settings });
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
    this.#signal('SIGTERM');
    const late = setTimeout(() => this.#signal('SIGKILL'), SLOW);
    await ended;
    clearTimeout(late);
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.#process.pid!, signal);
    } catch {
      // it has ended by itself
    }
  }
}

const commonArguments = (folder: string): string[] => [CODE_SERVER, '--config', join(folder, 'config.yaml'), '--user-data-dir', join(folder, 'data'), '--extensions-dir', join(folder, 'extensions')];

const install = (folder: string, vsix: string): Promise<void> =>
  finished(spawn(NODE, [...commonArguments(folder), '--install-extension', vsix, '--force'], { stdio: ['ignore', 'ignore', 'inherit'] }));

/** Settings of machine scope are read from the machine's own file in a remote window, which code-server's windows are. */
async function writeAllSettings(data: string, settings: Record<string, unknown>): Promise<void> {
  const machine = Object.entries(settings).filter(([name]) => name.startsWith('stagewright.'));
  await mkdir(join(data, 'Machine'), { recursive: true });
  await writeSettings(join(data, 'Machine/settings.json'), Object.fromEntries(machine));
  await writeSettings(join(data, 'User/settings.json'), { ...SETTINGS, ...settings });
}

function finished(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`exit code ${code}`))));
  });
}

/** The port that code-server has taken and says so. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    createInterface({ input: child.stdout! }).on('line', (line) => {
      said.push(line);
      const [, port] = /HTTP server listening on http:\/\/[\d.]+:(\d+)/.exec(line) ?? [];
      if (port) resolve(Number(port));
    });
    child.once('exit', () => reject(new Error(`code-server has ended: ${said.join('\n')}`)));
  });
}
