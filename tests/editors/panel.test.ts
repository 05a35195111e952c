// The chat panel in a browser, its host played by the test: what each state shows, and that nothing is cut off.

import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Preview, WorkflowList, WorkflowStatus } from '../../client-vscode/src/protocol.ts';
import type { ToPanel } from '../../client-vscode/src/webview/messages.ts';
import { cutOff, faint } from './layout.ts';
import { ANSWER, CATALOG, CONVERSATION, message, NOW, openPanel, provider, running, stage, STAGES, view, type PanelPage, type Theme } from './panel-page.ts';
import { launchBrowser } from './workbench.ts';

const SHOTS = process.env['PANEL_SHOTS'];
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser: Browser;
before(async () => {
  browser = await launchBrowser();
  if (SHOTS) await mkdir(SHOTS, { recursive: true });
});
after(() => browser.close());

const run = { runId: 'r1', messageId: 'a9', model: { provider: 'anthropic', model: 'claude-opus-4-8' }, origin: 'stage', text: 'One of them takes the file lock' } as const;
const ofRun = { runId: 'r1', workflowId: 'WF-20261122-001', root: 'file:///project' };
const WHOLE = { ended: 'whole', reason: null, partial: false } as const;
const ready: ToPanel[] = [running, { type: 'catalog', catalog: CATALOG }];

const LONG_MODEL = { provider: 'openrouter', model: 'some-organisation/an-instruction-tuned-mixture-of-experts-235b-a22b-2507:free' };
const LONG = [
  message('human', `${'A message of many words that goes on and on. '.repeat(20)}\n\nhttps://example.org/${'a-path-without-end/'.repeat(12)}`),
  message('control', `| ${'a wide column | '.repeat(9)}\n| ${'--- | '.repeat(9)}\n| ${'0123456789 | '.repeat(9)}\n\n\`\`\`\n${'a line of code that is longer than the panel is wide '.repeat(4)}\n\`\`\`\n\n![A picture of the parts](https://example.org/parts.png) ${'unbreakable'.repeat(30)}`, { model: LONG_MODEL, metadata: { resolvedModel: LONG_MODEL.model } }),
  message('human', 'איך לשמור את רשימת המודלים?'),
  message('control', 'שלושה חלקים, לכל אחד תפקיד:\n\n1. מפתח\n2. תוקף של `300` שניות\n\nAnd a paragraph in English.', { model: { provider: 'openai', model: 'gpt-5.2' } }),
];
const HISTORY: WorkflowList = {
  workflows: ['active', 'paused', 'completed', 'discarded'].map((status, i) => ({ id: `WF-20261122-00${i + 1}`, requestId: i % 2 ? 'ADHOC' : 'CR-20251214-001', title: ['Cache the list of models', 'What is wrong with the retries of payments that were refused?', 'team-standard', 'A note'][i]!, status: status as WorkflowStatus, template: i === 1 ? 'a-template-with-a-rather-long-name-for-one-of-its-kind' : 'team-standard', currentStage: 1, stageName: 'implementation', updatedAt: new Date(NOW - i * 3_600_000).toISOString(), root: 'file:///project', messageCount: i })),
  problems: [{ path: 'WF-20261122-009.json', message: 'WF-20261122-009.json is not what Choragen writes; it was left as it is.' }],
};

const ENDED = [message('human', 'One'), ...(['cut', 'broken', 'stopped'] as const).map((id) => message('control', 'And so', { id, model: run.model }))];
const ENDINGS = {
  cut: { ended: 'cut', reason: 'Stopped at the output limit.' },
  broken: { ended: 'broken', reason: 'The connection was lost.' },
  stopped: { ended: 'stopped', reason: 'Stopped by you.' },
} as const;
const SHORTENED = { ...view().context!, sees: [{ stage: 0, stageName: 'request', characters: 210_000, sent: 99_000 }], notes: ["The answer of 'request' is sent shortened: 99,000 of its 210,000 characters."] };
const PREVIEW: Preview = {
  stage: 1, stageName: 'design', effective: view().effective, context: SHORTENED,
  system: `You design. ${'A rule of the house. '.repeat(12)}`,
  turns: [
    { role: 'user', text: 'The request is CR-20251214-001: Cache the list of models.', source: 'request' },
    { role: 'user', text: `The answer of "request":\n\n${'unbreakable'.repeat(20)}`, source: 'context' },
    { role: 'user', text: 'Propose a design.', source: 'prompt' },
    { role: 'user', text: 'How?', source: 'message' },
    { role: 'assistant', text: 'So.', source: 'message' },
  ],
};

