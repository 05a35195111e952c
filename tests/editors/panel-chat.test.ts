// A conversation in the chat panel: said once more, edited, gone on with; its gates, its keys, and what is sent.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ToPanel } from '../../client-vscode/src/webview/messages.ts';
import { withPanel } from './panel-browser.ts';
import { CONVERSATION, message, stage, STAGES, view } from './panel-page.ts';
import { ENDED, ENDINGS, ofRun, PREVIEW, ready, run, SHORTENED, STATES } from './panel-states.ts';

describe('an answer once more', () => {
  test('in one click by the model that gave it, or by one from the list', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view(CONVERSATION) });
      await page.getByRole('button', { name: 'Regenerate with gpt-5.2', exact: true }).click();
      assert.deepEqual(await panel.sent('retry'), { type: 'retry', model: { provider: 'openai', model: 'gpt-5.2' } });
      await panel.tell({ type: 'refused', message: 'OpenAI is not configured.' });
      await page.evaluate(() => { (window as unknown as { sent: unknown[] }).sent.length = 0; });
      await page.getByRole('button', { name: 'Regenerate with another model' }).click();
      await page.keyboard.type('sonnet');
      await page.keyboard.press('Enter');
      assert.deepEqual(await panel.sent('retry'), { type: 'retry', model: { provider: 'anthropic', model: 'claude-sonnet-5' } });
    }));
});

describe('what was said before', () => {
  const said = ['first', 'second', 'third'].map((text, i) => [message('human', text), message('control', `answer ${i}`, { model: run.model })]).flat();
  const conversation: ToPanel[] = [...ready, { type: 'view', view: view(said) }];
  const box = (page: Page) => page.getByRole('textbox', { name: 'Message' });

  test('comes back by ArrowUp in an empty message, one by one, and goes by ArrowDown', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...conversation);
      const shown: string[] = [];
      for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowUp', 'ArrowDown', 'ArrowDown', 'ArrowDown']) {
        await page.keyboard.press(key);
        shown.push(await box(page).inputValue());
      }
      assert.deepEqual(shown, ['third', 'second', 'first', 'first', 'second', 'third', '']);
      await page.keyboard.type('mine');
      await page.keyboard.press('ArrowUp');
      assert.equal(await box(page).inputValue(), 'mine', 'what one writes is not overwritten');
    }));

  test('the last of it can be edited: it is sent as a new message that names the old one; Escape gives back the draft', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...conversation);
      await page.keyboard.type('a draft');
      const edit = page.getByRole('button', { name: 'Edit this message' });
      assert.equal(await edit.count(), 1, 'only the last');
      await edit.click();
      await page.getByRole('status').filter({ hasText: 'Editing your last message' }).waitFor();
      assert.equal(await box(page).inputValue(), 'third');
      assert.ok(await box(page).evaluate((element) => element === document.activeElement));
      await page.keyboard.press('Escape');
      assert.equal(await box(page).inputValue(), 'a draft');
      await edit.click();
      await page.keyboard.type(' thing');
      await page.keyboard.press('Enter');
      assert.deepEqual(await panel.sent('send'), { type: 'send', content: 'third thing', replaces: said[4]!.id });
      await panel.tell({ type: 'sent', content: 'third thing' });
      assert.equal(await box(page).inputValue(), 'a draft');
      assert.equal(await page.getByText('Editing your last message').count(), 0);
    }));

  test('and got no answer, is asked for again when it is sent again, not said twice', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view(said.slice(0, 3)) }, { type: 'failed', payload: { ...ofRun, code: 'overloaded', message: 'Too many requests.', retryable: true } });
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('Enter');
      assert.deepEqual(await panel.sent('retry'), { type: 'retry', model: null });
      assert.deepEqual(await panel.all('send'), []);
      assert.equal(await box(page).inputValue(), '');
    }));
});

