// The chat panel in a browser, its host played by the test: what each state shows, and that nothing is cut off.

import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ToPanel } from '../../client-vscode/src/webview/messages.ts';
import { cutOff, faint } from './layout.ts';
import { withPanel } from './panel-browser.ts';
import { ANSWER, CONVERSATION, message, running, stage, view } from './panel-page.ts';
import { LONG, ofRun, ready, run, STATES, THEMES, WHOLE, WIDTHS } from './panel-states.ts';

const SHOTS = process.env['PANEL_SHOTS'];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
before(async () => {
  if (SHOTS) await mkdir(SHOTS, { recursive: true });
});

describe('every state', () => {
  for (const [name, messages] of Object.entries(STATES))
    test(`${name}: readable in each theme, nothing cut off, wide or at 320 px`, async () => {
      const found: Record<string, string[]> = {};
      for (const theme of THEMES)
        await withPanel({ theme }, async (panel, page) => {
          await panel.tell(...messages);
          for (const width of WIDTHS) {
            await page.setViewportSize({ width, height: 900 });
            const body = page.locator('body');
            const problems = [...(await cutOff(body)), ...(await faint(body)), ...(width === 320 ? await accessibilityProblems(page) : [])];
            if (problems.length > 0) found[`${theme} at ${width} px`] = [...new Set(problems)];
            if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name.replaceAll(' ', '-')}-${theme}-${width}.png`) });
          }
        });
      assert.deepEqual(found, {});
    });
});

const HOSTILE = [
  '<script>window.hacked = 1</script>',
  '<img src=x onerror="window.hacked = 1">',
  '<svg onload="window.hacked = 1"></svg>',
  '[click](javascript:window.hacked=1)',
  '[click](data:text/html,<script>window.hacked=1</script>)',
  '<a href="javascript:window.hacked=1">click</a>',
  '![x](https://elsewhere.test/pixel.png)',
  '<iframe src="https://elsewhere.test"></iframe>',
  '<style>body{display:none}</style>',
  '<form action="https://elsewhere.test"><button>Send</button></form>',
  '[ok](https://example.org/"onmouseover="window.hacked=1)',
  '```"><img src=x onerror=window.hacked=1>\ncode\n```',
];

describe('answers are written by strangers', () => {
  for (const streaming of [false, true])
    test(`nothing in them acts or loads, ${streaming ? 'while they stream' : 'when they are saved'}`, () =>
      withPanel({}, async (panel, page) => {
        const requests: string[] = [];
        page.on('request', (request) => requests.push(request.url()));
        const text = HOSTILE.join('\n\n');
        await panel.tell(...ready, { type: 'view', view: view(streaming ? [] : [message('control', text, { model: { provider: 'a', model: 'm' } })], {}, { run: streaming ? { ...run, text } : null }) });
        const shown = page.locator('.markdown');
        await shown.getByText('window.hacked = 1').first().waitFor();
        assert.equal(await shown.locator('script, img, svg, iframe, style, form, object, [onerror], [onload], [onmouseover], [style]').count(), 0);
        const targets = await shown.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
        for (const target of targets) assert.match(target, /^https:\/\//);
        for (const button of await shown.locator('button').all()) await button.click();
        assert.equal(await page.evaluate(() => 'hacked' in window), false);
        assert.deepEqual(requests, []);
      }));

  test('a name of a stage, model or workflow is text too', () =>
    withPanel({}, async (panel, page) => {
      const bad = '<img src=x onerror="window.hacked = 1">';
      await panel.tell(...ready, { type: 'view', view: view([message('human', bad), message('control', 'x', { model: { provider: bad, model: bad } })], { template: bad, stages: [stage(bad, 'active', { prompt: bad, options: [{ label: bad, action: 'advance' }] })], currentStage: 0 }, { title: bad }) }, { type: 'notice', message: bad });
      await page.getByRole('button', { name: bad }).waitFor();
      assert.equal(await page.locator('img').count(), 0);
    }));
});

test('an answer is copied as the Markdown that it is, code as code', () =>
  withPanel({}, async (panel, page) => {
    await panel.tell(...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2)) });
    await page.getByRole('button', { name: 'Copy code' }).click();
    assert.match((await panel.sent('copy')).text, /^def fresh\(.*seconds=300\)\n$/s);
    await page.evaluate(() => { (window as unknown as { sent: unknown[] }).sent.length = 0; });
    await page.getByRole('button', { name: 'Copy answer' }).click();
    assert.equal((await panel.sent('copy')).text, ANSWER);
  }));

test('each block of an answer runs in its own direction', () =>
  withPanel({}, async (panel, page) => {
    await panel.tell(...ready, { type: 'view', view: view(LONG) });
    const direction = (text: string): Promise<string> => page.getByText(text).first().evaluate((element) => getComputedStyle(element).direction);
    assert.deepEqual(await Promise.all(['איך לשמור', 'שלושה חלקים', 'מפתח', 'And a paragraph', 'a line of code'].map(direction)), ['rtl', 'rtl', 'rtl', 'ltr', 'ltr']);
  }));

test('a workflow that cannot be opened is asked for again, or another is opened', () =>
  withPanel({}, async (panel, page) => {
    const gone: ToPanel = { type: 'notice', message: 'There is no workflow WF-20261122-001 in this folder.' };
    await panel.tell(...ready, gone);
    const card = page.getByRole('alert').filter({ hasText: gone.message });
    await card.getByRole('button', { name: 'Open another workflow' }).click();
    assert.deepEqual(await panel.sent('command'), { type: 'command', command: 'stagewright.openWorkflow' });
    await page.evaluate(() => { (window as unknown as { sent: unknown[] }).sent.length = 0; });
    await card.getByRole('button', { name: 'Try again' }).click();
    await panel.sent('ready');
    await page.getByText('Opening the workflow').waitFor();
    await panel.tell(running, gone);
    await card.waitFor();
    await panel.tell({ type: 'view', view: view(CONVERSATION) }); // its file is there again
    assert.equal(await page.getByText(gone.message).count(), 0);
  }));

describe('a refusal', () => {
  const refused = { type: 'refused', message: 'The file cannot be written.' } as const;

  for (const status of ['active', 'paused', 'completed'] as const)
    test(`is told in a workflow that is ${status}, until it is dismissed or something succeeds`, () =>
      withPanel({}, async (panel, page) => {
        await panel.tell(...ready, { type: 'view', view: view(CONVERSATION, { status }) }, { type: 'notice', message: 'A notice.' }, refused);
        const alert = page.getByRole('alert').filter({ hasText: refused.message });
        await alert.getByRole('button', { name: 'Dismiss' }).click();
        assert.equal(await alert.count(), 0);
        await page.getByText('A notice.').waitFor();
        await panel.tell(refused);
        assert.equal(await alert.count(), 1);
        await panel.tell({ type: 'done' });
        assert.equal(await alert.count(), 0);
      }));

  test('of the list of workflows leads back to the chat, where it says why', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view(CONVERSATION) });
      await page.getByRole('button', { name: 'All workflows' }).click();
      await page.getByText('Reading workflows').waitFor();
      await panel.tell(refused);
      await page.getByRole('alert').getByText(refused.message).waitFor();
      assert.equal(await page.getByText('Reading workflows').count(), 0);
      await page.getByText('How should the model list be cached?').waitFor();
    }));
});