/** Each kind of word that has a colour. */
const CODE = `- [x] one
- [ ] two

\`\`\`python
# a comment
class Cart(Base):
    def total(self, rate: float = 0.19) -> str:
        return f"{sum(self.items) * rate}" if True else None
\`\`\`

\`\`\`html
<a class="b" href="#">x</a><!-- y -->
\`\`\`

\`\`\`diff
@@ -1 +1 @@
-old
+new
\`\`\`

\`\`\`css
a.b #c > d { color: #fff !important; }
\`\`\``;

/** Every state that people meet, by the messages that lead to it. */
const STATES: Record<string, ToPanel[]> = {
  opening: [{ type: 'connection', state: 'starting', message: '' }],
  'not there': [...ready, { type: 'notice', message: 'There is no workflow WF-20261122-001 in this folder.' }],
  empty: [...ready, { type: 'view', view: view() }],
  conversation: [...ready, { type: 'view', view: view(CONVERSATION, {}, { effective: { model: { provider: 'openai', model: 'gpt-5.2' }, origin: 'message' } }) }],
  streaming: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 4), {}, { run }) }],
  picker: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2)) }, { type: 'pick' }],
  'no provider': [running, { type: 'catalog', catalog: { providers: { anthropic: provider('Anthropic', { status: 'not-configured', checkedAt: null, keyVariable: 'ANTHROPIC_API_KEY' }), openai: provider('OpenAI', { status: 'not-configured', checkedAt: null, keyVariable: 'OPENAI_API_KEY' }) } } }, { type: 'view', view: view([], {}, { effective: { model: null, origin: 'none' } }) }],
  'list loading': [running, { type: 'catalog', catalog: { providers: { anthropic: provider('Anthropic', { status: 'loading', checkedAt: null, complete: false }) } } }, { type: 'view', view: view() }, { type: 'pick' }],
  'list failed': [running, { type: 'catalog', catalog: { providers: { anthropic: provider('Anthropic', { status: 'auth-failed', checkedAt: null, complete: false, error: 'Anthropic refused the key in ANTHROPIC_API_KEY.' }) } } }, { type: 'view', view: view() }],
  'model gone': [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2), {}, { effective: { model: { provider: 'anthropic', model: 'claude-opus-4-6-preview' }, origin: 'message' } }) }],
  failed: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 1)) }, { type: 'failed', payload: { ...ofRun, code: 'rate-limited', message: 'Anthropic asks to wait 20 s: too many requests.', retryable: true } }],
  unanswered: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 1)) }],
  'gate with options': [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { stages: STAGES.with(1, stage('design', 'active', { prompt: 'Continue to request creation, or discard this idea?', options: [{ label: 'Continue', action: 'advance' }, { label: 'Discard', action: 'discard' }] })) }) }],
  'gate open': [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { stages: STAGES.with(1, stage('design', 'awaiting_gate', { satisfied: true })) }) }],
  verification: [...ready, { type: 'view', view: view([message('control', 'Both should pass now.', { stageIndex: 3, model: { provider: 'openai', model: 'gpt-5.2' }, metadata: { partial: true, stopReason: 'stopped' } })], { currentStage: 3, stages: STAGES.map((s, i) => ({ ...s, status: i < 3 ? 'completed' : i === 3 ? 'active' : 'pending' })) }) }],
  'key refused': [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 1)) }, { type: 'failed', payload: { ...ofRun, code: 'auth-failed', message: 'Anthropic refused the key in ANTHROPIC_API_KEY: "invalid x-api-key".', retryable: false } }],
  'no key for this model': [...ready, { type: 'view', view: view([], {}, { effective: { model: { provider: 'gemini', model: 'gemini-3-pro' }, origin: 'stage' } }) }],
  'answers that are not whole': [...ready, { type: 'view', view: view(ENDED, {}, { endings: ENDINGS }) }],
  'edited, with reasoning': [...ready, { type: 'view', view: view(CONVERSATION.with(4, { ...CONVERSATION[4]!, metadata: { reasoning: 'First, the **lock**.' } }), {}, { superseded: CONVERSATION.slice(0, 2).map((m) => m.id), context: SHORTENED }) }],
  'what is sent': [...ready, { type: 'view', view: view(CONVERSATION) }, { type: 'preview', preview: PREVIEW }],
  editing: [...ready, { type: 'view', view: view(CONVERSATION) }, { type: 'edit', message: CONVERSATION[3]! } as never],
  'code and tasks': [...ready, { type: 'view', view: view([message('human', 'Show me.'), message('control', CODE, { model: run.model })]) }],
  paused: [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { status: 'paused' }) }],
  completed: [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { status: 'completed', currentStage: 6, stages: STAGES.map((s) => ({ ...s, status: 'completed' })) }) }],
  refused: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2)) }, { type: 'refused', message: 'An answer is still coming here. Wait for its end, or stop it.' }],
  'refused while paused': [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { status: 'paused' }) }, { type: 'refused', message: `'${'a-very-long-name-of-a-file-'.repeat(5)}.json' cannot be written: no space is left on the device.` }],
  'server failed': [{ type: 'catalog', catalog: CATALOG }, { type: 'view', view: view(CONVERSATION.slice(3)) }, { type: 'connection', state: 'failed', message: 'The Stagewright server ended unexpectedly 4 times and was not started again.' }],
  'everything long': [...ready, { type: 'view', view: view(LONG, { template: 'a-template-with-a-rather-long-name-for-one-of-its-kind' }, { effective: { model: LONG_MODEL, origin: 'message' } }) }],
  'everything long, choosing': [running, { type: 'catalog', catalog: { providers: { ...CATALOG.providers, openrouter: provider('OpenRouter', { models: [{ id: LONG_MODEL.model, name: 'A Name as Long as That of a Small Novel', chat: true, lifecycle: 'active', source: 'live', contextWindow: 1_048_576 }] }) } } }, { type: 'view', view: view(LONG, {}, { effective: { model: LONG_MODEL, origin: 'message' } }) }, { type: 'pick' }],
  'all workflows': [...ready, { type: 'view', view: view(CONVERSATION) }, { type: 'history', list: HISTORY }, { type: 'historyOpen', open: true } as never],
  'template deleted': [...ready, { type: 'view', view: view(CONVERSATION.slice(3)) }, { type: 'notice', message: "The template 'team-standard' was deleted. This chat keeps its own copy of the stages and can go on." }],
};

