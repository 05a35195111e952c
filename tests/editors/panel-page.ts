// The chat panel by itself in a browser page, with a host that the test plays: every state, theme and width.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import type { Catalog, Message, Provider, Stage, View } from '../../client-vscode/src/protocol.ts';
import type { FromPanel, ToPanel } from '../../client-vscode/src/webview/messages.ts';

export type Theme = 'dark' | 'light' | 'high-contrast' | 'high-contrast-light';

const OUT = join(import.meta.dirname, '../../client-vscode/out');

/**
 * Opens the panel as VS Code would: the theme's variables on the root, a content security policy, the bundled files.
 * `beside`: in a frame, beside a text of an editor, which has the focus.
 */
export async function openPanel(page: Page, theme: Theme, beside = false): Promise<PanelPage> {
  const { kind, variables } = JSON.parse(await readFile(join(import.meta.dirname, `themes/${theme}.json`), 'utf8'));
  const style = Object.entries(variables as Record<string, string>).map(([name, value]) => `${name}: ${value};`).join(' ');
  await page.route('http://panel.test/**', async (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '') return route.fulfill({ contentType: 'text/html', body: pageHtml(kind) });
    if (name === 'editor') return route.fulfill({ contentType: 'text/html', body: EDITOR });
    return route.fulfill({ path: join(OUT, name) });
  });
  await page.addInitScript(
    (rootStyle) => {
      const sent: unknown[] = [];
      const api = { postMessage: (message: unknown) => sent.push(message), setState: () => undefined };
      Object.assign(window, { sent, acquireVsCodeApi: () => api });
      document.addEventListener('DOMContentLoaded', () => (document.documentElement.style.cssText += rootStyle));
    },
    style,
  );
  await page.goto(`http://panel.test/${beside ? 'editor' : ''}`);
  const panel = new PanelPage(beside ? page.frame({ url: 'http://panel.test/' })! : page);
  await panel.sent('ready');
  return panel;
}

const EDITOR = '<!DOCTYPE html><html lang="en"><textarea aria-label="Editor" autofocus></textarea><iframe src="/" width="700" height="700"></iframe></html>';

