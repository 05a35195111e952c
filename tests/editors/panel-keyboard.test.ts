// The chat panel by keyboard: what keys do, where the focus goes, and that one sees it.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ToPanel } from '../../client-vscode/src/webview/messages.ts';
import { withPage, withPanel } from './panel-browser.ts';
import { CATALOG, CONVERSATION, openPanel, provider, running, stage, STAGES, view } from './panel-page.ts';
import { ofRun, ready, run, THEMES, WHOLE } from './panel-states.ts';

describe('by keyboard', () => {
  const conversation: ToPanel[] = [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2)) }];

  test('Enter sends, Shift+Enter does not, and what was refused is still there', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...conversation);
      const box = page.getByRole('textbox', { name: 'Message' });
      assert.ok(await box.evaluate((element) => element === document.activeElement), 'the message is where one begins');
      await page.keyboard.type('one');
      await page.keyboard.press('Shift+Enter');
      await page.keyboard.type('two');
      await page.keyboard.press('Enter');
      assert.deepEqual(await panel.sent('send'), { type: 'send', content: 'one\ntwo' });
      await panel.tell({ type: 'refused', message: 'The workflow is paused.' });
      await page.getByRole('alert').getByText('The workflow is paused.').waitFor();
      assert.equal(await box.inputValue(), 'one\ntwo');
      await panel.tell({ type: 'sent', content: 'one\ntwo' });
      assert.equal(await box.inputValue(), '');
    }));

  test('a model is chosen with filter, arrows and Enter; the current one is where one begins', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...conversation);
      await page.locator('.model-button').click();
      await page.getByRole('option', { selected: true }).getByText('claude-opus-4-8').waitFor();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('option', { selected: true }).getByText('claude-sonnet-5').waitFor();
      await page.keyboard.type('mini');
      await page.keyboard.press('Enter');
      assert.deepEqual(await panel.sent('setModel'), { type: 'setModel', model: { provider: 'openai', model: 'gpt-5.2-mini' } });
      assert.equal(await page.getByRole('dialog').count(), 0);
      assert.ok(await page.getByRole('textbox', { name: 'Message' }).evaluate((element) => element === document.activeElement));
    }));

  test('lists that come meanwhile leave the reached model selected', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...conversation);
      await page.locator('.model-button').click();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('option', { selected: true }).getByText('claude-sonnet-5').waitFor();
      const { anthropic, ...others } = CATALOG.providers;
      const newest = { ...anthropic!.models[0]!, id: 'claude-opus-5', name: 'Claude Opus 5' };
      await panel.tell({ type: 'catalog', catalog: { providers: { anthropic: { ...anthropic!, models: [newest, ...anthropic!.models] }, ...others } } });
      await page.getByRole('option').filter({ hasText: 'claude-opus-5' }).waitFor();
      await page.keyboard.press('Enter');
      assert.deepEqual(await panel.sent('setModel'), { type: 'setModel', model: { provider: 'anthropic', model: 'claude-sonnet-5' } });
    }));

  test('Escape stops an answer; in the list of models it closes that', () =>
    withPanel({}, async (panel, page) => {
      const run = { runId: 'r1', messageId: 'a1', model: { provider: 'anthropic', model: 'claude-opus-4-8' }, origin: 'stage', text: 'So far' } as const;
      await panel.tell(...ready, { type: 'view', view: view(CONVERSATION.slice(0, 1), {}, { run }) });
      await page.locator('.model-button').click();
      await page.keyboard.press('Escape');
      assert.equal(await page.getByRole('dialog').count(), 0);
      assert.deepEqual(await panel.all('stop'), []);
      await page.keyboard.press('Escape');
      assert.deepEqual(await panel.sent('stop'), { type: 'stop', runId: 'r1' });
    }));

  test('each stage is read out with how far it is and what its gate needs', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view(CONVERSATION) });
      const stages = page.getByRole('list', { name: 'Stages' });
      await stages.getByRole('listitem', { name: /^design \(design\): .+\. Gate: needs your approval\.$/ }).waitFor();
      await stages.getByRole('listitem', { name: /^verification \(design\): .+\. Gate: needs checks to pass\.$/ }).waitFor();
    }));

  test('the second click of a double click does not approve the gate that has taken the place of the first', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view(CONVERSATION) });
      const { x, y, width, height } = (await page.getByRole('button', { name: 'Approve' }).boundingBox())!;
      await page.mouse.click(x + width / 2, y + height / 2);
      await panel.sent('gate');
      await panel.tell({ type: 'view', view: view(CONVERSATION, { currentStage: 2, stages: STAGES.with(2, stage('implementation', 'active')) }) });
      await page.locator('.stage.current').filter({ hasText: 'implementation' }).waitFor();
      await page.mouse.down({ clickCount: 2 });
      await page.mouse.up({ clickCount: 2 });
      await page.mouse.click(x + width / 2, y + height / 2);
      await page.waitForFunction(() => (window as unknown as { sent: { type: string }[] }).sent.filter((m) => m.type === 'gate').length > 1);
      assert.deepEqual(await panel.all('gate'), [
        { type: 'gate', stage: 1, action: 'advance' },
        { type: 'gate', stage: 2, action: 'advance' },
      ]);
    }));

  test('the current one stands in a list of very many too, and other providers beside it', () =>
    withPanel({}, async (panel, page) => {
      const many = Array.from({ length: 400 }, (_, i) => ({ id: `model-${i}`, chat: true, source: 'live', lifecycle: 'active' }) as const);
      await panel.tell(running, { type: 'catalog', catalog: { providers: { aggregator: provider('Aggregator', { models: many }), ...CATALOG.providers } } });
      await panel.tell({ type: 'view', view: view([], {}, { effective: { model: { provider: 'aggregator', model: 'model-399' }, origin: 'message' } }) }, { type: 'pick' });
      await page.getByRole('option', { selected: true }).getByText('model-399', { exact: true }).waitFor();
      await page.getByRole('option').getByText('gpt-5.2-mini').waitFor();
      await page.getByText('type to narrow them down').waitFor();
    }));

  test('Enter at once chooses nothing in place of a model that is not in the list, or not yet', () =>
    withPanel({}, async (panel, page) => {
      const chosen = view([], {}, { effective: { model: { provider: 'anthropic', model: 'claude-opus-4-6-preview' }, origin: 'message' } });
      const choose = async (...keys: string[]): Promise<void> => {
        for (const key of keys) await page.keyboard.press(key);
      };
      await panel.tell(running, { type: 'view', view: chosen }, { type: 'pick' });
      await page.getByText('Loading models').waitFor();
      await choose('Enter');
      await panel.tell({ type: 'catalog', catalog: CATALOG });
      assert.equal(await page.getByRole('option', { selected: true }).count(), 0);
      await choose('Enter');
      assert.equal(await page.getByRole('dialog').count(), 1);
      await choose('ArrowDown', 'ArrowDown', 'Enter');
      assert.deepEqual(await panel.sent('setModel'), { type: 'setModel', model: { provider: 'anthropic', model: 'claude-opus-4-8' } });
    }));

  test('Escape closes the list and gives the focus back; what is gone cannot be chosen', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...conversation);
      await page.locator('.model-button').focus();
      await page.keyboard.press('Enter');
      await page.getByRole('option', { name: 'claude-3-opus-20240229' }).click({ force: true });
      assert.equal(await page.getByRole('dialog').count(), 1);
      await page.keyboard.press('Escape');
      assert.equal(await page.getByRole('dialog').count(), 0);
      assert.ok(await page.locator('.model-button').evaluate((element) => element === document.activeElement));
    }));

  test('Tab reaches everything, in the order in which it stands, and Shift+Tab goes back', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...conversation);
      await page.keyboard.type('Hi');
      const name = (): Promise<string> => page.evaluate(() => { const e = document.activeElement!; return e.getAttribute('aria-label') ?? e.textContent!.trim(); });
      await page.locator('.header button').first().focus();
      const order = [await name()];
      for (let i = 0; i < 18; i++) {
        await page.keyboard.press('Tab');
        order.push(await name());
      }
      assert.deepEqual(order.map((text) => text.replace(/\..*$/s, '')), [
        ...['All workflows', 'Set what the work is about', 'Open the transcript', 'Pause the workflow', 'Discard the workflow', 'Conversation', "sees: request's answer"],
        ...['Edit this message', 'anthropic/claude-opus-4-8', 'Copy answer', 'See what was sent', 'Regenerate with claude-opus-4-8', 'Regenerate with another model', 'Copy code', 'def fresh(entry: Entry, now: datetime) -> bool:\n    """Whether the list may still be used', 'Table'],
        ...['the notes', 'Approve', 'Message'],
      ]);
      await page.keyboard.press('Tab');
      assert.match(await name(), /^anthropic\/claude-opus-4-8/);
      await page.keyboard.press('Tab');
      assert.equal(await name(), 'See what is sent');
      await page.keyboard.press('Tab');
      assert.equal(await name(), 'Send');
      for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+Tab');
      assert.equal(await name(), 'Message');
    }));

  test('in the list of models Tab stays, and buttons act by Enter', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...conversation, { type: 'pick' });
      const focused = (): Promise<string | null> => page.evaluate(() => document.activeElement!.getAttribute('aria-label'));
      const order = [await focused()];
      for (const key of ['Tab', 'Tab', 'Tab', 'Tab', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab']) {
        await page.keyboard.press(key);
        order.push(await focused());
      }
      assert.deepEqual(order, ['Model for this stage: filter', 'Ask the providers again', 'Set an API key', 'Close', 'Model for this stage: filter', 'Close', 'Set an API key', 'Ask the providers again']);
      await page.keyboard.press('Enter');
      await panel.sent('refresh');
      assert.equal(await page.getByRole('dialog').count(), 1);
      await page.keyboard.press('Escape');
      assert.equal(await page.getByRole('dialog').count(), 0);
    }));

  for (const theme of THEMES)
    test(`where the focus is can be seen, also under the mouse: ${theme}`, () =>
      withPanel({ theme }, async (panel, page) => {
        await panel.tell(...conversation);
        await page.locator('.header button').first().focus();
        const unseen = new Set<string>();
        for (let i = 0; i < 20; i++) {
          await page.locator(':focus').hover({ force: true });
          const seen = await page.evaluate(() => {
            const element = document.activeElement!;
            const accent = getComputedStyle(document.querySelector('.stage.current')!).borderBottomColor;
            const { outlineStyle, outlineColor } = getComputedStyle(element);
            const box = element.closest('.input-box');
            return (outlineStyle === 'solid' && outlineColor === accent) || (element.matches('textarea') && getComputedStyle(box!).borderTopColor === accent) ? null : element.outerHTML.slice(0, 80);
          });
          if (seen) unseen.add(seen);
          await page.keyboard.press('Tab');
        }
        assert.deepEqual([...unseen], []);
      }));

  test('"Default" goes back to it', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...conversation);
      await page.locator('.model-button').click();
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      assert.deepEqual(await panel.sent('setModel'), { type: 'setModel', model: null });
    }));
});