const THEMES = ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const;
const WIDTHS = [760, 320];

function withPanel(options: { theme?: Theme; width?: number }, use: (panel: PanelPage, page: Page) => Promise<void>): Promise<void> {
  return withPage(async (page) => use(await openPanel(page, options.theme ?? 'dark'), page), options.width);
}

async function withPage(use: (page: Page) => Promise<void>, width = 760): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce', locale: 'en-GB' });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (entry) => entry.type() === 'error' && errors.push(entry.text()));
  try {
    await use(page);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
}

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
        { type: 'gate', stage: 1, action: null },
        { type: 'gate', stage: 2, action: null },
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
      await page.getByRole('option', { name: 'claude-opus-4-6-preview' }).click({ force: true });
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
      for (let i = 0; i < 17; i++) {
        await page.keyboard.press('Tab');
        order.push(await name());
      }
      assert.deepEqual(order.map((text) => text.replace(/\..*$/s, '')), [
        ...['All workflows', 'Open the transcript', 'Pause the workflow', 'Discard the workflow', 'Conversation', "sees: request's answer"],
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
        'The connection was lost. The partial answer is kept.',
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
        assert.deepEqual(await panel.sent('gate'), { type: 'gate', stage: index, action: null, confirmed: true });
      }));

  test('of the last stage completes the workflow', () =>
    withPanel({}, async (panel, page) => {
      await panel.tell(...asked(STAGES.slice(0, 4), 3, false));
      await page.getByRole('button', { name: 'Yes, complete the workflow' }).waitFor();
    }));
});

describe('the focus', () => {
  const focused = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement!.getAttribute('aria-label') ?? document.activeElement!.textContent);
  const conversation: ToPanel[] = [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2)) }];
  const started: ToPanel = { type: 'started', payload: { ...ofRun, messageId: 'a9', model: run.model, origin: 'stage' } };

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
      await panel.tell({ type: 'started', payload: { ...ofRun, messageId: 'a9', model: run.model, origin: 'stage' } }, { type: 'failed', payload: { ...ofRun, code: 'auth-failed', message: 'Anthropic refused the key.', retryable: false } });
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
      await panel.tell(...ready, { type: 'view', view: view(CONVERSATION.slice(0, 1)) }, { type: 'started', payload: { ...ofRun, messageId: 'a9', model: run.model, origin: 'stage' } });
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
      await panel.tell(...ready, { type: 'view', view: view() }, { type: 'started', payload: { ...ofRun, messageId: 'a9', model: run.model, origin: 'stage' } });
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