function pageHtml(kind: string): string {
  const policy = "default-src 'none'; style-src 'self'; font-src 'self'; script-src 'self'";
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="codicon.css"><link rel="stylesheet" href="panel.css"><title>Stagewright</title></head>
<body class="${kind}" data-workflow-id="WF-20261122-001" data-root="file:///project"><div id="root"></div><script src="panel.js"></script></body></html>`;
}

export class PanelPage {
  readonly page: Page | Frame;

  constructor(page: Page | Frame) {
    this.page = page;
  }

  async tell(...messages: ToPanel[]): Promise<void> {
    for (const message of messages) await this.page.evaluate((data) => window.postMessage(data, '*'), message as unknown);
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }

  /** All messages of a type so far. */
  async all<T extends FromPanel['type']>(type: T): Promise<Extract<FromPanel, { type: T }>[]> {
    return this.page.evaluate((wanted) => (window as unknown as { sent: { type: string }[] }).sent.filter((m) => m.type === wanted), type) as Promise<Extract<FromPanel, { type: T }>[]>;
  }

  /** The first message of a type that the panel has sent, once it has. */
  async sent<T extends FromPanel['type']>(type: T): Promise<Extract<FromPanel, { type: T }>> {
    const handle = await this.page.waitForFunction((wanted) => (window as unknown as { sent: { type: string }[] }).sent.find((m) => m.type === wanted), type);
    return (await handle.jsonValue()) as Extract<FromPanel, { type: T }>;
  }
}

export const NOW = Date.now();
const minutes = (n: number): string => new Date(NOW - n * 60_000).toISOString();

export const running: ToPanel = { type: 'connection', state: 'running', message: '' };

export function stage(name: string, status: Stage['status'], gate: Partial<Stage['gate']> = {}, more: Partial<Stage> = {}): Stage {
  return { name, type: 'design', status, gate: { type: 'human_approval', satisfied: false, ...gate }, ...more };
}

export const STAGES: readonly Stage[] = [
  stage('request', 'completed', { satisfied: true }),
  stage('design', 'active', { prompt: 'Design complete. Proceed to implementation?' }, { defaultModel: { provider: 'anthropic', model: 'claude-opus-4-8' } }),
  stage('implementation', 'pending', { type: 'chain_complete' }),
  stage('verification', 'pending', { type: 'verification_pass', commands: ['pnpm build', 'pnpm test'] }),
  stage('completion', 'pending'),
  stage('reflection', 'pending', { type: 'auto', satisfied: true }),
];

let serial = 0;
export function message(role: Message['role'], content: string, more: Partial<Message> = {}): Message {
  return { id: `m${++serial}`, role, content, stageIndex: 1, timestamp: minutes(30 - serial), ...more };
}

export function view(messages: readonly Message[] = [], more: Partial<View['workflow']> = {}, rest: Partial<View> = {}): View {
  return {
    workflow: {
      id: 'WF-20261122-001', requestId: 'CR-20251214-001', template: 'team-standard', currentStage: 1, status: 'active',
      stages: STAGES, messages, createdAt: minutes(60), updatedAt: minutes(1), ...more,
    },
    title: 'Cache the list of models',
    effective: { model: { provider: 'anthropic', model: 'claude-opus-4-8' }, origin: 'stage' },
    default: { model: { provider: 'anthropic', model: 'claude-opus-4-8' }, origin: 'stage' },
    superseded: [],
    endings: {},
    context: { mode: 'answers', chosen: false, sees: [{ stage: 0, stageName: 'request', characters: 812, sent: 812 }], words: "sees: request's answer", notes: [] },
    path: 'file:///project/.choragen/workflows/WF-20261122-001.json',
    transcriptPath: 'file:///project/.choragen/workflows/WF-20261122-001.chat.md',
    root: 'file:///project',
    run: null,
    ...rest,
  };
}

export function provider(name: string, more: Partial<Provider> = {}): Provider {
  return { name, status: 'ok', stale: false, checkedAt: minutes(3), complete: true, models: [], ...more };
}

const live = { chat: true, source: 'live', lifecycle: 'active' } as const;

export const CATALOG: Catalog = {
  providers: {
    anthropic: provider('Anthropic', {
      keyVariable: 'ANTHROPIC_API_KEY',
      unavailable: ['claude-opus-4-6-preview'],
      models: [
        { ...live, id: 'claude-opus-4-8', name: 'Claude Opus 4.8', contextWindow: 1_000_000 },
        { ...live, id: 'claude-sonnet-5', name: 'Claude Sonnet 5', contextWindow: 1_000_000 },
        { ...live, id: 'claude-opus-4-1', name: 'Claude Opus 4.1', contextWindow: 200_000, lifecycle: 'deprecated', retiresAt: '2027-01-05' },
        { ...live, id: 'claude-3-opus-20240229', name: 'Claude Opus 3', lifecycle: 'retired', retiresAt: '2026-01-05' },
      ],
    }),
    openai: provider('OpenAI', {
      keyVariable: 'OPENAI_API_KEY',
      models: [
        { ...live, id: 'gpt-5.2', contextWindow: 400_000 },
        { ...live, id: 'gpt-5.2-mini', contextWindow: 400_000 },
        { ...live, id: 'text-embedding-3-large', chat: false },
      ],
    }),
    ollama: provider('Ollama', { status: 'unreachable', stale: true, checkedAt: minutes(130), error: 'Ollama is not running at 127.0.0.1:11434.', models: [{ ...live, id: 'llama3.3:70b', contextWindow: 131_072 }] }),
    gemini: provider('Gemini', { status: 'not-configured', checkedAt: null, keyVariable: 'GEMINI_API_KEY' }),
  },
};

export const ANSWER = `The cache needs **three** parts:

1. A key made of provider, origin and a *fingerprint* of the key.
2. An expiry of \`300\` seconds.
3. A lock, so that two windows ask once.

\`\`\`python
def fresh(entry: Entry, now: datetime) -> bool:
    """Whether the list may still be used."""
    return now - entry.checked_at < timedelta(seconds=300)
\`\`\`

| part | cost |
| --- | ---: |
| lookup | 0.1 ms |
| refresh | 240 ms |

> A failed refresh never replaces a good list. See [the notes](https://example.org/notes).`;

export const CONVERSATION: readonly Message[] = [
  message('human', 'How should the model list be cached?'),
  message('control', ANSWER, {
    model: { provider: 'anthropic', model: 'claude-opus-4-8' },
    metadata: { resolvedModel: 'claude-opus-4-8-20260601', usage: { inputTokens: 812, outputTokens: 164 }, timings: { totalMs: 4210 }, stopReason: 'end_turn' },
  }),
  message('system', 'Model: openai/gpt-5.2', { model: { provider: 'openai', model: 'gpt-5.2' }, metadata: { type: 'model_switch' } }),
  message('human', 'And what if two windows refresh at the same time?'),
  message('control', 'One of them takes the file lock and asks; the other waits and reads what it wrote.', { model: { provider: 'openai', model: 'gpt-5.2' }, metadata: { resolvedModel: 'gpt-5.2' } }),
];
