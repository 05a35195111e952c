// Two chats at once in a real VS Code: each streams its own answer, keeps its own draft, and is there after a reload.

import assert from 'node:assert/strict';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import type { Frame } from 'playwright-core';
import type { Editor } from './editor.ts';
import { inMidAnswer, Scene, STAGEWRIGHT, story } from './scene.ts';
import { until } from './waiting.ts';
import type { Workbench } from './workbench.ts';
import { FEATURE, folderOf, TEMPLATE } from './world.ts';

/** What the chats are called: by what was said first, or by what the work is said to be about. */
const TITLES = ['Tell me of Alpha.', 'Tell me of Beta.', 'A third voice'];

const tale = (hero: string): string => Array.from({ length: 12 }, (_, i) => `**${hero} ${i + 1}.** Here goes *${hero}*, as far as it goes.`).join('\n\n');

describe('two chats at once', () => {
  let scene: Scene;
  let folder: Awaited<ReturnType<typeof folderOf>>;
  let editor: Editor;
  let code: Workbench;
  /** All that the server has been told and asked. */
  let heard: string;

  before(async () => {
    scene = await Scene.open();
    folder = await folderOf({ [TEMPLATE]: FEATURE.replace('gpt-5.5-mini', 'gpt-6.1-sol') });
    heard = join(scene.home.path, 'heard');
    const server = await scene.program('overheard', `[ "$1" = server ] || exec '${STAGEWRIGHT}' "$@"\ntee -a '${heard}' | '${STAGEWRIGHT}' "$@"`);
    editor = await scene.editor({ settings: { 'stagewright.server.path': server } });
    code = await scene.window(editor, folder.path);
    await code.page.setViewportSize({ width: 1600, height: 900 });
  });
  after(async () => {
    await editor?.close();
    await scene?.close();
    await folder?.remove();
  });

  const step = story(() => ({ editor, code }));

  const workflows = async (): Promise<string[]> => (await readdir(join(folder.path, '.choragen/workflows'))).filter((name) => /^WF-.*\.json$/.test(name)).sort();
  const file = async (nth: number): Promise<string> => join(folder.path, '.choragen/workflows', (await workflows())[nth]!);
  const saved = async (nth: number): Promise<{ role: string; content: string }[]> => JSON.parse(await readFile(await file(nth), 'utf8')).messages;
  const loads = async (): Promise<number> => (await readFile(heard, 'utf8')).split('"stagewright.workflow.get"').length - 1;
  /** Another program adds a message of its own to a workflow. */
  async function addElsewhere(nth: number, content: string, more: object = {}): Promise<void> {
    const path = await file(nth);
    const workflow = JSON.parse(await readFile(path, 'utf8'));
    workflow.messages.push({ id: content, role: 'system', content, stageIndex: 0, timestamp: '2026-01-31T12:00:00.000Z', ...more });
    await writeFile(`${path}.new`, JSON.stringify(workflow));
    await rename(`${path}.new`, path);
  }

  /** The page of the chat with the workflow that was begun as the `nth`. */
  async function chat(nth: number): Promise<Frame> {
    await until(async () => (await workflows()).length > nth, `workflow ${nth + 1} is begun`);
    const id = (await workflows())[nth]!.replace('.json', '');
    let found: Frame | undefined;
    await until(async () => {
      for (const frame of code.page.frames()) if ((await frame.locator(`body[data-workflow-id="${id}"] .panel[data-ready="true"]`).count()) === 1) found = frame;
      return found !== undefined && !found.isDetached();
    }, `the chat ${id} is there`);
    return found!;
  }
  const message = (frame: Frame) => frame.getByRole('textbox', { name: 'Message' });
  const answer = (frame: Frame, text: string) => frame.locator('.message.answer:not(.streaming)').filter({ hasText: text });
  const streaming = (frame: Frame, text: string) => frame.locator('.message.answer.streaming').filter({ hasText: text });
  const said = async (frame: Frame): Promise<string[]> => (await frame.locator('.message .bubble, .message .markdown').allInnerTexts()).map(plain);
  const say = async (frame: Frame, text: string): Promise<void> => {
    await message(frame).fill(text);
    await frame.getByRole('button', { name: 'Send' }).click();
  };

  step('each in its column, each by the model of its stage', async () => {
    await code.openFile('feature.yaml');
    await code.chatByLens(code.lens('Chat').first(), 'feature: design');
    await code.chatByLens(code.lens('Chat').nth(1), 'feature: implementation');
    await code.command('View: Move Editor into Next Group');
    await until(async () => (await code.page.locator('iframe.webview.ready:visible').count()) === 2, 'both are in view');
    const [a, b] = [await chat(0), await chat(1)];
    await a.locator('.model-button').filter({ hasText: 'claude-opus-5-5' }).waitFor();
    await b.locator('.model-button').filter({ hasText: 'gpt-6.1-sol' }).waitFor();
  });

  step('both stream at once, each its own answer', async () => {
    await scene.loopback.control({ chats: ['Alpha', 'Beta'].map((hero) => inMidAnswer(tale(hero))) });
    const [a, b] = [await chat(0), await chat(1)];
    await say(a, 'Tell me of Alpha.');
    await streaming(a, 'Alpha 1').waitFor();
    await say(b, 'Tell me of Beta.');
    await streaming(b, 'Beta 1').waitFor();
    assert.equal(await a.locator('.streaming').count(), 1, 'the first goes on meanwhile');
    await scene.loopback.resume();
    await Promise.all([answer(a, 'Alpha 12').waitFor(), answer(b, 'Beta 12').waitFor()]);
    assert.deepEqual(await said(a), ['Tell me of Alpha.', plain(tale('Alpha'))]);
    assert.deepEqual(await said(b), ['Tell me of Beta.', plain(tale('Beta'))]);
    assert.deepEqual(await a.locator('.badge .model-name').allInnerTexts(), ['anthropic/claude-opus-5-5']);
    assert.deepEqual(await b.locator('.badge .model-name').allInnerTexts(), ['openai/gpt-6.1-sol']);
  });

  step('one is stopped, and the other goes on to its end', async () => {
    await scene.loopback.control({ chats: ['Gamma', 'Delta'].map((hero) => inMidAnswer(tale(hero))) });
    const [a, b] = [await chat(0), await chat(1)];
    await say(a, 'And Gamma?');
    await streaming(a, 'Gamma 1').waitFor();
    await say(b, 'And Delta?');
    await streaming(b, 'Delta 1').waitFor();
    await a.getByRole('button', { name: 'Stop' }).click();
    await answer(a, 'Gamma 1').locator('.partial').waitFor();
    await scene.loopback.resume();
    await answer(b, 'Delta 12').waitFor();
    assert.equal((await said(b)).at(-1), plain(tale('Delta')));
    assert.ok(plain(tale('Gamma')).startsWith((await said(a)).at(-1)!));
  });

  step('the one that was stopped is gone on with, in the same answer', async () => {
    await scene.loopback.control({ chats: [{ text: ' And so on to the end.' }] });
    const a = await chat(0);
    const before = await said(a);
    await a.getByRole('button', { name: 'Continue' }).click();
    await answer(a, 'And so on to the end.').waitFor();
    const after = await said(a);
    assert.deepEqual(after.slice(0, -1), before.slice(0, -1));
    assert.ok(after.at(-1)!.startsWith(before.at(-1)!), `${after.at(-1)} goes on from ${before.at(-1)}`);
    assert.equal(await answer(a, 'Gamma 1').locator('.partial').count(), 0);
  });

  step('the window is reloaded while both answer: every message, what had come of the answers, and both drafts are there', async () => {
    await scene.loopback.control({ chats: ['Epsilon', 'Zeta'].map((hero) => inMidAnswer(tale(hero))) });
    let [a, b] = [await chat(0), await chat(1)];
    await say(a, 'Then Epsilon.');
    await streaming(a, 'Epsilon 1').waitFor();
    await say(b, 'Then Zeta.');
    await message(a).fill('A thought on Epsilon');
    await message(b).fill('Another on Zeta');
    await streaming(b, 'Zeta 2').waitFor();
    await until(async () => /A thought on Epsilon[^]*Another on Zeta|Another on Zeta[^]*A thought on Epsilon/.test(await editor.storage('drafts.json')), 'the drafts are kept');
    const before = [await said(a), await said(b)] as const;
    await code.page.reload();
    await code.page.locator('.monaco-workbench .part.editor').waitFor();
    [a, b] = [await chat(0), await chat(1)];
    await answer(a, 'Epsilon 1').locator('.partial').waitFor();
    await answer(b, 'Zeta 2').locator('.partial').waitFor();
    for (const [nth, [frame, earlier, whole]] of ([[a, before[0], 'Epsilon'], [b, before[1], 'Zeta']] as const).entries()) {
      const now = await said(frame);
      assert.deepEqual(now.slice(0, -1), earlier.slice(0, -1));
      assert.ok(now.at(-1)!.startsWith(earlier.at(-1)!), `${now.at(-1)} goes on where it was: ${earlier.at(-1)}`);
      assert.ok(plain(tale(whole)).startsWith(now.at(-1)!));
      const kept = (await saved(nth)).filter(({ role }) => role !== 'system').map(({ content }) => plain(content));
      assert.deepEqual(kept, now);
    }
    assert.equal(await message(a).inputValue(), 'A thought on Epsilon');
    assert.equal(await message(b).inputValue(), 'Another on Zeta');
  });

  step('both go on after it', async () => {
    await scene.loopback.control({ chats: [{ text: 'Alpha to omega.' }, { text: 'Beta too.' }] });
    const [a, b] = [await chat(0), await chat(1)];
    await a.getByRole('button', { name: 'Send' }).click();
    await answer(a, 'Alpha to omega.').waitFor();
    assert.equal(await message(b).inputValue(), 'Another on Zeta', 'what was sent was the other draft');
    await b.getByRole('button', { name: 'Send' }).click();
    await answer(b, 'Beta too.').waitFor();
  });

  step('a turn loads its workflow once, at its end: sent, edited, stopped, gone on with, answered again', async () => {
    await scene.loopback.control({ chats: [{ text: 'Theta.' }, { text: 'Theta anew.' }, { text: 'Eta begins. Eta ends.', piece: 12, fault: 'pause', after: 1 }, { text: 'Eta ends.' }, { text: 'Eta again.' }] });
    const a = await chat(0);
    const earlier = await loads();
    await say(a, 'Of Theta?');
    await answer(a, 'Theta.').waitFor();
    await a.getByRole('button', { name: 'Edit this message' }).click();
    await say(a, 'Of Theta, please.');
    await answer(a, 'Theta anew.').waitFor();
    assert.deepEqual((await said(a)).slice(-2), ['Of Theta, please.', 'Theta anew.']);

    await say(a, 'Of Eta?');
    await streaming(a, 'Eta begins.').waitFor();
    assert.equal(await a.locator('.message.human').filter({ hasText: 'Of Eta?' }).count(), 1, 'what was said stands above the answer that comes');
    await until(async () => (await saved(0)).at(-1)!.content.includes('Eta begins.'), 'all that came is kept');
    await addElsewhere(0, 'Noted meanwhile.');
    await a.getByRole('button', { name: 'Stop' }).click();
    await answer(a, 'Eta begins.').locator('.partial').waitFor();
    await a.getByText('Noted meanwhile.').waitFor();

    await a.getByRole('button', { name: 'Continue' }).click();
    await answer(a, 'Eta begins. Eta ends.').waitFor();
    await a.getByRole('button', { name: 'Regenerate with claude-opus-5-5', exact: true }).click();
    await answer(a, 'Eta again.').waitFor();
    await a.getByText('Earlier version, not sent any more').waitFor();

    await addElsewhere(0, 'Noted later.'); // once this is known, so is all that was written before
    await a.getByText('Noted later.').waitFor();
    assert.equal((await loads()) - earlier, 5 + 1, 'one for each turn, one for what another program wrote');
  });

  step('what is refused is kept to be sent again, and loads nothing', async () => {
    const a = await chat(0);
    const nobody = { metadata: { type: 'model_switch' }, model: { provider: 'nobody', model: 'nothing' } };
    await addElsewhere(0, 'A model of nobody.', nobody);
    await a.locator('.model-button').filter({ hasText: 'nothing' }).waitFor();
    const [earlier, before] = [await loads(), await said(a)];
    await say(a, 'Who answers?');
    await a.getByRole('alert').filter({ hasText: 'nobody' }).waitFor();
    assert.deepEqual([await said(a), await message(a).inputValue()], [before, 'Who answers?']);
    await addElsewhere(0, 'Nobody any more.', { metadata: { type: 'model_switch', reset: true }, model: undefined });
    await a.locator('.model-button').filter({ hasText: 'claude-opus-5-5' }).waitFor();
    assert.equal((await loads()) - earlier, 1, 'only what another program wrote');
    await message(a).fill('');
  });

  step('what the next stage sees of the one before is said at the divider, and chosen there', async () => {
    const a = await chat(0);
    await a.getByRole('button', { name: 'Approve' }).click();
    await a.locator('.stage.current').filter({ hasText: 'implementation' }).waitFor();
    await a.getByRole('button', { name: "sees: design's answer" }).click();
    await code.choose('What does this stage see of earlier ones?', 'Everything');
    await a.getByRole('button', { name: "sees: design's conversation" }).click();
    await code.choose('What does this stage see of earlier ones?', 'As the settings say');
    await a.getByRole('button', { name: "sees: design's answer" }).waitFor();
  });

  step('a third begins beside them, and is told in the chat what the work is about', async () => {
    await scene.loopback.control({ chats: [{ text: 'A third voice.' }] });
    await code.command('Stagewright: Open Workflow');
    await code.choose('Open workflow', 'New chat');
    await code.choose('Chat with which stage?', 'review');
    await code.skipRequest();
    const c = await chat(2);
    await c.locator('.stage.current').filter({ hasText: 'review' }).waitFor();
    await say(c, 'Who speaks?');
    await answer(c, 'A third voice.').waitFor();
    assert.deepEqual(await said(c), ['Who speaks?', 'A third voice.']);
    await c.getByRole('button', { name: 'Set what the work is about' }).click();
    await code.choose('What is the work about?', TITLES[2]!);
    await c.locator('h1').filter({ hasText: TITLES[2]! }).waitFor();
    await code.page.locator('.tab.active').filter({ hasText: TITLES[2]! }).waitFor();
  });

  step('a workflow that is open already is shown, not opened twice', async () => {
    const [first] = await workflows();
    await code.command('Stagewright: Open Workflow');
    await code.choose('Open workflow', first!.replace('.json', ''), 'feature');
    const a = await chat(0);
    await until(() => a.evaluate(() => document.hasFocus()), 'it is turned to');
    assert.equal(await code.page.locator('.tab').filter({ hasText: TITLES[0]! }).count(), 1);
  });

  step('a chat that waits behind another after a reload is opened from the list, and its old tab leads to the same', async () => {
    await scene.loopback.control({ chats: [{ text: 'One of me.' }] });
    const loaded = code.page.waitForEvent('load');
    await code.command('Developer: Reload Window'); // lets the window write down which tabs it has
    await loaded;
    await code.page.locator('.monaco-workbench .part.editor').waitFor();
    const behind = code.page.locator('.tab:not(.active)').filter({ hasText: new RegExp(TITLES.join('|')) });
    await until(async () => (await behind.count()) === 1, 'one tab waits behind the other');
    const nth = TITLES.indexOf((await behind.innerText()).trim()); // in this order they were begun
    const tabs = code.page.locator('.tab').filter({ hasText: TITLES[nth]! });
    await code.command('Stagewright: Open Workflow');
    await code.choose('Open workflow', (await workflows())[nth]!.replace('.json', ''), 'feature');
    await until(async () => (await tabs.count()) === 2, 'it is shown anew, as its tab was not looked at yet');
    const c = await chat(nth);
    await code.page.locator('.tab:not(.active)').filter({ hasText: TITLES[nth]! }).click();
    await until(async () => (await tabs.count()) === 1, 'its old tab is gone');
    await say(c, 'How many are you?');
    await answer(c, 'One of me.').waitFor();
  });
});

/** Text without what Markdown makes of it. */
const plain = (text: string): string => text.replaceAll('*', '').replaceAll(/\s+/g, ' ').trim();
