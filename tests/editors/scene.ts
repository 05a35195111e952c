// What a test file in a real VS Code stands on: loopback providers, a browser, a home, the VSIX; and windows on them.

import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Editor, failure, launchBrowser, Workbench, type EditorOptions } from './workbench.ts';
import { cleanEnvironment, folderOf, Loopback, ROOT } from './world.ts';

/** The server of this checkout. */
export const STAGEWRIGHT = join(ROOT, '.venv/bin/stagewright');

export class Scene {
  readonly loopback: Loopback;
  readonly browser: Browser;
  readonly home: Awaited<ReturnType<typeof folderOf>>;
  readonly vsix: string;

  private constructor(loopback: Loopback, browser: Browser, home: Scene['home'], vsix: string) {
    this.loopback = loopback;
    this.browser = browser;
    this.home = home;
    this.vsix = vsix;
  }

  static async open(): Promise<Scene> {
    const dist = join(ROOT, 'dist');
    const [vsix] = (await readdir(dist)).filter((name) => name.endsWith('.vsix'));
    const home = await folderOf({}, 'stagewright-home-');
    const browser = await launchBrowser();
    // Whatever is left open keeps the test runner from its end.
    const loopback = await Loopback.start().catch(async (error) => {
      await browser.close();
      throw error;
    });
    return new Scene(loopback, browser, home, join(dist, vsix!));
  }

  /** A VS Code with the extension, which runs the server of this checkout unless its settings say otherwise. */
  editor(options: EditorOptions = {}): Promise<Editor> {
    const settings = { 'stagewright.server.path': STAGEWRIGHT, ...options.settings };
    return Editor.start({ ...options, vsix: this.vsix, settings, env: { ...cleanEnvironment(this.home.path, this.loopback.environ), ...options.env } });
  }

  /** A window on a folder, a `.code-workspace` file or nothing, with a file open. */
  async window(editor: Editor, open: string | null, file?: string): Promise<Workbench> {
    const code = new Workbench(await this.browser.newPage({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' }));
    await code.goto(editor.address(open, file));
    return code;
  }

  /** A window for the length of one test. */
  async inWindow(editor: Editor, open: string | null, file: string | undefined, use: (code: Workbench) => Promise<void>): Promise<void> {
    const code = await this.window(editor, open, file);
    try {
      await use(code);
    } catch (error) {
      await failure(editor, code, `${error instanceof Error ? error.message.slice(0, 40) : 'failure'}`);
      throw error;
    } finally {
      await code.page.close();
    }
  }

  /** A program of this text, in the home. */
  async program(name: string, text: string): Promise<string> {
    const path = join(this.home.path, name);
    await writeFile(path, `#!/bin/sh\n${text}\n`);
    await chmod(path, 0o755);
    return path;
  }

  /** The server of this checkout under a name of its own, and the process ids of those that were started by it. */
  async server(name: string): Promise<{ readonly path: string; readonly pids: () => Promise<number[]> }> {
    const notes = join(this.home.path, `${name}.pids`);
    const path = await this.program(name, `[ "$1" = server ] && echo $$ >>'${notes}'\nexec '${STAGEWRIGHT}' "$@"`);
    return { path, pids: async () => (await readFile(notes, 'utf8').catch(() => '')).split('\n').filter(Boolean).map(Number) };
  }

  async close(): Promise<void> {
    await this.browser.close();
    this.loopback.close();
    await this.home.remove();
  }
}

/** A long answer. */
export const LONG = Array.from({ length: 12 }, (_, i) => `**Step ${i + 1}.** The registry looks at the age of the list, and decides whether it must be asked for again.`).join('\n\n');

/** An answer at a reader's pace that comes to its middle and no further, so that a busy machine cannot miss it. */
export const inMidAnswer = (text: string): { text: string; piece: number; delay: number; fault: string; after: number } => ({
  ...{ text, piece: 12, delay: 0.15 },
  ...{ fault: 'pause', after: Math.floor(text.length / 12 / 2) },
});