describe('an answer that is not whole', () => {
  test('says how it ended and why; the last is gone on with', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view(ENDED, {}, { endings: ENDINGS }) });
      assert.deepEqual(await page.locator('.partial p').allInnerTexts(), [
        'Stopped at the output limit. The answer is cut off.',
        'The connection was lost; the partial answer is kept.',
        'Stopped by you. The partial answer is kept.',
      ]);
      assert.equal(await page.getByRole('button', { name: 'Continue' }).count(), 1);
      await page.getByRole('button', { name: 'Continue' }).click();
      assert.deepEqual(await panel.sent('continue'), { type: 'continue' });
    }));

  for (const [what, state] of [['somebody has said more', { messages: [...ENDED, message('human', 'And?')] }], ['the workflow is paused', { status: 'paused' }], ['an answer comes', { run }]] as const)
    test(`is not gone on with where ${what}`, () =>
      withPanel({}, async (panel, page) => {
        const { run: coming = null, messages = ENDED, ...more } = { run: undefined, messages: undefined, ...state };
        await panel.tell(...ready, { type: 'view', view: view(messages, more, { endings: ENDINGS, run: coming }) });
        await page.getByText('Stopped by you.').waitFor();
        assert.equal(await page.getByRole('button', { name: 'Continue' }).count(), 0);
      }));

  test('keeps its reasoning folded, and what was said before it was said anew', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...STATES['edited, with reasoning']!);
      assert.equal(await page.getByText('First, the lock.').count(), 0);
      await page.getByText('Reasoning').click();
      await page.locator('.reasoning strong').getByText('lock').waitFor();
      assert.equal(await page.getByText('How should the model list be cached?').count(), 0);
      await page.getByText('Earlier version, 2 messages, not sent any more').click();
      await page.getByText('How should the model list be cached?').waitFor();
    }));
});

describe('what a stage sends', () => {
  test('is seen before it is sent, with what is written, and after; and left again', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view(CONVERSATION) });
      await page.getByRole('textbox', { name: 'Message' }).fill('And then?');
      await page.getByRole('button', { name: 'See what is sent' }).click();
      assert.deepEqual(await panel.sent('preview'), { type: 'preview', content: 'And then?' });
      await panel.tell({ type: 'preview', preview: PREVIEW });
      assert.deepEqual(await page.locator('.turn h3').allInnerTexts(), ['System prompt', 'The request', 'Earlier stage', "The stage's prompt", 'Your message', 'Answer']);
      await page.getByRole('button', { name: 'Back to the chat' }).click();
      await page.evaluate(() => { (window as unknown as { sent: unknown[] }).sent.length = 0; });
      await page.getByRole('button', { name: 'See what was sent' }).first().click();
      assert.deepEqual(await panel.sent('preview'), { type: 'preview', messageId: CONVERSATION[1]!.id });
    }));

  test('of earlier stages stands below its name, and is chosen there', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view(CONVERSATION, {}, { context: SHORTENED }) });
      await page.getByText('is sent shortened: 99,000').waitFor();
      await page.getByRole('button', { name: "sees: request's answer" }).click();
      assert.deepEqual(await panel.sent('context'), { type: 'context' });
    }));
});

describe('what keeps the first message from an answer', () => {
  for (const [state, heading] of [['no provider', 'No provider is configured'], ['list failed', 'The models could not be listed'], ['no key for this model', 'Gemini has no key']] as const)
    test(`stands before the gate, at the top: ${heading}`, () =>
      withPanel({}, async (panel, page) => {
        await page.setViewportSize({ width: 760, height: 420 }); // so low that not all has room
        await panel.tell(...STATES[state]!);
        assert.equal((await page.locator('.card h3').allInnerTexts())[0]?.trim(), heading);
        assert.equal(await page.locator('.card.notice').count(), 1);
        assert.equal(await page.getByText('Nothing said in this stage yet.').count(), 0);
        assert.equal(await page.locator('.log').evaluate((log) => log.scrollTop), 0);
      }));

  test('later it stands above the message', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...STATES['no key for this model']!, { type: 'view', view: view(CONVERSATION, {}, { effective: { model: { provider: 'gemini', model: 'gemini-3-pro' }, origin: 'stage' } }) });
      await page.locator('.composer .card').filter({ hasText: 'Gemini has no key' }).waitFor();
      assert.equal(await page.locator('.card.notice').count(), 1);
    }));
});

test('what the work is about is said from the top of the chat', () =>
  withPanel({}, async (panel, page) => {
    await panel.tell(...ready, { type: 'view', view: view([]) });
    await page.getByRole('button', { name: 'Set what the work is about' }).click();
    assert.deepEqual(await panel.sent('request'), { type: 'request' });
    await panel.tell({ type: 'view', view: view([], { status: 'paused' }) });
    assert.equal(await page.getByRole('button', { name: 'Set what the work is about' }).count(), 0);
  }));

