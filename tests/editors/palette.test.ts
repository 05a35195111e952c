// What is reached by the palette, the walkthrough and the transcript in a real VS Code; and what activates the extension.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import type { Locator } from 'playwright-core';
import type { Editor } from './editor.ts';
import { inMidAnswer, LONG, Scene, story } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { FEATURE, folderOf, TEMPLATE } from './world.ts';

/** The walkthrough's steps, and the buttons of each. */
const STEPS: readonly (readonly [string, readonly string[]])[] = [
  ['Let it ask a provider', ['Set API Key', 'Use the Rehearsal Models']],
  ['Choose models that exist', ['New Template', "Change Stage's Model"]],
  ['Chat with a stage', ['Chat with Stage']],
];

/** Of the first stage, which Stagewright does not run and says so. */
const HOOK = `    hooks:
      onExit:
        - type: command
          command: make plans
`;

describe('by palette, walkthrough and transcript', () => {
  let scene: Scene;
  let folder: Awaited<ReturnType<typeof folderOf>>;
  let without: Awaited<ReturnType<typeof folderOf>>;
  let editor: Editor;
  let code: Workbench;

  before(async () => {
    scene = await Scene.open();
    folder = await folderOf({ [TEMPLATE]: FEATURE.replace('  - name: implementation', `${HOOK}  - name: implementation`) });
    without = await folderOf({ 'notes.yaml': 'of: something else\n' });
    editor = await scene.editor();
    code = await scene.window(editor, folder.path, join(folder.path, TEMPLATE));
  });
  after(async () => {
    await editor?.close();
    await scene?.close();
    await folder?.remove();
    await without?.remove();
  });

  const step = story(() => ({ editor, code }));

  const panel = () => code.panel();
  const ready = (): Promise<void> => panel().locator('.panel[data-ready="true"]').waitFor();
  const message = () => panel().getByRole('textbox', { name: 'Message' });
  const answer = (text: string) => panel().locator('.message.answer:not(.streaming)').filter({ hasText: text });
  const current = (stage: string): Promise<void> => panel().locator('.stage.current').filter({ hasText: stage }).waitFor();
  const closeAll = async (): Promise<void> => {
    await code.command('View: Close All Editors');
    await code.page.locator('.tab').first().waitFor({ state: 'detached' });
  };

  step('the extension is awake once VS Code is up, without a server; what VS Code measures is shown', async (t) => {
    const running = (window: Workbench, name: string) => window.page.locator('.runtime-extensions-editor .monaco-list-row').filter({ hasText: name });
    /** The time beside an extension in the list of those that are activated, in a window so high that none is out of sight. */
    const activation = async (window: Workbench, name: string): Promise<string> => {
      await window.page.setViewportSize({ width: 1280, height: 2400 });
      await window.command('Developer: Show Running Extensions');
      const time = running(window, name).locator('.activation-time').filter({ hasText: /\d+ms/ });
      await time.waitFor();
      return time.innerText();
    };
    await scene.inWindow(editor, without.path, join(without.path, 'notes.yaml'), async (other) => {
      await other.opened('notes.yaml');
      t.diagnostic(`without a model: ${await activation(other, 'Stagewright')}`);
      assert.ok(((await editor.log()).match(/Starting Stagewright/g)?.length ?? 0) <= 1, 'the window with the template alone has a server');
    });
    await code.lens('Chat').first().waitFor();
    t.diagnostic(`${await activation(code, 'Stagewright')}, as VS Code measured it`);
    await code.closeModal(code.page.locator('.runtime-extensions-editor'));
    await code.page.setViewportSize({ width: 1280, height: 800 });
  });

  step('a chat begins by the palette', async () => {
    await closeAll();
    await code.command('Stagewright: Chat with Stage');
    await code.choose('Chat with which stage?', 'design');
    await code.skipRequest();
    await ready();
    await current('design');
    await until(() => message().evaluate((box) => box === document.activeElement && document.hasFocus()), 'one can write at once');
  });

  step('Send, Stop and Switch Model act on the chat', async () => {
    await scene.loopback.control({ chats: [inMidAnswer(LONG)] });
    await message().fill('Slowly, please.');
    await code.command('Stagewright: Send');
    await panel().locator('.message.answer.streaming').filter({ hasText: 'Step 1' }).waitFor();
    await code.command('Stagewright: Stop');
    await answer('Step 1').locator('.partial').filter({ hasText: 'Stopped' }).waitFor();
    await code.command('Stagewright: Stop');
    await code.notification('There is nothing to stop').waitFor();
    await code.command('Notifications: Clear All Notifications');
    await code.command('Stagewright: Switch Model');
    await code.pickModel('gpt-6.1-sol');
    await panel().locator('.model-button').filter({ hasText: 'gpt-6.1-sol' }).waitFor();
  });

  step('Advance Stage says what is missing; Approve Gate goes on, after what is to be confirmed, or changes nothing', async () => {
    await code.command('Stagewright: Advance Stage');
    await panel().getByRole('alert').filter({ hasText: /gate/i }).waitFor();
    const dialog = code.page.locator('.monaco-dialog-box').filter({ hasText: 'Go on without this stage’s hooks?' });
    for (const button of ['Cancel', 'Go On Without Hooks']) {
      await code.command('Stagewright: Approve Gate');
      await dialog.filter({ hasText: "on leaving `design`: run `make plans`" }).waitFor();
      await dialog.getByRole('button', { name: button }).click();
      await dialog.waitFor({ state: 'detached' });
      if (button === 'Cancel') await panel().getByRole('button', { name: 'Approve' }).waitFor();
    }
    await current('implementation');
  });

  step('without a chat in view they ask which workflow, and show it', async () => {
    await closeAll();
    await code.command('Stagewright: Advance Stage');
    await code.choose('Advance', 'feature');
    const dialog = code.page.locator('.monaco-dialog-box').filter({ hasText: 'make test' });
    await dialog.filter({ hasText: 'Did all of these commands succeed?' }).getByRole('button', { name: 'Yes, Advance' }).click();
    await ready();
    await current('review'); // one confirmation, one step
  });

  step('a workflow is paused and gone on with, and shown as what it is', async () => {
    await code.command('Stagewright: Pause Workflow');
    await panel().locator('.titles .pill').filter({ hasText: 'Paused' }).waitFor();
    await closeAll();
    await code.command('Stagewright: Pause Workflow');
    await code.notification('No workflow of this workspace is active.').waitFor();
    await code.command('Notifications: Clear All Notifications');
    await code.command('Stagewright: Resume Workflow');
    await code.choose('Resume', 'feature', /Paused.*feature/s);
    await ready();
    await message().waitFor();
    await panel().locator('.titles .pill').waitFor({ state: 'detached' });
  });

  step('Open Workflow brings back a chat that was closed', async () => {
    await closeAll();
    await code.command('Stagewright: Open Workflow');
    await code.row('New chat').waitFor();
    await code.choose('Open workflow', 'feature');
    await ready();
    await panel().locator('.message.human').filter({ hasText: 'Slowly, please.' }).waitFor();
    await answer('Step 1').waitFor();
  });

  step('Control+F finds what was said', async () => {
    await message().focus();
    const find = await code.pressFor('Control+f', code.page.locator('.simple-find-part input:visible'));
    await find.fill('Step 1');
    await until(async () => {
      await find.press('Enter'); // leads to the next, which has this text too
      return panel().locator('body').evaluate(() => /Step 1/.test(getSelection()?.toString() ?? ''));
    }, 'what was found is marked');
    await find.focus();
    await code.page.keyboard.press('Escape');
  });

  step('Restart Server starts it anew, and Show Log shows that', async () => {
    const starts = async (): Promise<number> => (await editor.log()).match(/is running\./g)?.length ?? 0;
    const before = await starts();
    await code.command('Stagewright: Restart Server');
    await until(async () => (await starts()) === before + 1, 'it was started anew');
    await code.command('Stagewright: Show Log');
    await code.output('Stagewright', 'is running.');
  });

  step('Discard Workflow asks which and why, and those that have ended are not offered again', async () => {
    await closeAll();
    await code.command('Stagewright: Discard Workflow');
    await code.choose('Discard', 'feature');
    await code.asked('This cannot be undone').filter({ hasText: 'its chat becomes read-only' }).waitFor();
    await code.answer('This cannot be undone'); // nobody has to think of a reason
    await panel().locator('.composer.closed').filter({ hasText: 'Discarded. This chat is read-only.' }).waitFor();
    await panel().getByText('Discarded by the user').waitFor();
    await closeAll();
    await code.command('Stagewright: Advance Stage');
    await code.notification('Every workflow of this workspace has ended.').waitFor();
  });

  step('the walkthrough: three steps with their pictures, whose buttons act', async () => {
    await closeAll();
    await code.command('Welcome: Open Walkthrough');
    await code.choose('Select a walkthrough to open', 'Get started with Stagewright');
    const steps = code.page.locator('.gettingStartedContainer .getting-started-step');
    await until(async () => (await steps.count()) === STEPS.length, 'the steps are listed');
    const expanded = code.page.locator('.gettingStartedContainer .getting-started-step.expanded');
    const button = (name: string) => expanded.getByRole('button', { name });
    const picture = code.page.locator('.gettingStartedContainer .getting-started-media img');
    const unfold = async (nth: number): Promise<void> => {
      const [title, buttons] = STEPS[nth]!;
      await until(async () => {
        if ((await expanded.filter({ hasText: title }).count()) === 0) await steps.nth(nth).click({ timeout: 3000 });
        return (await expanded.filter({ hasText: title }).count()) === 1;
      }, `“${title}” unfolds`);
      for (const name of buttons) await button(name).waitFor();
      await until(async () => (await picture.count()) === 1 && (await picture.evaluate((image: HTMLImageElement) => image.complete && image.naturalWidth > 400)), `the picture of “${title}” is there`);
    };
    for (const nth of STEPS.keys()) await unfold(nth);
    await unfold(0);
    await button('Use the Rehearsal Models').click();
    await code.page.locator('.statusbar-item').filter({ hasText: 'Rehearsal models are on' }).waitFor();
    await steps.first().locator('.codicon-getting-started-step-checked').first().waitFor();
    await unfold(2);
    await button('Chat with Stage').click();
    await code.choose('Chat with which stage?', 'design');
    await code.skipRequest();
    await ready();
  });

  step('Open Transcript shows the conversation; its lenses send and stop', async () => {
    await scene.loopback.control({ chats: [{ text: 'Sent by a lens.' }, inMidAnswer(LONG.replaceAll('Step', 'Part'))] });
    await code.command('Stagewright: Open Transcript');
    await code.page.locator('.tab.active').filter({ hasText: '.chat.md' }).waitFor();
    const line = (text: string) => code.page.locator('.view-line').filter({ hasText: text });
    const stopped = async (): Promise<boolean> => {
      const name = (await code.page.locator('.tab.active').getAttribute('data-resource-name'))!.replace('.chat.md', '.json');
      const { messages } = JSON.parse(await readFile(join(folder.path, '.choragen/workflows', name), 'utf8')) as { messages: { metadata?: { stopReason?: string } }[] };
      return messages.at(-1)?.metadata?.stopReason === 'stopped';
    };
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
    await code.cursorAfter('Your message');
    await code.page.keyboard.press('Control+End');
    await code.page.keyboard.insertText('Does it read well?');
    await line('Does it read well?').waitFor();
    await clickAtEnd('Send', line('Sent by a lens.'));
    await code.page.keyboard.insertText('And at length?');
    await line('And at length?').waitFor();
    await clickAtEnd('Send', line('Part 1'));
    await until(async () => {
      if (await stopped()) return true;
      await code.page.keyboard.press('Control+End');
      await code.lens('Stop').last().click({ timeout: 2000 });
      return await stopped();
    }, 'the lens “Stop” ends the answer');
    await code.save(async () => (await code.page.locator('.tab.active.dirty').count()) === 0);
  });

  step('a transcript whose tab was closed stays closed while an answer comes, and shows it when it is opened again', async () => {
    const transcript = code.page.locator('.tab').filter({ hasText: '.chat.md' });
    await code.command('View: Close All Editors');
    await until(async () => {
      if ((await code.page.locator('.tab').count()) === 0) return true;
      await code.page.getByRole('button', { name: "Don't Save" }).click({ timeout: 1000 }); // asked for where an edit came after saving
      return false;
    }, 'the transcript is closed');
    await code.command('Stagewright: Open Workflow');
    await code.choose('Open workflow', 'active', 'design');
    await ready();
    await scene.loopback.control({ chats: [inMidAnswer(LONG.replaceAll('Step', 'Chapter'))] });
    await message().fill('And again?');
    await code.command('Stagewright: Send');
    await panel().locator('.message.answer.streaming').filter({ hasText: 'Chapter 3' }).waitFor(); // a transcript follows twice a second
    assert.equal(await transcript.count(), 0);
    await code.command('Stagewright: Stop');
    await answer('Chapter 3').waitFor();
    await code.command('Stagewright: Open Transcript');
    await code.page.locator('.tab.active').filter({ hasText: '.chat.md' }).waitFor();
    await until(async () => {
      await code.page.keyboard.press('Control+End');
      return (await code.page.locator('.view-line').filter({ hasText: 'Chapter 3' }).count()) > 0;
    }, 'the transcript has the answer');
  });
});
