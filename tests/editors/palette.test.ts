// What is reached by the palette and the transcript in a real VS Code; and how soon the extension is up.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { LONG, Scene, SLOWLY } from './scene.ts';
import { failure, SLOW, until, type Editor, type Workbench } from './workbench.ts';
import { FEATURE, folderOf, TEMPLATE } from './world.ts';

describe('by palette and transcript', () => {
  let scene: Scene;
  let folder: Awaited<ReturnType<typeof folderOf>>;
  let editor: Editor;
  let code: Workbench;

  before(async () => {
    [scene, folder] = await Promise.all([Scene.open(), folderOf({ [TEMPLATE]: FEATURE })]);
    editor = await scene.editor();
    code = await scene.window(editor, folder.path, join(folder.path, TEMPLATE));
  });
  after(async () => {
    await editor?.close();
    await scene?.close();
    await folder?.remove();
  });

  let broken = false;
  const step = (name: string, action: () => Promise<void>): void =>
    void test(name, async () => {
      assert.ok(!broken, 'an earlier step failed');
      try {
        await action();
      } catch (error) {
        broken = true;
        await failure(editor, code, name);
        throw error;
      }
    });

  const panel = () => code.panel();
  const ready = (): Promise<void> => panel().locator('.panel[data-ready="true"]').waitFor({ timeout: SLOW });
  const message = () => panel().getByRole('textbox', { name: 'Message' });
  const answer = (text: string) => panel().locator('.message.answer:not(.streaming)').filter({ hasText: text });
  const current = (stage: string): Promise<void> => panel().locator('.stage.current').filter({ hasText: stage }).waitFor({ timeout: SLOW });
  const closeAll = async (): Promise<void> => {
    await code.command('View: Close All Editors');
    await code.page.locator('.tab').first().waitFor({ state: 'detached', timeout: SLOW });
  };

  step('the extension is activated by a template, and VS Code says in how long', async () => {
    const row = code.page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: 'Stagewright' });
    await code.lens('Chat').first().waitFor({ timeout: SLOW });
    await code.command('Developer: Show Running Extensions');
    await row.waitFor({ timeout: SLOW });
    const time = row.locator('.activation-time').filter({ hasText: /\d+ms/ });
    await time.waitFor({ timeout: SLOW });
    console.log(`Stagewright, as VS Code measured it: ${await time.innerText()}`);
  });

  step('a chat begins by the palette', async () => {
    await closeAll();
    await code.command('Stagewright: Chat with Stage');
    await code.row('design').waitFor({ timeout: SLOW });
    await code.choose('design');
    await ready();
    await current('design');
  });

  step('Send, Stop and Switch Model act on the chat', async () => {
    await scene.loopback.control({ chats: [SLOWLY] });
    await message().fill('Slowly, please.');
    await code.command('Stagewright: Send');
    await panel().locator('.message.answer.streaming').filter({ hasText: 'Step 1' }).waitFor({ timeout: SLOW });
    await code.command('Stagewright: Stop');
    await answer('Step 1').locator('.partial').filter({ hasText: 'Stopped' }).waitFor({ timeout: SLOW });
    await code.command('Stagewright: Stop');
    await code.notification('There is nothing to stop').waitFor({ timeout: SLOW });
    await code.command('Notifications: Clear All Notifications');
    await code.command('Stagewright: Switch Model');
    await panel().getByRole('combobox').fill('gpt-6.1-sol');
    await code.page.keyboard.press('Enter');
    await panel().locator('.model-button').filter({ hasText: 'gpt-6.1-sol' }).waitFor({ timeout: SLOW });
  });

  step('Advance Stage says what is missing; Approve Gate and Advance Stage go on', async () => {
    await code.command('Stagewright: Advance Stage');
    await panel().getByRole('alert').filter({ hasText: /gate/i }).waitFor({ timeout: SLOW });
    await code.command('Stagewright: Approve Gate');
    await panel().locator('.card.gate.open').waitFor({ timeout: SLOW });
    await code.command('Stagewright: Advance Stage');
    await current('implementation');
  });

  step('without a chat in view they ask which workflow, and show it', async () => {
    await closeAll();
    await code.command('Stagewright: Approve Gate');
    await code.choose('feature');
    const dialog = code.page.locator('.monaco-dialog-box').filter({ hasText: 'make test' });
    await dialog.getByRole('button', { name: 'Confirm' }).click({ timeout: SLOW });
    await ready();
    await panel().locator('.card.gate.open').waitFor({ timeout: SLOW });
    await closeAll();
    await code.command('Stagewright: Advance Stage');
    await code.choose('feature');
    await ready();
    await current('review');
  });

  step('Open Workflow brings back a chat that was closed', async () => {
    await closeAll();
    await code.command('Stagewright: Open Workflow');
    await code.row('New chat').waitFor({ timeout: SLOW });
    await code.choose('feature', /feature/);
    await ready();
    await panel().locator('.message.human').filter({ hasText: 'Slowly, please.' }).waitFor({ timeout: SLOW });
    await answer('Step 1').waitFor({ timeout: SLOW });
  });

  step('Open Transcript shows the conversation; its lenses send and stop', async () => {
    await scene.loopback.control({ chats: [{ text: 'Sent by a lens.' }, { ...SLOWLY, text: LONG.replaceAll('Step', 'Part') }] });
    await code.command('Stagewright: Open Transcript');
    await code.page.locator('.tab.active').filter({ hasText: '.chat.md' }).waitFor({ timeout: SLOW });
    const line = (text: string | RegExp) => code.page.locator('.view-line').filter({ hasText: text });
    /** Clicks a lens at the document's end until what it leads to stands there: the text grows under the mouse. */
    const clickAtEnd = (lens: string, outcome: Locator): Promise<void> =>
      until(async () => {
        await code.page.keyboard.press('Control+End');
        if (await outcome.count()) return true;
        await code.lens(lens).last().click({ timeout: 2000 });
        await code.page.keyboard.press('Control+End');
        await outcome.last().waitFor({ timeout: 3000 });
        return true;
      }, `the lens “${lens}” leads somewhere`);
    await line('Your message').waitFor({ timeout: SLOW });
    await code.page.keyboard.press('Control+End');
    await code.page.keyboard.insertText('Does it read well?');
    await clickAtEnd('Send', line('Sent by a lens.'));
    await code.page.keyboard.insertText('And at length?');
    await clickAtEnd('Send', line('Part 1'));
    await clickAtEnd('Stop', line(/gpt-5\.5-mini.*partial/));
    await code.save();
  });
});