describe('a key', () => {
  const wanted = { type: 'command', command: 'stagewright.setApiKey', provider: 'anthropic' } as const;

  test('that was refused is set where that is told, for the provider that was asked', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...STATES['key refused']!);
      await page.getByRole('button', { name: 'Set API Key' }).click();
      assert.deepEqual(await panel.sent('command'), wanted);
      await page.getByRole('button', { name: 'Retry', exact: true }).waitFor();
    }));

  test('that is missing for the stage is set before anything is sent, or another model is chosen', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...STATES['no key for this model']!);
      const card = page.getByRole('region', { name: 'Gemini has no key' });
      await card.getByRole('button', { name: 'Set API Key' }).click();
      assert.deepEqual(await panel.sent('command'), { ...wanted, provider: 'gemini' });
      await card.getByRole('button', { name: 'Choose another model' }).click();
      await page.getByRole('dialog').waitFor();
    }));

  test('for want of which something was refused is set there', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view(CONVERSATION) }, { type: 'refused', message: 'Anthropic is not configured.', key: 'anthropic' });
      await page.getByRole('alert').getByRole('button', { name: 'Set API Key' }).click();
      assert.deepEqual(await panel.sent('command'), wanted);
    }));
});

test('there is no default to go back to where there is none', () =>
  withPanel({}, async (panel, page) => {
    const none = { model: null, origin: 'none' } as const;
    await panel.tell(...ready, { type: 'view', view: view([], {}, { effective: none, default: none }) }, { type: 'pick' });
    await page.getByRole('option').filter({ hasText: 'claude-opus-4-8' }).waitFor();
    assert.equal(await page.getByRole('option').filter({ hasText: 'Default' }).count(), 0);
  }));

describe('a gate', () => {
  const asked = (stages: typeof STAGES, currentStage: number, answered: boolean): ToPanel[] => [...ready, { type: 'view', view: view(answered ? [message('human', 'x', { stageIndex: currentStage }), message('control', 'y', { stageIndex: currentStage, model: run.model })] : [], { currentStage, stages }) }];
  const primary = (page: Page): Promise<string[]> => page.locator('.gate .button.primary').allInnerTexts();

  test('is what one goes on with once its stage has an answer', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...asked(STAGES, 1, false));
      await page.getByRole('button', { name: 'Approve' }).waitFor();
      assert.deepEqual(await primary(page), []);
      await panel.tell(...asked(STAGES, 1, true));
      assert.deepEqual(await primary(page), ['Approve']);
    }));

  for (const [type, question, index] of [['verification_pass', 'Did all of these commands succeed?', 3], ['chain_complete', 'Are all tasks of the chain done?', 2]] as const)
    test(`of ${type} takes one confirmation and one step`, () =>
      withPanel({}, async (panel, page) => {
        await panel.tell(...asked(STAGES, index, true));
        await page.getByText(question).waitFor();
        await page.getByRole('button', { name: `Yes, advance to ${STAGES[index + 1]!.name}` }).click();
        assert.deepEqual(await panel.sent('gate'), { type: 'gate', stage: index, action: 'advance', confirmed: true });
      }));

  test('that asks nothing is approved, and left, by one press; whatever it says, the press says what it does', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...asked(STAGES, 1, true));
      const approve = page.getByRole('button', { name: 'Approve' });
      assert.equal(await approve.getAttribute('title'), 'Advance to implementation');
      await approve.click();
      assert.deepEqual(await panel.sent('gate'), { type: 'gate', stage: 1, action: 'advance' });
    }));

  test('that goes on by itself is no more urgent than the first message', () =>
    withPanel({}, async (panel, page) => {
      const auto = STAGES.with(1, stage('notes', 'active', { type: 'auto', satisfied: true }));
      await panel.tell(...asked(auto, 1, false));
      await page.getByRole('button', { name: 'Advance to implementation' }).waitFor();
      assert.deepEqual(await primary(page), []);
      await panel.tell(...asked(auto, 1, true));
      assert.deepEqual(await primary(page), ['Advance to implementation']);
    }));

  test('of the last stage completes the workflow', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...asked(STAGES.slice(0, 4), 3, false));
      await page.getByRole('button', { name: 'Yes, complete the workflow' }).waitFor();
    }));
});
