// What a test file in a real VS Code stands on: loopback providers, a browser, a home, the VSIX; and windows on them.

import assert from 'node:assert/strict';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { Editor, launchBrowser, type EditorOptions } from './editor.ts';
import { failure } from './failures.ts';
import { Workbench } from './workbench.ts';
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
      await failure(editor, code, error instanceof Error ? error.message : 'failure');
      throw error;
    } finally {
      await code.page.close();
    }
  }

  /** A program of this text, in the home; `runner` is what its first line names. */
  async program(name: string, text: string, runner = '/bin/sh'): Promise<string> {
    const path = join(this.home.path, name);
    await writeFile(path, `#!${runner}\n${text}\n`);
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

/** An editor for the tests of a suite. */
export class Place {
  scene!: Scene;
  editor!: Editor;
  readonly #files: Record<string, string>;

  /** Of an editor that is made before the first test of the suite and taken away after its last; `prepare` comes between. */
  constructor(files: Record<string, string>, options: EditorOptions = {}, prepare?: (editor: Editor) => Promise<void>) {
    this.#files = files;
    before(async () => {
      this.scene = await Scene.open();
      this.editor = await this.scene.editor(options);
      await prepare?.(this.editor);
    });
    after(async () => {
      await this.editor?.close();
      await this.scene?.close();
    });
  }

  /** A window on a folder of its own, with a file open: VS Code brings back what was changed in one and not saved. */
  async inWindow(file: string, use: (code: Workbench, path: (name: string) => string) => Promise<void>): Promise<void> {
    const folder = await folderOf(this.#files);
    const path = (name: string): string => join(folder.path, name);
    await this.scene.inWindow(this.editor, folder.path, path(file), (code) => use(code, path)).finally(folder.remove);
  }
}

/** The steps of a story in one window: each stands on those before it, so the first that fails ends it. */
export function story(at: () => { readonly editor: Editor; readonly code: Workbench }): (name: string, action: (t: TestContext) => Promise<void>) => void {
  let broken = false;
  return (name, action) =>
    void test(name, async (t) => {
      assert.ok(!broken, 'an earlier step failed');
      try {
        await action(t);
      } catch (error) {
        broken = true;
        await failure(at().editor, at().code, name);
        throw error;
      }
    });
}

/** A long answer. */
export const LONG = Array.from({ length: 12 }, (_, i) => `**Step ${i + 1}.** The registry looks at the age of the list, and decides whether it must be asked for again.`).join('\n\n');

/** An answer at a reader's pace that comes to its middle and no further, so that a busy machine cannot miss it. */
export const inMidAnswer = (text: string): { text: string; piece: number; delay: number; fault: string; after: number } => ({
  ...{ text, piece: 12, delay: 0.15 },
  ...{ fault: 'pause', after: Math.floor(text.length / 12 / 2) },
});
