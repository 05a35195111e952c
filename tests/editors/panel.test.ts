// The chat panel in a browser, its host played by the test: what each state shows, and that nothing is cut off.

import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { ToPanel } from '../../client-vscode/src/webview/messages.ts';
import { CATALOG, CONVERSATION, message, openPanel, provider, running, stage, STAGES, view, type PanelPage, type Theme } from './panel-page.ts';
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
const ofRun = { runId: 'r1', workflowId: 'WF-20261122-001', root: 'file:///work' };
const ready: ToPanel[] = [running, { type: 'catalog', catalog: CATALOG }];

/** Every state that people meet, by the messages that lead to it. */
const STATES: Record<string, ToPanel[]> = {
  opening: [{ type: 'connection', state: 'starting', message: '' }],
  empty: [...ready, { type: 'view', view: view() }],
  conversation: [...ready, { type: 'view', view: view(CONVERSATION, {}, { effective: { model: { provider: 'openai', model: 'gpt-5.2' }, origin: 'message' } }) }],
  streaming: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 4), {}, { run }) }],
  picker: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2)) }, { type: 'pick' }],
  'no provider': [running, { type: 'catalog', catalog: { providers: { anthropic: provider('Anthropic', { status: 'not-configured', checkedAt: null, keyVariable: 'ANTHROPIC_API_KEY' }), openai: provider('OpenAI', { status: 'not-configured', checkedAt: null, keyVariable: 'OPENAI_API_KEY' }) } } }, { type: 'view', view: view([], {}, { effective: { model: null, origin: 'none' } }) }],
  'list loading': [running, { type: 'catalog', catalog: { providers: { anthropic: provider('Anthropic', { status: 'loading', checkedAt: null, complete: false }) } } }, { type: 'view', view: view() }, { type: 'pick' }],
  'list failed': [running, { type: 'catalog', catalog: { providers: { anthropic: provider('Anthropic', { status: 'auth-failed', checkedAt: null, complete: false, error: 'Anthropic refused the key in ANTHROPIC_API_KEY.' }) } } }, { type: 'view', view: view() }],
  'model gone': [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 2), {}, { effective: { model: { provider: 'anthropic', model: 'claude-opus-4-6-preview' }, origin: 'message' } }) }],
  failed: [...ready, { type: 'view', view: view(CONVERSATION.slice(0, 1)) }, { type: 'failed', payload: { ...ofRun, code: 'rate-limited', message: 'Anthropic asks to wait 20 s: too many requests.', retryable: true } }],
  'gate with options': [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { stages: STAGES.with(1, stage('design', 'active', { prompt: 'Continue to request creation, or discard this idea?', options: [{ label: 'Continue', action: 'advance' }, { label: 'Discard', action: 'discard' }] })) }) }],
  'gate open': [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { stages: STAGES.with(1, stage('design', 'awaiting_gate', { satisfied: true })) }) }],
  verification: [...ready, { type: 'view', view: view([message('control', 'Both should pass now.', { stageIndex: 3, model: { provider: 'openai', model: 'gpt-5.2' }, metadata: { partial: true, stopReason: 'stopped' } })], { currentStage: 3, stages: STAGES.map((s, i) => ({ ...s, status: i < 3 ? 'completed' : i === 3 ? 'active' : 'pending' })) }) }],
  completed: [...ready, { type: 'view', view: view(CONVERSATION.slice(3), { status: 'completed', currentStage: 6, stages: STAGES.map((s) => ({ ...s, status: 'completed' })) }) }],
  'server failed': [{ type: 'catalog', catalog: CATALOG }, { type: 'view', view: view(CONVERSATION.slice(3)) }, { type: 'connection', state: 'failed', message: 'The Stagewright server ended unexpectedly 4 times and was not started again.' }],
  'template deleted': [...ready, { type: 'view', view: view(CONVERSATION.slice(3)) }, { type: 'notice', message: "The template 'team-standard' was deleted. This chat keeps its own copy of the stages and can go on." }],
};

async function withPanel(options: { theme?: Theme; width?: number }, use: (panel: PanelPage, page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: options.width ?? 760, height: 900 }, reducedMotion: 'reduce', locale: 'en-GB' });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (entry) => entry.type() === 'error' && errors.push(entry.text()));
  try {
    await use(await openPanel(page, options.theme ?? 'dark'), page);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
}

describe('every state', () => {
  for (const [name, messages] of Object.entries(STATES))
    test(`${name}: readable in each theme, nothing cut off at 320 px`, async () => {
      for (const [theme, width] of [['dark', 760], ['light', 320], ['high-contrast', 480], ['high-contrast-light', 320], ['light', 1100]] as const)
        await withPanel({ theme, width }, async (panel, page) => {
          await panel.tell(...messages);
          assert.deepEqual(await cutOff(page), [], `${theme} at ${width} px`);
          assert.deepEqual(await accessibilityProblems(page), [], `${theme} at ${width} px`);
          if (SHOTS) await page.screenshot({ path: join(SHOTS, `${name.replaceAll(' ', '-')}-${theme}-${width}.png`) });
        });
    });
});

/** Elements that reach beyond the window, or whose text does not fit and is not marked as shortened. */
async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const scrolls = (element: Element | null): boolean => element !== null && (/(auto|scroll)/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    return [...document.querySelectorAll('body *')]
      .filter((element) => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.right > window.innerWidth + 0.5 || box.left < -0.5) && !scrolls(element.parentElement);
      })
      .map((element) => `${element.tagName}.${element.className}`);
  });
}

async function accessibilityProblems(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(await readFile(AXE, 'utf8'));
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa'], rules: { 'document-title': { enabled: false } } });
    return violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.html.slice(0, 120)} ${node.failureSummary.slice(0, 200)}`));
  });
}