describe('a question without an answer', () => {
  const asked = CONVERSATION.slice(0, 4);
  const again = (page: Page) => page.getByRole('button', { name: 'Retry', exact: true });

  test('is asked again, by the same model or another', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view([...asked, message('system', 'Model: openai/gpt-5.2', { model: { provider: 'openai', model: 'gpt-5.2' }, metadata: { type: 'model_switch' } })]) });
      const card = page.getByRole('region', { name: 'No answer' });
      await card.getByText('No answer came.').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Retry with another model' }).count(), 1, 'not at an older answer too');
      await card.getByRole('button', { name: 'Retry with another model' }).click();
      await page.keyboard.type('mini');
      await page.keyboard.press('Enter');
      assert.deepEqual(await panel.sent('retry'), { type: 'retry', model: { provider: 'openai', model: 'gpt-5.2-mini' } });
      assert.equal(await card.count(), 0, 'one press is enough');
      await panel.tell({ type: 'refused', message: 'OpenAI is not configured.' });
      await page.evaluate(() => { (window as unknown as { sent: unknown[] }).sent.length = 0; });
      await again(page).click();
      assert.deepEqual(await panel.sent('retry'), { type: 'retry', model: null });
    }));

  test('waits for nothing while it is being answered, failed with a reason, or cannot be answered here', () =>
    withPanel({}, async (panel, page) => {
      const buttons = (): Promise<number> => again(page).count();
      await panel.tell(...ready, { type: 'view', view: view(asked, {}, { run }) });
      assert.equal(await buttons(), 0, 'streaming');
      await panel.tell({ type: 'finished', payload: { ...ofRun, message: message('control', '', { id: 'a9', model: run.model, metadata: { partial: true, stopReason: 'stopped' } }), ended: 'stopped', reason: 'Stopped by you.', partial: true } });
      assert.equal(await buttons(), 1, 'stopped before the first word');
      await panel.tell({ type: 'connection', state: 'starting', message: '' });
      assert.equal(await buttons(), 0, 'the server is starting');
      await panel.tell(running);
      assert.equal(await buttons(), 1);
      await page.getByRole('textbox', { name: 'Message' }).fill('Hello?');
      await page.keyboard.press('Enter');
      assert.equal(await buttons(), 0, 'sending');
      await panel.tell({ type: 'started', payload: { ...ofRun, messageId: 'a9', model: run.model, origin: 'stage', said: null } }, { type: 'failed', payload: { ...ofRun, code: 'auth-failed', message: 'Anthropic refused the key.', retryable: false } });
      assert.equal(await page.getByText('No answer came.').count(), 0, 'the reason is there');
      await panel.tell({ type: 'view', view: view(asked, { status: 'paused' }) });
      assert.equal(await buttons(), 0, 'paused');
    }));

  test('a question of another stage is not asked again', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view(asked, { currentStage: 2 }) });
      assert.equal(await again(page).count(), 0);
    }));
});