describe('the focus', () => {
  const focused = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement!.getAttribute('aria-label') ?? document.activeElement!.textContent);
  const conversation: ToPanel[] = [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2)) }];
  const started: ToPanel = { type: 'started', payload: { ...ofRun, messageId: 'a9', model: run.model, origin: 'stage', said: null } };

  test('is not taken from an editor, by no message; the panel that one turns to begins in its message', () =>
    withPage(async (page) => {
      const panel = await openPanel(page, 'dark', true);
      const editor = page.getByRole('textbox', { name: 'Editor' });
      await editor.focus();
      const paused: ToPanel = { type: 'view', view: view(CONVERSATION, { status: 'paused' }) };
      for (const told of [...conversation, paused, ...conversation, started, { type: 'finished', payload: { ...ofRun, message: CONVERSATION[4]!, ...WHOLE } } as const]) {
        await panel.tell(told);
        await page.keyboard.type('x');
      }
      assert.equal(await editor.inputValue(), 'x'.repeat(9));
      await panel.page.evaluate(() => window.focus());
      await page.keyboard.type('Hi');
      assert.equal(await panel.page.getByRole('textbox', { name: 'Message' }).inputValue(), 'Hi');
    }));

  test('goes on from buttons that go by being pressed', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...conversation);
      const press = async (name: string, ...answers: ToPanel[]): Promise<string | null> => {
        await page.getByRole('button', { name, exact: true }).focus();
        await page.keyboard.press('Enter');
        await panel.tell(...answers);
        return focused(page);
      };
      await page.keyboard.type('Hi');
      assert.equal(await press('Send', started), 'Message');
      assert.equal(await press('Stop', { type: 'failed', payload: { ...ofRun, code: 'overloaded', message: 'Too many requests.', retryable: true } }), 'Message');
      assert.equal(await press('Retry', started, { type: 'view', view: view(CONVERSATION.slice(0, 2)) }), 'Message');
      assert.equal(await press('Approve', { type: 'view', view: view(CONVERSATION.slice(0, 2), { currentStage: 2 }) }), 'Message');
      assert.equal(await press('Pause the workflow', { type: 'view', view: view(CONVERSATION, { status: 'paused' }) }), 'Resume');
      assert.equal(await press('Resume', { type: 'view', view: view(CONVERSATION) }), 'Message');
    }));

  test('stays where it is, and what is marked stays marked', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...conversation);
      await page.getByRole('button', { name: 'Open the transcript' }).focus();
      await panel.tell({ type: 'view', view: view(CONVERSATION) }, started);
      assert.equal(await focused(page), 'Open the transcript');
      await page.locator('h1').dblclick({ position: { x: 8, y: 8 } });
      await panel.tell({ type: 'delta', payload: { ...ofRun, messageId: 'a9', text: 'More.' } });
      assert.match(await page.evaluate(() => getSelection()!.toString()), /Cache|models/);
    }));
});
