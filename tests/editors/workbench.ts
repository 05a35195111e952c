// A window of VS Code in a browser: the few gestures that the tests are made of, none of which can come too early.

import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { SLOW, until } from './waiting.ts';

/**
 * Gestures in a workbench window. Each waits for a state: VS Code shows one thing in the place of another when it has
 * got there, lays itself out meanwhile, and takes keys wherever the focus is.
 */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(SLOW);
  }

  async goto(address: string): Promise<void> {
    await this.page.goto(address);
    await this.page.locator('.monaco-workbench .part.editor').waitFor();
  }

  /** Waits for two folders. On a busy machine code-server at times opens a workspace without them; opened again, it has them. */
  async folders(names: RegExp, address: string): Promise<void> {
    const roots = this.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: names });
    await until(async () => {
      const shown = await roots.nth(1).waitFor({ timeout: 20_000 }).then(() => true, () => false);
      if (!shown) await this.goto(address);
      return shown;
    }, 'both folders are there');
  }

  async opened(name: string): Promise<void> {
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator('.editor-instance .monaco-editor .view-lines').first().waitFor();
  }

  /** Presses keys until something is there; not once it is, as many a shortcut takes away what it brought. */
  async pressFor(keys: string, outcome: Locator, before?: () => Promise<unknown>): Promise<Locator> {
    await until(async () => {
      if (await outcome.first().isVisible()) return true;
      await before?.();
      for (const key of keys.split(' ')) await this.page.keyboard.press(key);
      await outcome.first().waitFor({ timeout: 5000 });
      return true;
    }, `${keys} brings ${outcome}`);
    return outcome;
  }

  /** Closes an editor that lies over all others, as those of VS Code itself do. */
  async closeModal(modal: Locator): Promise<void> {
    await modal.waitFor();
    await until(async () => {
      if ((await modal.count()) === 0) return true;
      await modal.press('Escape', { timeout: 3000 });
      return false;
    }, `${modal} is closed`);
  }

  // What VS Code asks at the window's top

  /** The open list or input box, known by its title or by what its empty field says: one takes the place of another. */
  asked(about: string | RegExp): Locator {
    const title = this.page.locator('.quick-input-title:visible').filter({ hasText: about });
    return this.page.locator('.quick-input-widget:visible').filter({ has: title.or(this.page.getByPlaceholder(about)) });
  }

  /** Answers an input box by a text, or by the one that it holds already. */
  async answer(about: string, text?: string): Promise<void> {
    const input = this.asked(about).locator('input.input');
    await input.waitFor();
    if (text !== undefined) {
      await until(async () => {
        if ((await input.inputValue({ timeout: 3000 })) === text) return true;
        await input.fill(text, { timeout: 3000 });
        return false; // it has to be there still
      }, `“${about}” has its answer`);
    }
    await input.press('Enter');
  }

  /** A row of the open list. */
  row(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text });
  }

  /** Types into a list until a row of this text is active, which one that is left on the way never has, and takes it. */
  async choose(about: string | RegExp, filter: string, text: string | RegExp = filter): Promise<void> {
    const list = this.asked(about);
    const input = list.locator('input.input');
    const active = list.locator('.monaco-list-row.focused').filter({ hasText: text });
    await until(async () => {
      if ((await input.inputValue({ timeout: 3000 })) !== filter) await input.fill(filter, { timeout: 3000 });
      return (await active.count()) === 1;
    }, `“${about}” offers “${filter}”`);
    await input.press('Enter');
  }

  /** Runs a command by its title in the palette, which lists a command only once its extension is known. */
  async command(title: string): Promise<void> {
    const { page } = this;
    const input = this.asked(/^Type the name of a command/).locator('input.input');
    const label = page.locator('.label-name').getByText(title, { exact: true });
    const row = page.locator('.quick-input-list .monaco-list-row.focused').filter({ has: label });
    // Where nothing is asked, Escape would end something else: an answer in a chat.
    const leave = async (): Promise<unknown> => (await page.locator('.quick-input-widget:visible').count()) && page.keyboard.press('Escape');
    await until(async () => {
      if (!(await input.isVisible())) {
        await leave();
        await page.keyboard.press('F1');
      }
      await input.fill(`>${title}`, { timeout: 10_000 });
      const listed = await row.waitFor({ timeout: 5000 }).then(() => true, () => false);
      if (!listed) await leave();
      return listed;
    }, `the palette lists “${title}”`);
    await input.press('Enter');
  }

  /** Opens a file of the folder by its name. */
  async openFile(name: string): Promise<void> {
    const about = 'Search files by name';
    await this.pressFor('Control+p', this.asked(about));
    await this.choose(about, name);
    await this.opened(name);
  }

  /** Says that a chat which begins is about no request. */
  skipRequest(): Promise<void> {
    return this.choose('What is the work about?', '', 'Skip');
  }

  // A text editor

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
    await this.clickLens(lens, this.asked('What is the work about?'));
    await this.skipRequest();
    await this.page.locator('.tab').filter({ hasText: title }).waitFor();
  }

  /** Puts the cursor at the end of the first line that holds `text`, again where lines moved under the mouse. */
  async cursorAfter(text: string): Promise<void> {
    const line = (editor: Locator | Page): Locator => editor.locator('.view-line').filter({ hasText: text });
    const editor = this.page.locator('.editor-instance .monaco-editor').filter({ has: line(this.page) }).first();
    const cursor = editor.locator('.cursors-layer .cursor').first();
    const stands = async (): Promise<boolean> => {
      const [wanted, is] = [await line(editor).first().boundingBox(), await cursor.boundingBox()];
      return wanted !== null && is !== null && Math.abs(wanted.y - is.y) < wanted.height / 2;
    };
    await until(async () => {
      await line(editor).first().click({ timeout: 5000 });
      await this.page.keyboard.press('End');
      await until(stands, 'it is there', 2000);
      return true;
    }, `the cursor is behind “${text}”`);
    await this.mouseAway(); // a hover would come
  }

  /** Selects a word of the open file. */
  async select(word: string): Promise<void> {
    await this.cursorAfter(word);
    for (let i = 0; i < word.length; i++) await this.page.keyboard.press('Shift+ArrowLeft');
  }

  /** Rows of the suggestions at the cursor. */
  suggestions(text: string | RegExp): Promise<Locator> {
    return this.pressFor('Control+Space', this.page.locator('.editor-instance .suggest-widget.visible .monaco-list-row').filter({ hasText: text }));
  }

  /** Rows of the quick fixes at the cursor; pressed twice, the shortcut would take the first. */
  quickFixes(text: string | RegExp): Promise<Locator> {
    return this.pressFor('Control+.', this.page.locator('.action-widget .monaco-list-row').filter({ hasText: text }), () => this.page.keyboard.press('Escape'));
  }

  /** The hover at the cursor. */
  hoverAtCursor(said: string): Promise<Locator> {
    return this.pressFor('Control+k Control+i', this.hoverOf(said));
  }

  /** The hover of something, which the mouse is moved onto until it is shown. */
  async hover(target: Locator, said: string): Promise<Locator> {
    await until(async () => {
      await this.mouseAway();
      await target.hover({ timeout: 3000 });
      await this.hoverOf(said).first().waitFor({ timeout: 4000 });
      return true;
    }, `the hover says “${said}”`);
    return this.hoverOf(said);
  }

  private hoverOf(said: string): Locator {
    return this.page.locator('.monaco-hover:visible').filter({ hasText: said });
  }

  /** Saves the open file until something holds of what is written: an edit may come after. */
  async save(written: () => Promise<boolean>): Promise<void> {
    await until(async () => {
      await this.page.keyboard.press('Control+s');
      await until(written, 'it is written', 3000);
      return true;
    }, 'the file is saved');
  }

  // What stands around it

  /** A row of the Problems view. */
  problem(text: string): Locator {
    return this.page.locator('.markers-panel .monaco-list-row').filter({ hasText: text });
  }

  /** Opens the Problems view and waits for a row. */
  async problems(text: string): Promise<Locator> {
    await this.pressFor('Control+Shift+M', this.page.locator('.markers-panel'));
    await this.problem(text).first().waitFor();
    return this.problem(text);
  }

  /** Waits until a log is shown, with this in it. A busy VS Code at times shows one without its text; shown again, it has it. */
  async output(channel: string, text: string): Promise<void> {
    const panel = this.page.locator('.part.panel');
    const which = panel.locator('select[aria-label="Switch Output"]').first();
    await until(async () => (await which.inputValue({ timeout: 3000 })) === channel, `the log of ${channel} is shown`);
    const lines = panel.locator('.view-lines').filter({ hasText: text });
    await until(async () => {
      const told = await lines.waitFor({ timeout: 20_000 }).then(() => true, () => false);
      if (!told) for (let i = 0; i < 2; i++) await this.command('View: Toggle Output');
      return told;
    }, `it says “${text}”`);
  }

  /** Waits until the language status says each of these, and shows it then. */
  async languageStatus(said: readonly RegExp[], ms = SLOW): Promise<void> {
    const rows = this.page.locator('.hover-language-status .element');
    await until(async () => {
      await this.mouseAway();
      await this.page.locator('[id="status.languageStatus"]').hover({ timeout: 3000 });
      for (const text of said) await rows.filter({ hasText: text }).first().waitFor({ timeout: 3000 });
      return true;
    }, `the language status says ${said.join(', ')}`, ms);
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item').filter({ hasText: text });
  }

  /** Presses a button of a notification, which VS Code puts away behind its bell after some seconds. */
  async press(said: string | RegExp, name: string): Promise<void> {
    const notification = this.page.locator('.notification-list-item:visible').filter({ hasText: said }).first();
    await until(async () => {
      if (!(await notification.count())) await this.command('Notifications: Show Notifications');
      await notification.getByRole('button', { name, exact: true }).click({ timeout: 5000 });
      return true;
    }, `“${name}” is pressed`);
  }

  /** The page inside the chat panel's two frames. */
  panel(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('iframe#active-frame');
  }

  /** Types into the chat panel's open list of models and takes the row that is then active. */
  async pickModel(filter: string): Promise<void> {
    const input = this.panel().getByRole('combobox');
    await input.fill(filter);
    await this.panel().getByRole('option', { selected: true }).filter({ hasText: filter }).waitFor();
    await input.press('Enter');
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