describe('while an answer streams', () => {
  test('a screen reader hears the answer once, when it is whole; nothing spins where motion is unwanted', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view(CONVERSATION.slice(0, 4), {}, { run }) });
      const log = page.getByRole('log');
      assert.deepEqual([await log.getAttribute('aria-live'), await log.getAttribute('aria-busy')], ['polite', 'true']);
      await page.getByRole('status').getByText('Answering').waitFor();
      assert.equal(await page.locator('.codicon-loading').evaluate((icon) => getComputedStyle(icon).animationName), 'none');
      await panel.tell({ type: 'finished', payload: { ...ofRun, message: message('control', 'Whole.', { id: 'a9', model: run.model }), ...WHOLE } });
      assert.equal(await log.getAttribute('aria-busy'), 'false');
      assert.equal(await log.getByText('Whole.').count(), 1);
    }));

  test('Stop is offered, the end stays in view unless the reader has scrolled away', () =>
    withPanel({ width: 480 }, async (panel, page) => {
      const long = Array.from({ length: 40 }, (_, i) => `Paragraph ${i}.`).join('\n\n');
      await panel.tell(...ready, { type: 'view', view: view(CONVERSATION.slice(0, 1)) }, { type: 'started', payload: { ...ofRun, messageId: 'a9', model: run.model, origin: 'stage', said: null } });
      await panel.tell({ type: 'delta', payload: { ...ofRun, messageId: 'a9', text: long } });
      await page.getByText('Paragraph 39.').waitFor();
      const log = page.locator('.log');
      const distance = (): Promise<number> => log.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight);
      await page.waitForFunction(() => { const e = document.querySelector('.log')!; return e.scrollHeight - e.scrollTop - e.clientHeight < 4; });
      await log.hover();
      await page.mouse.wheel(0, -10_000);
      await page.waitForFunction(() => document.querySelector('.log')!.scrollTop === 0);
      await panel.tell({ type: 'delta', payload: { ...ofRun, messageId: 'a9', text: '\n\nThe end.' } });
      await page.getByText('The end.').waitFor({ state: 'attached' });
      assert.ok((await distance()) > 400);
      await page.getByRole('button', { name: 'Jump to latest' }).click();
      await page.waitForFunction(() => { const e = document.querySelector('.log')!; return e.scrollHeight - e.scrollTop - e.clientHeight < 4; });
      await page.getByRole('button', { name: 'Jump to latest' }).waitFor({ state: 'detached' });
      await panel.tell({ type: 'delta', payload: { ...ofRun, messageId: 'a9', text: `\n\n${long}` } });
      await page.waitForFunction(() => { const e = document.querySelector('.log')!; return e.scrollHeight - e.scrollTop - e.clientHeight < 4; });
      await page.getByRole('button', { name: 'Stop' }).click();
      assert.deepEqual(await panel.sent('stop'), { type: 'stop', runId: 'r1' });
    }));

  test('a very long answer keeps the panel answering, and what is selected in it', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...ready, { type: 'view', view: view() }, { type: 'started', payload: { ...ofRun, messageId: 'a9', model: run.model, origin: 'stage', said: null } });
      const more = (): Promise<void> => panel.tell({ type: 'delta', payload: { ...ofRun, messageId: 'a9', text: `${'Some words of an answer. '.repeat(40)}\n\n` } });
      await more();
      await more();
      await page.locator('.streaming .markdown p').first().selectText();
      const selected = (): Promise<string> => page.evaluate(() => getSelection()!.toString());
      const wanted = await selected();
      for (let i = 2; i < 150; i++) await more();
      await page.waitForFunction(() => document.querySelectorAll('.streaming .markdown p').length === 150);
      assert.match(wanted, /^Some words of an answer\./);
      assert.equal(await selected(), wanted, 'what has come is not put up anew with each piece');
      await page.getByRole('button', { name: 'Stop' }).click();
      await panel.sent('stop');
    }));
});

async function accessibilityProblems(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa'], rules: { 'document-title': { enabled: false } } });
    return violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html.slice(0, 120)} ${node.failureSummary.slice(0, 200)}`));
  });
}
